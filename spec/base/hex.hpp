// Hexadecimal digits, in lower case.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace leerspoor::spec {

inline void append_hex(std::string& out, std::uint8_t byte) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += digits[byte >> 4u];
    out += digits[byte & 15u];
}

// Two digits a byte.
inline std::string hex(std::span<const std::uint8_t> bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) append_hex(text, byte);
    return text;
}

} // namespace leerspoor::spec
