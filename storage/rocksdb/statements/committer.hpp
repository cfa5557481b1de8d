// Order: the one thread that gives statements their sequence numbers and `stored` times, and writes all that
// waits with one sync. The publisher indexes and answers what was written.
#pragma once

#include "storage/rocksdb/database/options.hpp"
#include "storage/rocksdb/statements/publisher.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace leerspoor::storage::engine {

class Committer {
  public:
    // Everything up to `last` was written before.
    Committer(Database& database, SegmentList& segments, Sealer& sealer, Publisher& publisher,
              StoredClock& clock, const RocksdbOptions& options, Sequence last);
    ~Committer() { stop(); }
    // Commits what waits and takes nothing more; then the publisher has all of it.
    void stop();

    // Any thread. `done` as StatementStore says. The attachments are not looked at.
    void submit(StoreId store, Submission submission, StatementStore::PutCallback done);

    // Any thread. Error: why statements cannot be written.
    Result<void> state() const;
    std::size_t queued_bytes() const;

  private:
    using GroupsOnTheWay = std::vector<std::shared_ptr<const Group>>;
    // What is known of an id.
    struct Presence {
        std::optional<spec::StatementDigest> digest; // of the statement that has it
        bool awaited = false;                        // nobody has it, but StatementRefs wait for it
    };

    void run();
    void commit(std::vector<Request> requests);
    Result<void> prepare_disk(const std::vector<Request>& requests);
    void stage(Group& group) const;
    Result<std::vector<Staged>> news_of(Request& request, const Group& group,
                                        const GroupsOnTheWay& on_the_way) const;
    Result<Presence> find_present(const IdKey& id, const Group& group,
                                  const GroupsOnTheWay& on_the_way) const;
    Result<void> write(const Group& group);

    Database& database_;
    SegmentList& segments_;
    Sealer& sealer_;
    Publisher& publisher_;
    StoredClock& clock_;
    const RocksdbOptions options_;
    Sequence last_;

    mutable std::mutex queue_mutex_;
    std::condition_variable queued_;
    std::vector<Request> queue_;
    std::size_t queued_bytes_ = 0;
    bool stopping_ = false;
    Result<void> unwritable_; // until a write succeeds again

    std::thread thread_; // last: it uses all of the above
};

} // namespace leerspoor::storage::engine
