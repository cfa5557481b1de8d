// Base64 (RFC 4648), strict: no blanks, no stray characters, no bits left over.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace leerspoor::spec {

// RFC 4648 4, padding optional (HTTP Basic).
std::optional<std::string> base64_decode(std::string_view text);
// With padding.
std::string base64_encode(std::string_view bytes);

// RFC 4648 5, without padding.
std::string base64url_encode(std::string_view bytes);
std::optional<std::string> base64url_decode(std::string_view text);

} // namespace leerspoor::spec
