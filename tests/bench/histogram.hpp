// How long things took: counts in buckets that are each at most 1.6 % wide, in the manner of HdrHistogram, so
// that any number of values takes the same memory.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace leerspoor::bench {

class Histogram {
  public:
    void add(std::uint64_t nanoseconds) {
        ++counts_[bucket(nanoseconds)];
        ++count_;
    }

    void merge(const Histogram& other) {
        for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
        count_ += other.count_;
    }

    std::uint64_t count() const { return count_; }

    // The least time that `share` of the values (0 .. 1) did not exceed; 0 when there are none.
    double milliseconds(double share) const {
        auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
        if (wanted == 0) wanted = 1;
        std::uint64_t seen = 0;
        for (std::size_t i = 0; i < counts_.size(); ++i) {
            seen += counts_[i];
            if (seen >= wanted) return static_cast<double>(upper_bound(i)) / 1e6;
        }
        return 0;
    }

  private:
    static constexpr unsigned fine_bits = 6; // 64 buckets for each power of two
    static constexpr std::size_t fine = std::size_t{1} << fine_bits;
    static constexpr unsigned largest_bits = 42; // more than an hour

    static std::size_t bucket(std::uint64_t value) {
        if (value < fine) return static_cast<std::size_t>(value);
        const auto bits = static_cast<unsigned>(std::bit_width(value));
        if (bits > largest_bits) return bucket_count - 1;
        const unsigned shift = bits - fine_bits - 1;
        return (std::size_t{shift} + 1) * fine + static_cast<std::size_t>((value >> shift) - fine);
    }
    static std::uint64_t upper_bound(std::size_t bucket) {
        if (bucket < fine) return bucket;
        const std::size_t shift = bucket / fine - 1;
        return (std::uint64_t{bucket % fine + fine + 1} << shift) - 1;
    }

    static constexpr std::size_t bucket_count = (largest_bits - fine_bits + 1) * fine;
    std::array<std::uint64_t, bucket_count> counts_{};
    std::uint64_t count_ = 0;
};

} // namespace leerspoor::bench
