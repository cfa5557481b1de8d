// What is to be done before the store is ready: find out where it stood, and index again what a crash left
// unindexed.
#pragma once

#include "storage/rocksdb/facts/dictionary.hpp"
#include "storage/rocksdb/statements/open_segment.hpp"

namespace leerspoor::storage::engine {

// Where the store stood when it was opened.
struct Position {
    Sequence last = 0;
    spec::Instant stored{}; // of that statement
};

struct Recovered {
    Position position;
    std::uint64_t replayed = 0;
    std::unique_ptr<OpenSegment> open_segment; // for the next sequence
};

// Needs no more memory than what is replayed had needed: segments are sealed as they are full. Before anybody
// else uses the database.
Result<Recovered> recover(Database& database, SegmentList& segments, Sealer& sealer, Dictionary& dictionary,
                          const RocksdbOptions& options);

} // namespace leerspoor::storage::engine
