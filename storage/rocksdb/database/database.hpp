// RocksDB, opened the way this engine needs it: its column families, their settings, and its errors in words.
#pragma once

#include "spec/base/error.hpp"
#include "storage/rocksdb/database/data_folder.hpp"
#include "storage/rocksdb/database/options.hpp"
#include "storage/rocksdb/database/slice.hpp"

#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>

namespace leerspoor::storage::engine {

enum class Family : std::size_t {
    system,
    statements,
    ids,
    postings,
    documents,
    activities,
    agents,
    facts,
    dictionary,
    log
};
inline constexpr std::size_t family_count = 10;

class Database {
  public:
    // `log_failed` is called, perhaps under locks of RocksDB, when log_state() becomes an error; it may be
    // empty. Errors: data_folder_damaged, data_folder_unusable.
    static Result<std::unique_ptr<Database>> open(DataFolder folder, const RocksdbOptions& options,
                                                  std::function<void()> log_failed = {});
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    rocksdb::DB& db() { return *db_; }
    rocksdb::ColumnFamilyHandle* family(Family family) { return handles_[static_cast<std::size_t>(family)]; }
    // What files that are made outside and taken in later must be written with.
    rocksdb::Options file_options(Family family) const;
    const DataFolder& folder() const { return folder_; }
    // It was made by open().
    bool is_new() const { return is_new_; }
    // The disk: for files beside RocksDB's own.
    rocksdb::Env& env() const { return *db_options_.env; }

    // Whether the disk can take `bytes` and what RocksDB moves about besides. Error: store_full. Asked before
    // every commit, because a log that ran into a full disk cannot be written to again while it is open.
    Result<void> room_for(std::size_t bytes) const;
    // Whether a file can be made, written and synced now.
    bool takes_files() const;
    // Takes writes again after a failed one. Error: what stands in the way. Any thread.
    Result<void> resume();
    // Whether the log could always be written. Error: why not; then nothing can be until the database is
    // opened again, and what was refused since may be there all the same.
    Result<void> log_state() const;

  private:
    class LogWatcher;

    Database(DataFolder folder, std::function<void()> log_failed);

    DataFolder folder_;
    bool is_new_ = false;
    rocksdb::DBOptions db_options_;
    std::array<rocksdb::ColumnFamilyOptions, family_count> family_options_;
    std::array<rocksdb::ColumnFamilyHandle*, family_count>
        handles_{}; // owned by db_, given back before it closes
    std::shared_ptr<LogWatcher> log_watcher_;
    std::unique_ptr<rocksdb::DB> db_;
    std::mutex resuming_;
};

// Whether the disk of `folder` can take `bytes` and what RocksDB moves about besides. Error: store_full.
Result<void> room_on_disk(rocksdb::Env& disk, const std::filesystem::path& folder, std::size_t bytes);

// A failed write or read as the seam says it: store_full, store_damaged, store_failed.
Error store_error(const rocksdb::Status& status);

} // namespace leerspoor::storage::engine
