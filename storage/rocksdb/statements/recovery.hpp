// What is to be done before the store is ready: find out where it stood, and index again what a crash left
// unindexed.
#pragma once

#include "storage/rocksdb/statements/sealer.hpp"

namespace leerspoor::storage::engine {

// Where the store stood when it was opened.
struct Position {
    Sequence last = 0;
    spec::Instant stored{}; // of that statement
};

struct Recovered {
    Position position;
    std::uint64_t replayed = 0;
    std::shared_ptr<Segment> open_segment; // for the next sequence; in the list already
};

// Hands all segments but the open one to the sealer. Before anybody else uses the database.
Result<Recovered> recover(Database& database, SegmentList& segments, Sealer& sealer);

} // namespace leerspoor::storage::engine
