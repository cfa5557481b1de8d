// Takes full segments out of memory: writes them as sorted files beside ingest and lets RocksDB take the
// files in, together with the mark up to which everything is indexed.
#pragma once

#include "storage/rocksdb/statements/index.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace leerspoor::storage::engine {

class Sealer {
  public:
    Sealer(Database& database, SegmentList& segments);
    ~Sealer(); // finishes what waits

    // Segments in the order of their buckets. Any thread.
    void hand_over(std::shared_ptr<Segment> segment);
    // Waits until at most `count` segments wait, or sealing failed.
    void wait_until_at_most(std::size_t count);
    // Why sealing stopped, if it did: ingest must stop too, before memory runs out. What is not sealed is
    // indexed again at the next start.
    Result<void> state() const;
    // Goes on after a failure.
    void try_again();

  private:
    void run();
    Result<void> seal(const Segment& segment);

    Database& database_;
    SegmentList& segments_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::shared_ptr<Segment>> waiting_;
    bool stopping_ = false;
    Result<void> state_;
    std::uint64_t files_ = 0;
    std::thread thread_; // last: it uses all of the above
};

} // namespace leerspoor::storage::engine
