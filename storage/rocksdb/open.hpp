// The embedded engine: one data folder, one process. See storage/rocksdb/README.md for how it works.
#pragma once

#include "storage/record_store.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>

namespace rocksdb {
class Env;
}

namespace leerspoor::storage {

struct RocksdbOptions {
    std::size_t cache_bytes = 96u << 20;     // decompressed blocks kept in memory
    std::size_t queue_bytes = 64u << 20;     // handed over and not yet written; beyond it: store_busy
    std::size_t max_sealing_segments = 2;    // the committer waits when more are waiting to be sealed
    std::function<spec::Instant()> now = {}; // the clock; empty: the system's
    rocksdb::Env* env = nullptr;             // disk, for tests that break it; null: the system's. Not owned
};

// Opens or creates the store in `folder` and indexes what a crash left unindexed; returns when it is ready.
// Errors, each with a sentence that says what to do: data_folder_in_use, data_folder_foreign (there are
// files, and they are not Leerspoor's), data_folder_newer (made by a later format), data_folder_damaged,
// data_folder_unusable (permissions, no such place, disk full).
Result<std::unique_ptr<RecordStore>> open_rocksdb(const std::filesystem::path& folder,
                                                  const RocksdbOptions& options = {});

} // namespace leerspoor::storage
