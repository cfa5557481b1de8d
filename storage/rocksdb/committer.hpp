// Order: the one thread that gives statements their sequence numbers and `stored` times, and writes all that
// waits with one sync. The publisher indexes and answers what was written.
#pragma once

#include "storage/rocksdb/open.hpp"
#include "storage/rocksdb/publisher.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace leerspoor::storage {

// Where the store stood when it was opened.
struct Position {
    Sequence last = 0;
    spec::Instant stored{}; // of that statement
};

class Committer {
  public:
    // `open_segment` is already in `segments`; REQUIRES: it is the bucket of the next sequence.
    Committer(Database& database, SegmentList& segments, Sealer& sealer, const RocksdbOptions& options,
              Position position, std::shared_ptr<Segment> open_segment);
    ~Committer() { stop(); }
    // Commits what waits and takes nothing more. Before the destructor, by its thread.
    void stop();

    // Any thread. `done` as RecordStore says.
    void submit(StoreId store, std::vector<spec::PreparedStatement> batch, RecordStore::PutCallback done);

    Sequence visible() const { return publisher_.visible(); }
    spec::Instant consistent_through() { return clock_.consistent_through(); }
    Result<void> state() const;
    // REQUIRES: after stop().
    std::shared_ptr<Segment> open_segment() const { return publisher_.open_segment(); }
    std::uint64_t groups() const { return publisher_.groups(); }
    std::size_t queued_bytes() const;

  private:
    void run();
    void commit(std::vector<Request> requests);
    Result<void> prepare_disk(const std::vector<Request>& requests);
    void stage(Request& request, Group& group);
    Result<bool> equals_kept(const Request& request, std::size_t index, const Group& group, bool& is_awaited);
    Result<void> write(const Group& group);

    Database& database_;
    SegmentList& segments_;
    Sealer& sealer_;
    const RocksdbOptions options_;
    StoredClock clock_;
    Publisher publisher_;
    std::vector<std::shared_ptr<const Group>> on_the_way_; // while one more is staged
    Sequence last_ = 0;

    mutable std::mutex queue_mutex_;
    std::condition_variable queued_;
    std::vector<Request> queue_;
    std::size_t queued_bytes_ = 0;
    bool stopping_ = false;
    Result<void> unwritable_; // until a write succeeds again

    std::thread thread_; // last: it uses all of the above
};

} // namespace leerspoor::storage
