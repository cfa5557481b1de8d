// SipHash-1-3 (Aumasson, Bernstein: "SipHash: a fast short-input PRF") under a key of this process: short
// hashes of texts from outside that nobody outside can make collide.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace leerspoor::storage::engine {

__extension__ using Wide = unsigned __int128;

class KeyedHash {
  public:
    KeyedHash(); // makes a key

    // Of the text; `seed` tells apart what the same text may stand for.
    std::uint64_t operator()(std::string_view text, std::uint64_t seed) const;

  private:
    std::array<std::uint64_t, 2> key_;
};

// The same for 16 bytes that are no text, an id or half a hash, as quick as a table's look-up wants it: a
// multiplication of 64 by 64 bits under a key of this process, both halves of the product folded together.
extern const std::array<std::uint64_t, 2> mixing_key;

inline std::uint64_t mixed(const std::array<std::uint8_t, 16>& bytes, std::uint64_t seed) {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::memcpy(&low, bytes.data(), sizeof low);
    std::memcpy(&high, bytes.data() + sizeof low, sizeof high);
    const auto product = static_cast<Wide>(low ^ mixing_key[0] ^ seed) * (high ^ mixing_key[1]);
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

} // namespace leerspoor::storage::engine
