// Facts in memory: a row of numbers a statement, until its segment is sealed into columns.
#pragma once

#include "storage/facts.hpp"
#include "storage/rocksdb/database/bucket_bits.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>

namespace leerspoor::storage::engine {

struct FactRow {
    StoreId store = 0;
    Offset offset = 0; // in the bucket
    FactValues values{};
};

// Up to a bucket of rows, in sequence order. One thread adds; any thread reads the rows that are there, and
// those never move.
class FactRows {
  public:
    void add(const FactRow& row) {
        const std::size_t at = size_.load(std::memory_order_relaxed);
        auto& block = blocks_[at / block_rows];
        if (!block) block = std::make_unique<std::array<FactRow, block_rows>>();
        (*block)[at % block_rows] = row;
        size_.store(at + 1, std::memory_order_release);
    }
    std::size_t size() const { return size_.load(std::memory_order_acquire); }
    // REQUIRES: at < size().
    const FactRow& operator[](std::size_t at) const { return (*blocks_[at / block_rows])[at % block_rows]; }

  private:
    static constexpr std::size_t block_rows = 512;

    std::array<std::unique_ptr<std::array<FactRow, block_rows>>, bucket_size / block_rows> blocks_;
    std::atomic<std::size_t> size_ = 0;
};

} // namespace leerspoor::storage::engine
