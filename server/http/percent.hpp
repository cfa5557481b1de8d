// Percent-encoding (RFC 3986 2.1) and query strings in the form browsers and xAPI clients send them
// (application/x-www-form-urlencoded). Strict: what does not decode to UTF-8 is refused, not repaired.
#pragma once

#include "spec/base/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leerspoor::server::http {

using Parameters = std::vector<std::pair<std::string, std::string>>;

// Names and values in order, decoded, "+" as a blank; a name sent twice is there twice. For "a=1&b" the value
// of b is empty. Linear in the text. Error: query_invalid (an escape that is none, or text that is no UTF-8).
Result<Parameters> parse_query(std::string_view query);

// Nothing when an escape is none, or the text is no UTF-8.
std::optional<std::string> percent_decode(std::string_view text);

// Everything but the unreserved characters of RFC 3986 2.3 as %XX.
std::string percent_encode(std::string_view text);

} // namespace leerspoor::server::http
