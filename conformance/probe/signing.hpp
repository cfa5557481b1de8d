// JSON Web Signatures (RFC 7515, compact) over statements, right ones and wrong ones (xAPI 1.0.3 Part
// Two 2.6).
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace leerspoor::conformance {

std::string base64url(std::string_view bytes);

struct Jws {
    boost::json::object header;
    std::string payload;

    // Signed with a key made for this run, by RS256, RS384 or RS512 as the header's "alg" says (else RS256).
    std::string sign() const;
};

// A header for this algorithm; with the certificate of the run's key as x5c.
boost::json::object jws_header(std::string_view algorithm, bool with_certificate = false);

} // namespace leerspoor::conformance
