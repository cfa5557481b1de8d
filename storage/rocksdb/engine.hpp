// The engine on one opened database; open.hpp puts around it what outlives that.
#pragma once

#include "storage/record_store.hpp"
#include "storage/rocksdb/database/options.hpp"

#include <filesystem>
#include <functional>
#include <memory>

namespace leerspoor::storage::engine {

class Engine : public RecordStore {
  public:
    // Whether new files can be made and become durable: there is space, a descriptor, and a disk that works.
    virtual bool disk_takes_files() const = 0;
};

// What open_rocksdb() says. `log_failed` is called, by any thread and perhaps under locks of RocksDB, when
// the log could not be written: from then on writes are refused until the data folder is opened again.
// REQUIRES: options.env and options.now are set, and outlive the store.
Result<std::unique_ptr<Engine>> open_engine(const std::filesystem::path& folder,
                                            const RocksdbOptions& options, std::function<void()> log_failed);

} // namespace leerspoor::storage::engine
