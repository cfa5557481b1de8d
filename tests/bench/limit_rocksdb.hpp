// Limit (a): RocksDB alone, writing statements of the same bytes in groups of the same size, each group one
// WriteBatch with one sync, keys in sequence order, one column family, no index.
#pragma once

#include "requests.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>

namespace rocksdb {
class DB;
}

namespace leerspoor::bench {

struct GroupWrites {
    std::uint64_t statements = 0;
    std::uint64_t groups = 0;
    double seconds = 0;

    void merge(const GroupWrites& other);
    double per_second() const { return seconds > 0 ? static_cast<double>(statements) / seconds : 0; }
};

class RocksdbLimit {
  public:
    // In a folder that is not there yet. Throws std::runtime_error.
    RocksdbLimit(const std::filesystem::path& folder, const StatementPool& pool);
    ~RocksdbLimit();
    RocksdbLimit(const RocksdbLimit&) = delete;
    RocksdbLimit& operator=(const RocksdbLimit&) = delete;

    // `group_size` is a mean: groups of the two whole numbers beside it take turns. REQUIRES: at least 1.
    GroupWrites run(double group_size, std::chrono::duration<double> duration);

  private:
    void append_value(std::string& value);

    const StatementPool& pool_;
    std::unique_ptr<rocksdb::DB> database_;
    std::uint64_t sequence_ = 0;
};

} // namespace leerspoor::bench
