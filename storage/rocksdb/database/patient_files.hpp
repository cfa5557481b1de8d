// The system's files, but that tables are read without waiting for the disk where the reading thread is
// Impatient: what is not in the operating system's memory is then Status::Incomplete, as RocksDB says itself
// of what is not in its cache.
#pragma once

#include <memory>

namespace rocksdb {
class Env;
}

namespace leerspoor::storage::engine {

// Any thread. Outlives the databases that are opened with it.
std::unique_ptr<rocksdb::Env> patient_files();

} // namespace leerspoor::storage::engine
