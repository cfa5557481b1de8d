// Well-formed UTF-8 (Unicode 15, table 3-7).
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace leerspoor::spec {

// Where the first byte is that begins no well-formed sequence; nothing when all is well.
std::optional<std::size_t> first_invalid_utf8(std::string_view text);

inline bool is_utf8(std::string_view text) {
    return !first_invalid_utf8(text);
}

} // namespace leerspoor::spec
