// SipHash-1-3 (Aumasson, Bernstein: "SipHash: a fast short-input PRF") under a key of this process: short
// hashes of texts from outside that nobody outside can make collide.
#pragma once

#include <cstdint>
#include <string_view>

namespace leerspoor::storage::engine {

class KeyedHash {
  public:
    KeyedHash(); // makes a key

    // Of the text; `seed` tells apart what the same text may stand for.
    std::uint64_t operator()(std::string_view text, std::uint64_t seed) const;

  private:
    std::uint64_t key_[2];
};

} // namespace leerspoor::storage::engine
