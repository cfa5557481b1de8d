// What can be set of the engine.
#pragma once

#include "spec/base/timestamp.hpp"

#include <cstddef>
#include <functional>

namespace rocksdb {
class Env;
}

namespace leerspoor::storage {

struct RocksdbOptions {
    std::size_t cache_bytes = 96u << 20;     // decompressed blocks kept in memory
    std::size_t queue_bytes = 64u << 20;     // handed over and not yet written; beyond it: store_busy
    int max_open_files = 512;                // tables; logs and what is being written come on top
    std::size_t segment_bytes = 64u << 20;   // a segment ends when it takes this much memory, if not before
    std::size_t max_sealing_segments = 2;    // the committer waits when more are waiting to be sealed
    bool allow_future_stored = false;        // else, when they are 10 minutes ahead: data_folder_ahead
    std::function<spec::Instant()> now = {}; // the clock; empty: the system's
    rocksdb::Env* env = nullptr;             // disk, for tests that break it; null: the system's. Not owned
};

} // namespace leerspoor::storage
