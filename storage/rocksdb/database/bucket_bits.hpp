// Which of 65,536 consecutive sequence numbers (a bucket) are meant: the one shape that postings have in
// memory and on disk. On disk it takes the smallest of the three container forms of Roaring bitmaps; in
// memory it is plain words, so that a query is a handful of AND instructions.
#pragma once

#include "storage/record_store.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::storage::engine {

using Bucket = std::uint32_t; // sequence / 65,536
using Offset = std::uint16_t; // sequence % 65,536

inline constexpr std::size_t bucket_size = 65536;

inline Bucket bucket_of(Sequence sequence) {
    return static_cast<Bucket>(sequence >> 16);
}
inline Offset offset_of(Sequence sequence) {
    return static_cast<Offset>(sequence & 0xffff);
}
inline Sequence sequence_of(Bucket bucket, Offset offset) {
    return (static_cast<Sequence>(bucket) << 16) | offset;
}

// 8 KiB; no heap. Not thread-safe.
class BucketBits {
  public:
    void set(Offset offset) { words_[offset >> 6] |= std::uint64_t{1} << (offset & 63); }
    bool test(Offset offset) const { return (words_[offset >> 6] >> (offset & 63) & 1) != 0; }
    void clear() { words_.fill(0); }
    void set_range(Offset first, Offset last);
    // Forgets everything outside first..last, both included.
    void keep_range(Offset first, Offset last);

    BucketBits& operator&=(const BucketBits& other);
    BucketBits& operator|=(const BucketBits& other);
    BucketBits& operator-=(const BucketBits& other);
    bool operator==(const BucketBits&) const = default;

    std::size_t count() const;
    bool any() const;
    // Appends the offsets in the order asked for, at most `limit` of them.
    void list(bool ascending, std::size_t limit, std::vector<Offset>& out) const;
    // Appends, of each offset that is in `these` too, how many are before it. REQUIRES: all of `these` are
    // in.
    void list_ranks(const BucketBits& these, std::vector<std::uint16_t>& out) const;

  private:
    std::array<std::uint64_t, bucket_size / 64> words_{};
};

// The smallest of: a list of offsets, runs, or the 8 KiB of bits.
std::string encode(const BucketBits& bits);
// `offsets` ascending, each once.
std::string encode(const std::vector<Offset>& offsets);
// bits |= what was encoded. False when `bytes` is no encoding: the store is damaged.
bool decode_into(std::string_view bytes, BucketBits& bits);

} // namespace leerspoor::storage::engine
