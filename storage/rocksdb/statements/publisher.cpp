#include "storage/rocksdb/statements/publisher.hpp"

namespace leerspoor::storage::engine {

namespace {

// One that is indexed, one that waits: more would only hold memory.
constexpr std::size_t most_groups = 2;
// Indexed under one lock, before it is asked again whether the segment is full.
constexpr std::size_t most_terms_at_once = 100'000;

} // namespace

Publisher::Publisher(Database& database, SegmentList& segments, OpenSegment& open, StoredClock& clock,
                     Sequence last)
    : database_(database), segments_(segments), open_(open), clock_(clock),
      indexer_(database, segments, open), visible_(last), thread_([this] { run(); }) {}

void Publisher::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

// The committer waits here, so at most one group is written ahead of the one that is indexed.
void Publisher::hand_over(std::shared_ptr<Group> group) {
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return waiting_.size() < most_groups; });
        waiting_.push_back(std::move(group));
    }
    changed_.notify_all();
}

// A group leaves the list after it was indexed: whoever asks here first and the index second misses nothing.
std::vector<std::shared_ptr<const Group>> Publisher::on_the_way() const {
    const std::scoped_lock lock(mutex_);
    return {waiting_.begin(), waiting_.end()};
}

Result<void> Publisher::state() const {
    const std::scoped_lock lock(mutex_);
    return state_;
}

void Publisher::run() {
    while (true) {
        std::shared_ptr<Group> group;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
            if (waiting_.empty()) return;
            group = waiting_.front();
        }
        publish(*group); // without the lock: the committer only reads what publish() does not change
        {
            const std::scoped_lock lock(mutex_);
            waiting_.pop_front();
        }
        changed_.notify_all();
        for (auto& request : group->requests) request.done(std::move(request.outcome));
    }
}

void Publisher::publish(Group& group) {
    Result<void> indexed = state();
    if (indexed.has_value()) indexed = index(group);
    if (indexed.has_value()) {
        // Released after the index was written: who acquires it finds what it speaks of.
        visible_.store(group.next - 1, std::memory_order_release);
        if (!group.staged.empty()) ++groups_;
    } else {
        for (auto& request : group.requests) request.outcome = indexed.error();
        const std::scoped_lock lock(mutex_);
        state_ = indexed;
    }
    clock_.end(group.start, indexed.has_value() ? std::optional(group.stored - std::chrono::microseconds(1))
                                                : std::nullopt);
}

Result<void> Publisher::index(const Group& group) {
    std::vector<IndexEntry> entries;
    entries.reserve(group.staged.size());
    bool look_again = group.staged_blindly;
    std::size_t terms = 0;
    for (const auto& staged : group.staged) {
        const Bucket bucket = bucket_of(staged.sequence);
        if (terms > most_terms_at_once || !open_.takes(bucket)) {
            auto added = indexer_.add(entries);
            if (!added.has_value()) return added;
            entries.clear();
            terms = 0;
            if (!open_.takes(bucket)) open_.roll(bucket);
            look_again = true;
        }
        auto& request = *staged.request;
        auto& statement = request.statements[staged.index];
        terms += request.terms[staged.index].size();
        entries.push_back({request.store, staged.sequence, statement.id, statement.digest,
                           std::move(request.terms[staged.index]), statement.refers_to, statement.voids,
                           staged.awaited, std::move(request.tellings[staged.index]), statement.bytes});
        if (look_again && !staged.awaited) {
            // A reference that was indexed since may have come to wait for it.
            const auto waiting = find_id(view_of(database_, segments_), {request.store, statement.id});
            if (!waiting.has_value()) return waiting.error();
            entries.back().awaited = waiting->has_value();
        }
    }
    return indexer_.add(entries);
}

} // namespace leerspoor::storage::engine
