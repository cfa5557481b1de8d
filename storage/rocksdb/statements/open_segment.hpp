// The segment that is written to, at commit and again at replay: where it ends and the next begins.
#pragma once

#include "storage/rocksdb/database/options.hpp"
#include "storage/rocksdb/statements/index.hpp"
#include "storage/rocksdb/statements/sealer.hpp"

#include <memory>
#include <vector>

namespace leerspoor::storage::engine {

// A segment ends with its bucket, or when it takes too much memory; then the next goes on in the same bucket.
// One thread, and readers of `segments`.
class OpenSegment {
  public:
    OpenSegment(SegmentList& segments, Sealer& sealer, const RocksdbOptions& options, Bucket bucket);

    // REQUIRES: true before a statement of that bucket is added, else roll() first.
    bool takes(Bucket bucket) const {
        return segment_->bucket() == bucket && segment_->memory_bytes() < most_bytes_;
    }
    // Begins the next in that bucket, and holds the one that is full: it is not complete while what follows
    // from its StatementRefs is not.
    void roll(Bucket bucket);
    // Those that are held, besides the one that is written to.
    std::size_t held() const { return held_.size(); }
    // Hands them to the sealer. Waits while too many are being sealed, unless sealing has failed.
    void release();
    // Seals all there is, and waits for it. REQUIRES: what follows from StatementRefs is complete. Error: the
    // sealer's.
    Result<void> seal();
    // To be sealed when nothing is written any more.
    const std::shared_ptr<Segment>& segment() const { return segment_; }

  private:
    SegmentList& segments_;
    Sealer& sealer_;
    const std::size_t most_bytes_;
    const std::size_t most_sealing_;
    std::shared_ptr<Segment> segment_;
    std::vector<std::shared_ptr<Segment>> held_;
};

} // namespace leerspoor::storage::engine
