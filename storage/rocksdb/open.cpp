#include "storage/rocksdb/open.hpp"

#include "storage/rocksdb/database/patient_files.hpp"
#include "storage/rocksdb/reopening_store.hpp"

#include <rocksdb/env.h>

namespace leerspoor::storage {

Result<std::unique_ptr<RecordStore>> open_rocksdb(const std::filesystem::path& folder,
                                                  const RocksdbOptions& given) {
    RocksdbOptions options = given;
    std::unique_ptr<rocksdb::Env> files;
    if (options.env == nullptr) {
        files = engine::patient_files();
        options.env = files.get();
    }
    if (!options.now) {
        options.now = [] {
            return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
        };
    }
    auto store = std::make_unique<engine::ReopeningStore>(folder, options, std::move(files));
    if (auto opened = store->open(); !opened.has_value()) return opened.error();
    return std::unique_ptr<RecordStore>(std::move(store));
}

} // namespace leerspoor::storage
