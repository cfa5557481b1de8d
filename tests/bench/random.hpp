// Repeatable randomness: a draw is a function of the seed and of what it is drawn for, so any statement can
// be made again without those before it.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace leerspoor::bench {

// SplitMix64's finaliser: neighbouring inputs give unrelated outputs.
constexpr std::uint64_t mix(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    return mix(mix(a) ^ b);
}

class Dice {
  public:
    explicit constexpr Dice(std::uint64_t seed) : state_(seed) {}

    constexpr std::uint64_t next() { return mix(state_ += 0x9e3779b97f4a7c15u); }
    // 0 .. n - 1. REQUIRES: n > 0.
    constexpr std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
    constexpr bool one_in(std::size_t n) { return below(n) == 0; }
    double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

    // 0 .. n - 1, the k-th about 1 / k as likely as the first (Zipf).
    std::size_t popular(std::size_t n) {
        const auto rank = static_cast<std::size_t>(std::exp(unit() * std::log(static_cast<double>(n + 1))));
        return rank - 1 < n ? rank - 1 : n - 1;
    }
    // 0 .. n - 1, the k-th about 1 / sqrt(k) as likely as the first.
    std::size_t active(std::size_t n) {
        const double u = unit();
        const auto rank = static_cast<std::size_t>(u * u * static_cast<double>(n));
        return rank < n ? rank : n - 1;
    }

  private:
    std::uint64_t state_;
};

// A UUID of version 4 as text.
using UuidText = std::array<char, 36>;

inline std::string_view text_of(const UuidText& uuid) {
    return {uuid.data(), uuid.size()};
}

inline void write_uuid(std::uint64_t high, std::uint64_t low, char* out) {
    constexpr char digits[] = "0123456789abcdef";
    high = (high & 0xffffffffffff0fffu) | 0x4000u;
    low = (low & 0x3fffffffffffffffu) | 0x8000000000000000u;
    std::size_t at = 0;
    for (int nibble = 0; nibble < 32; ++nibble) {
        if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20) out[at++] = '-';
        const std::uint64_t half = nibble < 16 ? high : low;
        out[at++] = digits[half >> (60 - 4 * (nibble % 16)) & 0xfu];
    }
}

inline UuidText uuid_text(std::uint64_t a, std::uint64_t b) {
    UuidText text;
    write_uuid(mix(a, b), mix(b, ~a), text.data());
    return text;
}

} // namespace leerspoor::bench
