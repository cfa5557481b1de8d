// Signed statements (xAPI 1.0.3 Part Two 2.6; IEEE 9274.1.1 4.2.6): a JSON Web Signature (RFC 7515, compact
// serialization) over the statement, carried as an attachment.
#pragma once

#include "spec/base/error.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace leerspoor::spec {

inline constexpr std::string_view signature_usage = "http://adlnet.gov/expapi/attachments/signature";
inline constexpr std::string_view signature_content_type = "application/octet-stream";
inline constexpr std::size_t max_signature_bytes = 1u << 20;

// Checks a signature's form (RS256, RS384 or RS512; a payload that is a statement), that the payload is
// `statement` as `equivalent` says, and, when the header has x5c, that the first certificate's key made the
// signature and that each certificate of the chain signed the one before it. `statement`: as received.
// Errors: signature_malformed, signature_algorithm, signature_payload, signature_certificate,
// signature_invalid, signature_mismatch. Pointer: left empty.
Result<void> check_signature(std::string_view jws, const boost::json::object& statement);

} // namespace leerspoor::spec
