// Publishing: what follows the sync. Takes the groups that were written, one after the other, indexes them,
// makes them visible and answers their requests, while the committer already writes the next. What follows
// from StatementRefs may be much: the request that brings it waits for it, the others come in between.
#pragma once

#include "storage/rocksdb/statements/group.hpp"
#include "storage/rocksdb/statements/indexer.hpp"
#include "storage/rocksdb/statements/open_segment.hpp"
#include "storage/rocksdb/statements/stored_clock.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>

namespace leerspoor::storage::engine {

class Publisher {
  public:
    // Everything up to `last` is visible.
    Publisher(Database& database, SegmentList& segments, OpenSegment& open, Dictionary& dictionary,
              StoredClock& clock, Sequence last);
    ~Publisher() { stop(); }
    // Publishes what was handed over and takes nothing more.
    void stop();

    // The committer's thread. Waits while another group waits already.
    void hand_over(std::shared_ptr<Group> group);
    // Groups whose statements the index may not have yet; ask before the index. Oldest first.
    std::vector<std::shared_ptr<const Group>> on_the_way() const;

    // Does `work` on this thread, while nobody writes the index and all that is visible is sealed; gives what
    // it gives. Others wait meanwhile. Any thread but this. Errors: store_closed, the sealer's, those of
    // `work`.
    Result<void> at_rest(const std::function<Result<void>()>& work);

    // Any thread.
    Sequence visible() const { return visible_.load(std::memory_order_acquire); }
    std::uint64_t groups() const { return groups_; }
    // Error: the index in memory is not to be trusted, until a restart.
    Result<void> state() const;

  private:
    // A group whose StatementRefs are not all resolved.
    struct Unfinished {
        std::shared_ptr<Group> group;
        std::uint64_t referring; // resolved when the indexer has resolved so many
    };

    // Work that somebody waits for.
    struct Errand {
        const std::function<Result<void>()>* work = nullptr;
        std::promise<Result<void>> done;
    };

    void run();
    void do_errand(Errand& errand);
    void publish(const std::shared_ptr<Group>& group);
    Result<void> index(const Group& group);
    void resolve(std::size_t steps);
    void answer(Group& group, bool referring);
    void finish(Group& group);
    void fail(const Error& error);

    Database& database_;
    SegmentList& segments_;
    OpenSegment& open_;
    StoredClock& clock_;
    Indexer indexer_;
    std::atomic<Sequence> visible_ = 0;
    std::atomic<std::uint64_t> groups_ = 0;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::shared_ptr<Group>> waiting_; // the first is being indexed
    std::deque<Unfinished> unfinished_;          // changed by the publisher's thread only
    std::deque<Errand> errands_;
    Result<void> state_;
    bool stopping_ = false;

    std::thread thread_; // last: it uses all of the above
};

} // namespace leerspoor::storage::engine
