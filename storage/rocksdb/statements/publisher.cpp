#include "storage/rocksdb/statements/publisher.hpp"

namespace leerspoor::storage::engine {

namespace {

// One that is indexed, one that waits: more would only hold memory.
constexpr std::size_t most_groups = 2;
// Full segments that wait for their references to be resolved.
constexpr std::size_t most_held = 2;
// Of resolving StatementRefs: some milliseconds.
constexpr std::size_t steps_between_groups = 20'000;
// Indexed under one lock, before it is asked again whether the segment is full.
constexpr std::size_t most_terms_at_once = 100'000;

} // namespace

Publisher::Publisher(Database& database, SegmentList& segments, OpenSegment& open, Dictionary& dictionary,
                     StoredClock& clock, Sequence last)
    : database_(database), segments_(segments), open_(open), clock_(clock),
      indexer_(database, segments, open, dictionary), visible_(last), thread_([this] { run(); }) {}

void Publisher::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

Result<void> Publisher::at_rest(const std::function<Result<void>()>& work) {
    std::future<Result<void>> done;
    {
        const std::scoped_lock lock(mutex_);
        if (stopping_) return Error{"store_closed", "", "The store is being closed: try again later."};
        auto& errand = errands_.emplace_back();
        errand.work = &work;
        done = errand.done.get_future();
    }
    changed_.notify_all();
    return done.get();
}

void Publisher::do_errand(Errand& errand) {
    Result<void> done = state();
    if (done.has_value()) done = open_.seal();
    if (done.has_value()) done = (*errand.work)();
    indexer_.forget();
    errand.done.set_value(std::move(done));
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

// A group leaves the lists after all of it was indexed: whoever asks here first and the index second misses
// nothing.
std::vector<std::shared_ptr<const Group>> Publisher::on_the_way() const {
    const std::scoped_lock lock(mutex_);
    std::vector<std::shared_ptr<const Group>> groups;
    groups.reserve(unfinished_.size() + waiting_.size());
    for (const auto& unfinished : unfinished_) groups.push_back(unfinished.group);
    groups.insert(groups.end(), waiting_.begin(), waiting_.end());
    return groups;
}

Result<void> Publisher::state() const {
    const std::scoped_lock lock(mutex_);
    return state_;
}

void Publisher::run() {
    while (true) {
        std::shared_ptr<Group> group;
        std::optional<Errand> errand;
        {
            std::unique_lock lock(mutex_);
            if (unfinished_.empty()) {
                changed_.wait(lock, [&] { return stopping_ || !waiting_.empty() || !errands_.empty(); });
                if (waiting_.empty() && errands_.empty()) return;
            }
            if (!errands_.empty() && unfinished_.empty()) {
                errand.emplace(std::move(errands_.front()));
                errands_.pop_front();
            } else if (!waiting_.empty() && errands_.empty()) {
                group = waiting_.front();
            }
        }
        if (errand) do_errand(*errand);
        // Without the lock: the committer only reads what this does not change.
        if (group) {
            publish(group);
            changed_.notify_all();
        }
        if (!unfinished_.empty()) resolve(steps_between_groups);
    }
}

void Publisher::publish(const std::shared_ptr<Group>& group) {
    const auto before = indexer_.referring();
    Result<void> indexed = state();
    if (indexed.has_value()) indexed = index(*group);
    if (indexed.has_value()) {
        // Released after the index was written: who acquires it finds what it speaks of.
        visible_.store(group->next - 1, std::memory_order_release);
        if (!group->staged.empty()) ++groups_;
    } else {
        fail(indexed.error());
    }
    const auto referring = indexer_.referring();
    const bool finished = referring == before || !indexed.has_value();
    {
        const std::scoped_lock lock(mutex_);
        if (!finished) unfinished_.push_back({group, referring});
        waiting_.pop_front();
    }
    if (finished) {
        finish(*group);
    } else {
        answer(*group, false);
    }
}

// Goes on with what follows from StatementRefs, and answers the requests of which that is all.
void Publisher::resolve(std::size_t steps) {
    Result<void> resolved = state();
    if (resolved.has_value()) resolved = indexer_.resolve(steps);
    if (!resolved.has_value()) fail(resolved.error());
    while (!unfinished_.empty() &&
           (!resolved.has_value() || unfinished_.front().referring <= indexer_.resolved())) {
        const auto group = unfinished_.front().group;
        {
            const std::scoped_lock lock(mutex_);
            unfinished_.pop_front();
        }
        finish(*group);
    }
    if (unfinished_.empty() && resolved.has_value()) open_.release();
}

// The requests that bring StatementRefs or what was waited for, or the others.
void Publisher::answer(Group& group, bool referring) {
    for (auto& request : group.requests) {
        if (!request.done || request.referring != referring) continue;
        request.done(std::move(request.outcome));
        request.done = {};
        // What is still asked of them are their digests.
        for (auto& statement : request.statements) statement.bytes = {};
    }
}

void Publisher::finish(Group& group) {
    const auto state_now = state();
    for (auto& request : group.requests) {
        if (!state_now.has_value() && request.outcome.has_value()) request.outcome = state_now.error();
    }
    clock_.end(group.start, state_now.has_value() ? std::optional(group.stored - std::chrono::microseconds(1))
                                                  : std::nullopt);
    answer(group, false);
    answer(group, true);
}

void Publisher::fail(const Error& error) {
    const std::scoped_lock lock(mutex_);
    if (!state_.has_value()) return;
    state_ =
        Error{error.code, "",
              "The index could not be completed: check the disk of the data folder, then restart Leerspoor. "
              "Nothing that is stored is lost, and reading goes on. (" +
                  error.message + ")"};
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
            if (!open_.takes(bucket)) {
                // Nothing grows without end while references are resolved.
                while (open_.held() >= most_held && !unfinished_.empty() && state().has_value()) {
                    resolve(steps_between_groups);
                }
                open_.roll(bucket);
                if (indexer_.resolved() == indexer_.referring()) open_.release();
            }
            look_again = true;
        }
        auto& request = *staged.request;
        auto& statement = request.statements[staged.index];
        terms += request.terms[staged.index].size();
        entries.push_back({request.store, staged.sequence, statement.id, statement.digest,
                           std::move(request.terms[staged.index]), statement.refers_to, statement.voids,
                           staged.awaited, std::move(request.tellings[staged.index]), statement.bytes,
                           statement.bytes.size(), group.stored_of(staged), &statement.facts});
        if (look_again && !staged.awaited) {
            // A reference that was indexed since may have come to wait for it.
            const auto waiting = find_id(view_of(database_, segments_), {request.store, statement.id});
            if (!waiting.has_value()) return waiting.error();
            entries.back().awaited = waiting->has_value();
        }
        request.referring = request.referring || entries.back().refers_to || entries.back().awaited;
    }
    return indexer_.add(entries);
}

} // namespace leerspoor::storage::engine
