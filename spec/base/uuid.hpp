// UUIDs in the textual form of RFC 4122 (xAPI 1.0.3 Part Two 4.1: statement ids and registrations).
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace leerspoor::spec {

struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    auto operator<=>(const Uuid&) const = default;
};

// 8-4-4-4-12 hex digits of either case, nothing around them. Any variant and version: the specification only
// recommends those of RFC 4122, and its own examples carry others.
std::optional<Uuid> parse_uuid(std::string_view text);

// Lower case, 36 characters.
std::string to_string(const Uuid& uuid);

// A version 4 UUID of these 16 random bytes.
Uuid uuid_from_random(const std::array<std::uint8_t, 16>& random);

} // namespace leerspoor::spec
