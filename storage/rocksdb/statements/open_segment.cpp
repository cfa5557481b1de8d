#include "storage/rocksdb/statements/open_segment.hpp"

#include <utility>

namespace leerspoor::storage::engine {

OpenSegment::OpenSegment(SegmentList& segments, Sealer& sealer, const RocksdbOptions& options, Bucket bucket)
    : segments_(segments), sealer_(sealer), most_bytes_(options.segment_bytes),
      most_sealing_(options.max_sealing_segments), segment_(std::make_shared<Segment>(bucket)) {
    segments_.add(segment_);
}

void OpenSegment::roll(Bucket bucket) {
    if (segment_->statements() == 0 && segment_->bucket() == bucket) return;
    auto next = std::make_shared<Segment>(bucket);
    segments_.add(next);
    held_.push_back(std::exchange(segment_, std::move(next)));
}

void OpenSegment::release() {
    for (auto& segment : held_) {
        sealer_.wait_until_at_most(most_sealing_);
        sealer_.hand_over(std::move(segment));
    }
    held_.clear();
}

Result<void> OpenSegment::seal() {
    roll(segment_->bucket());
    release();
    sealer_.wait_until_at_most(0);
    return sealer_.state();
}

} // namespace leerspoor::storage::engine
