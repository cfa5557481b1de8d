// What is to be done before the store is ready: find out where it stood, and index again what a crash left
// unindexed.
#pragma once

#include "storage/rocksdb/committer.hpp"

namespace leerspoor::storage {

struct Recovered {
    Position position;
    std::uint64_t replayed = 0;
    std::shared_ptr<Segment> open_segment; // for the next sequence; in the list already
};

// Hands all segments but the open one to the sealer. Before anybody else uses the database.
Result<Recovered> recover(Database& database, SegmentList& segments, Sealer& sealer);

} // namespace leerspoor::storage
