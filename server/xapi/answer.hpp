// The forms in which resources answer: JSON, and JSON that can be cached (xAPI 1.0.3 Part
// Three 3.1).
#pragma once

#include "server/http/message.hpp"
#include "spec/base/timestamp.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace leerspoor::server::xapi {

http::Response plain_json(std::string body);

// With an ETag of the body, and Last-Modified where that is known; 304 when the client has it already
// (If-None-Match).
http::Response cacheable_json(const http::RequestHead& head, std::string body,
                              std::optional<spec::Instant> modified = {});

// SHA-1 in hexadecimal: what an ETag holds between its quotes (xAPI 1.0.3 Part Three 3.1).
std::string sha1_of(std::string_view bytes);

} // namespace leerspoor::server::xapi
