// If-Match and If-None-Match (RFC 9110 13.1) as the document resources understand them (xAPI 1.0.3 Part Three
// 3.1; IEEE 9274.1.1 4.1.4).
#pragma once

#include "server/http/message.hpp"
#include "spec/base/error.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace leerspoor::server::xapi {

// Is the entity tag among those of the field, or is the field "*"? `etag` without quotes. Clients that forget
// the quotes are understood. Weak tags match only where `weak` says so.
bool names_etag(std::string_view field, std::string_view etag, bool weak);

struct Preconditions {
    std::optional<std::string> if_match;
    std::optional<std::string> if_none_match;

    static Preconditions of(const http::Fields& fields);
    bool none() const { return !if_match && !if_none_match; }

    // For a request that changes something; `etag` of what is there, nothing when nothing is.
    // Error: precondition_failed.
    Result<void> check(const std::optional<std::string>& etag) const;
};

} // namespace leerspoor::server::xapi
