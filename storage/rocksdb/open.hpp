// The embedded engine: one data folder, one process. See storage/rocksdb/README.md for how it works.
#pragma once

#include "storage/record_store.hpp"
#include "storage/rocksdb/database/options.hpp"

#include <filesystem>
#include <memory>

namespace leerspoor::storage {

// Opens or creates the store in `folder` and indexes what a crash left unindexed; returns when it is ready.
// Errors, each with a sentence that says what to do: data_folder_in_use, data_folder_foreign (there are
// files, and they are not Leerspoor's), data_folder_newer (made by a later format), data_folder_damaged,
// data_folder_ahead (see allow_future_stored), data_folder_unusable (permissions, no such place, disk full).
Result<std::unique_ptr<RecordStore>> open_rocksdb(const std::filesystem::path& folder,
                                                  const RocksdbOptions& options = {});

} // namespace leerspoor::storage
