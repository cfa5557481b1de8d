#include "spec/base/base64.hpp"

#include <array>
#include <cstdint>

namespace leerspoor::spec {
namespace {

constexpr std::string_view standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view for_urls = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// The value of each character, or none.
using Values = std::array<std::uint8_t, 256>;
constexpr std::uint8_t none = 255;

constexpr Values values_of(std::string_view alphabet) {
    Values values{};
    for (auto& value : values) value = none;
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}

std::optional<std::string> decode(std::string_view text, const Values& values) {
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const std::uint8_t value = values[static_cast<unsigned char>(c)];
        if (value == none) return std::nullopt;
        bits = bits << 6u | value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>(static_cast<unsigned char>(bits >> static_cast<unsigned>(count)));
        }
    }
    const bool lone_character = count == 6;
    const bool bits_left = (bits & ((1u << static_cast<unsigned>(count)) - 1u)) != 0;
    if (lone_character || bits_left) return std::nullopt;
    return bytes;
}

std::string encode(std::string_view bytes, std::string_view alphabet) {
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : bytes) {
        bits = bits << 8u | static_cast<unsigned char>(c);
        count += 8;
        while (count >= 6) {
            count -= 6;
            text += alphabet[bits >> count & 63u];
        }
    }
    if (count > 0) text += alphabet[bits << (6 - count) & 63u];
    return text;
}

} // namespace

std::optional<std::string> base64_decode(std::string_view text) {
    static constexpr Values values = values_of(standard);
    std::size_t padding = 0;
    while (padding < 2 && !text.empty() && text.back() == '=') {
        text.remove_suffix(1);
        ++padding;
    }
    if (padding > 0 && (text.size() + padding) % 4 != 0) return std::nullopt;
    return decode(text, values);
}

std::optional<std::string> base64url_decode(std::string_view text) {
    static constexpr Values values = values_of(for_urls);
    return decode(text, values);
}

std::string base64_encode(std::string_view bytes) {
    auto text = encode(bytes, standard);
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

std::string base64url_encode(std::string_view bytes) {
    return encode(bytes, for_urls);
}

} // namespace leerspoor::spec
