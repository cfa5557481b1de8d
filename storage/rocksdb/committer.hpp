// Order: the one thread that gives statements their sequence numbers and `stored` times, writes all that
// waits with one sync, indexes it, makes it visible, and only then answers.
#pragma once

#include "storage/rocksdb/indexer.hpp"
#include "storage/rocksdb/open.hpp"
#include "storage/rocksdb/sealer.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <atomic>
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
    using Callback = RecordStore::PutCallback;

    // `open_segment` is already in `segments`; REQUIRES: it is the bucket of the next sequence.
    Committer(Database& database, SegmentList& segments, Sealer& sealer, const RocksdbOptions& options,
              Position position, std::shared_ptr<Segment> open_segment);
    ~Committer() { stop(); }
    // Commits what waits and takes nothing more. Before the destructor, by its thread.
    void stop();

    // Any thread. `done` as RecordStore says.
    void submit(StoreId store, std::vector<spec::PreparedStatement> batch, Callback done);

    Sequence visible() const { return visible_.load(std::memory_order_acquire); }
    spec::Instant consistent_through();
    Result<void> state() const;
    // REQUIRES: after stop().
    std::shared_ptr<Segment> open_segment() const { return open_; }
    std::uint64_t groups() const { return groups_; }
    std::size_t queued_bytes() const;

  private:
    // One request, prepared on the thread that brought it.
    struct Request {
        StoreId store = 0;
        std::vector<spec::PreparedStatement> statements;
        std::vector<std::vector<TermKey>> terms;
        std::vector<std::array<std::uint8_t, 16>> salts;
        std::size_t bytes = 0;
        Callback done;
        Result<PutReceipt> outcome = PutReceipt{};
    };
    // A statement that goes into the group.
    struct Staged {
        Request* request;
        std::size_t index;
        Sequence sequence;
        bool awaited;
    };
    struct Group {
        std::vector<Staged> staged;
        boost::unordered_flat_map<IdKey, std::size_t, IdKeyHash> ids; // into staged
        Sequence next = 0;
        spec::Instant stored;
    };

    void run();
    Result<void> prepare_disk(const std::vector<Request>& requests);
    void commit(std::vector<Request>& requests);
    void stage(Request& request, Group& group);
    Result<bool> equals_kept(const Request& request, std::size_t index, const Group& group, bool& is_awaited);
    Result<void> write(const Group& group);
    Result<void> index(const Group& group);
    void roll_segment(Bucket bucket);
    spec::Instant begin_group();
    void end_group(spec::Instant last_stored);

    Database& database_;
    SegmentList& segments_;
    Sealer& sealer_;
    const RocksdbOptions options_;

    std::shared_ptr<Segment> open_;
    Indexer indexer_;
    Sequence last_ = 0;
    std::atomic<Sequence> visible_ = 0;
    std::atomic<std::uint64_t> groups_ = 0;

    mutable std::mutex clock_mutex_;
    spec::Instant last_stored_{};
    bool in_group_ = false;
    spec::Instant group_start_{};

    mutable std::mutex queue_mutex_;
    std::condition_variable queued_;
    std::vector<Request> queue_;
    std::size_t queued_bytes_ = 0;
    bool stopping_ = false;
    Result<void> broken_;     // for good: the index in memory is not to be trusted
    Result<void> unwritable_; // until a write succeeds again

    std::thread thread_; // last: it uses all of the above
};

} // namespace leerspoor::storage
