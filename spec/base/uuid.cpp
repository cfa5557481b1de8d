#include "spec/base/uuid.hpp"

#include "spec/base/hex.hpp"

namespace leerspoor::spec {
namespace {

constexpr std::array<std::int8_t, 256> make_hex_values() {
    std::array<std::int8_t, 256> values{};
    for (auto& value : values) {
        value = -1;
    }
    for (std::size_t i = 0; i < 10; ++i) {
        values['0' + i] = static_cast<std::int8_t>(i);
    }
    for (std::size_t i = 0; i < 6; ++i) {
        values['a' + i] = values['A' + i] = static_cast<std::int8_t>(10 + i);
    }
    return values;
}

constexpr auto hex_values = make_hex_values();

int hex_value(char c) {
    return hex_values[static_cast<unsigned char>(c)];
}

bool hyphen_at(std::size_t position) {
    return position == 8 || position == 13 || position == 18 || position == 23;
}

} // namespace

std::optional<Uuid> parse_uuid(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    Uuid uuid;
    std::size_t byte = 0;
    for (std::size_t at = 0; at < text.size();) {
        if (hyphen_at(at)) {
            if (text[at] != '-') return std::nullopt;
            ++at;
            continue;
        }
        const int high = hex_value(text[at]);
        const int low = hex_value(text[at + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        uuid.bytes[byte++] = static_cast<std::uint8_t>(high * 16 + low);
        at += 2;
    }
    return uuid;
}

std::string to_string(const Uuid& uuid) {
    std::string text;
    text.reserve(36);
    for (const auto byte : uuid.bytes) {
        if (hyphen_at(text.size())) text += '-';
        append_hex(text, byte);
    }
    return text;
}

Uuid uuid_from_random(const std::array<std::uint8_t, 16>& random) {
    Uuid uuid{random};
    uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0f) | 0x40);
    uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3f) | 0x80);
    return uuid;
}

} // namespace leerspoor::spec
