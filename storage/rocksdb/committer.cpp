#include "storage/rocksdb/committer.hpp"

#include "spec/equivalence.hpp"
#include "spec/json.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <stdexcept>

namespace leerspoor::storage {

namespace {

Error busy() {
    return {"store_busy", "",
            "More statements are waiting to be stored than fit in memory: send them again shortly."};
}

Error closed() {
    return {"store_closed", "", "The store is being closed: send the statements again later."};
}

void fill_salts(std::vector<std::array<std::uint8_t, 16>>& salts) {
    if (salts.empty()) return;
    if (RAND_bytes(salts.front().data(), static_cast<int>(salts.size() * 16)) != 1) {
        throw std::runtime_error("OpenSSL has no randomness");
    }
}

} // namespace

Committer::Committer(Database& database, SegmentList& segments, Sealer& sealer, const RocksdbOptions& options,
                     Position position, std::shared_ptr<Segment> open_segment)
    : database_(database), segments_(segments), sealer_(sealer), options_(options),
      open_(std::move(open_segment)),
      indexer_(database, segments,
               [this](Bucket bucket) { return open_->bucket() == bucket ? open_.get() : nullptr; }),
      last_(position.last), visible_(position.last), last_stored_(position.stored),
      thread_([this] { run(); }) {}

void Committer::stop() {
    {
        const std::scoped_lock lock(queue_mutex_);
        stopping_ = true;
    }
    queued_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void Committer::submit(StoreId store, std::vector<spec::PreparedStatement> batch, Callback done) {
    Request request{store, std::move(batch), {}, {}, 0, std::move(done), PutReceipt{}};
    request.terms.resize(request.statements.size());
    request.salts.resize(request.statements.size());
    fill_salts(request.salts);
    for (std::size_t i = 0; i < request.statements.size(); ++i) {
        request.bytes += request.statements[i].bytes.size() + 1024;
        for (const auto& term : request.statements[i].terms)
            request.terms[i].push_back(term_key(store, term));
        request.statements[i].terms = {};
    }
    std::unique_lock lock(queue_mutex_);
    Result<void> refused;
    if (stopping_) {
        refused = closed();
    } else if (!broken_.has_value()) {
        refused = broken_;
    } else if (!queue_.empty() && queued_bytes_ + request.bytes > options_.queue_bytes) {
        refused = busy();
    }
    if (!refused.has_value()) {
        lock.unlock();
        request.done(refused.error());
        return;
    }
    queued_bytes_ += request.bytes;
    queue_.push_back(std::move(request));
    lock.unlock();
    queued_.notify_one();
}

std::size_t Committer::queued_bytes() const {
    const std::scoped_lock lock(queue_mutex_);
    return queued_bytes_;
}

Result<void> Committer::state() const {
    {
        const std::scoped_lock lock(queue_mutex_);
        if (!broken_.has_value()) return broken_;
        if (!unwritable_.has_value()) return unwritable_;
    }
    return sealer_.state();
}

spec::Instant Committer::begin_group() {
    const spec::Instant now = options_.now();
    const std::scoped_lock lock(clock_mutex_);
    group_start_ = std::max(now, last_stored_ + std::chrono::microseconds(1));
    in_group_ = true;
    return group_start_;
}

void Committer::end_group(spec::Instant last_stored) {
    const std::scoped_lock lock(clock_mutex_);
    last_stored_ = std::max(last_stored_, last_stored);
    in_group_ = false;
}

spec::Instant Committer::consistent_through() {
    const spec::Instant now = options_.now();
    const std::scoped_lock lock(clock_mutex_);
    if (in_group_) return group_start_ - std::chrono::microseconds(1);
    last_stored_ = std::max(last_stored_, now); // from here on a promise: nothing is stored at or before it
    return last_stored_;
}

void Committer::run() {
    while (true) {
        std::vector<Request> requests;
        {
            std::unique_lock lock(queue_mutex_);
            queued_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
            if (queue_.empty()) return;
            requests.swap(queue_);
            queued_bytes_ = 0;
        }
        commit(requests);
        for (auto& request : requests) request.done(std::move(request.outcome));
    }
}

// Error: why nothing can be written now.
Result<void> Committer::prepare_disk(const std::vector<Request>& requests) {
    Result<void> broken;
    bool failed_before = false;
    {
        const std::scoped_lock lock(queue_mutex_);
        broken = broken_;
        failed_before = !unwritable_.has_value();
    }
    if (!broken.has_value()) return broken;
    std::size_t bytes = 0;
    for (const auto& request : requests) bytes += request.bytes;
    auto room = database_.room_for(bytes);
    if (!room.has_value()) return room;
    if (failed_before || !sealer_.state().has_value()) {
        auto resumed = database_.resume();
        if (!resumed.has_value()) return resumed;
        sealer_.try_again();
    }
    sealer_.wait_until_at_most(options_.max_sealing_segments);
    return sealer_.state();
}

void Committer::commit(std::vector<Request>& requests) {
    auto ready = prepare_disk(requests);
    Group group;
    group.next = last_ + 1;
    group.stored = begin_group();
    if (ready.has_value()) {
        for (auto& request : requests) stage(request, group);
        if (!group.staged.empty()) ready = write(group);
    }
    {
        const std::scoped_lock lock(queue_mutex_);
        unwritable_ = ready;
    }
    if (ready.has_value() && !group.staged.empty()) {
        ready = index(group);
        if (!ready.has_value()) {
            const std::scoped_lock lock(queue_mutex_);
            broken_ = ready;
        }
    }
    // Numbers that a failed write may have left in the log are never given out again.
    last_ = group.next - 1;
    if (ready.has_value()) {
        visible_.store(last_, std::memory_order_release);
        ++groups_;
    } else {
        for (auto& request : requests) request.outcome = ready.error();
    }
    end_group(group.stored);
}

// Gives the request's new statements their places, or undoes all of it and leaves an error in its outcome.
void Committer::stage(Request& request, Group& group) {
    const std::size_t staged_before = group.staged.size();
    const Sequence next_before = group.next;
    const spec::Instant stored_before = group.stored;
    PutReceipt receipt;
    for (std::size_t i = 0; i < request.statements.size(); ++i) {
        auto& statement = request.statements[i];
        const IdKey id{request.store, statement.id};
        bool is_awaited = false;
        if (statement.id_was_given) {
            const auto kept = equals_kept(request, i, group, is_awaited);
            if (!kept.has_value()) {
                for (std::size_t undo = staged_before; undo < group.staged.size(); ++undo) {
                    const auto& staged = group.staged[undo];
                    group.ids.erase({staged.request->store, staged.request->statements[staged.index].id});
                }
                group.staged.resize(staged_before);
                group.next = next_before;
                group.stored = stored_before;
                request.outcome = kept.error();
                return;
            }
            if (*kept) continue;
        }
        statement.set_stored(group.stored);
        receipt.at = group.stored;
        ++receipt.stored;
        group.ids.emplace(id, group.staged.size());
        group.staged.push_back({&request, i, group.next, is_awaited});
        ++group.next;
        group.stored += std::chrono::microseconds(1);
    }
    request.outcome = receipt;
}

// Is the statement there already? Error when its id is taken by a different one.
Result<bool> Committer::equals_kept(const Request& request, std::size_t index, const Group& group,
                                    bool& is_awaited) {
    const auto& resent = request.statements[index];
    const IdKey id{request.store, resent.id};
    std::string kept;
    if (const auto staged = group.ids.find(id); staged != group.ids.end()) {
        const auto& other = group.staged[staged->second];
        kept = other.request->statements[other.index].bytes;
    } else {
        const auto sequence = find_id(database_, *segments_.take(), id);
        if (!sequence.has_value()) return sequence.error();
        is_awaited = *sequence && **sequence == awaited;
        if (!*sequence || is_awaited) return false;
        auto statement = read_statement(database_, request.store, **sequence);
        if (!statement.has_value()) return statement.error();
        if (!*statement) return store_error(rocksdb::Status::Corruption("an id without its statement"));
        kept = std::move((*statement)->bytes);
    }
    const auto one = spec::parse_json(kept, 1024);
    const auto other = spec::parse_json(resent.bytes, 1024);
    if (one.has_value() && other.has_value() &&
        spec::equivalent(one->get_object(), other->get_object(), resent.timestamp_was_given)) {
        return true;
    }
    return Error{"statement_conflict", request.statements.size() == 1 ? "" : spec::child_pointer("", index),
                 "A different statement with the id " + spec::to_string(resent.id) + " is stored already."};
}

Result<void> Committer::write(const Group& group) {
    rocksdb::WriteBatch batch;
    std::string value;
    for (const auto& staged : group.staged) {
        const auto& statement = staged.request->statements[staged.index];
        value.clear();
        // The stored times of a group rise with its sequences, one microsecond each.
        const auto distance = static_cast<std::int64_t>(group.next - staged.sequence);
        append_statement_header({statement.id, group.stored - std::chrono::microseconds(distance),
                                 staged.request->salts[staged.index]},
                                value);
        const std::string key = statement_key(staged.request->store, staged.sequence);
        const std::array<rocksdb::Slice, 1> keys{slice(key)};
        const std::array<rocksdb::Slice, 2> values{slice(value), slice(statement.bytes)};
        batch.Put(database_.family(Family::statements), rocksdb::SliceParts(keys.data(), 1),
                  rocksdb::SliceParts(values.data(), 2));
    }
    rocksdb::WriteOptions options;
    options.sync = true;
    const auto status = database_.db().Write(options, &batch);
    if (!status.ok()) return store_error(status);
    return {};
}

Result<void> Committer::index(const Group& group) {
    std::vector<IndexEntry> entries;
    bool rolled = false;
    for (const auto& staged : group.staged) {
        const Bucket bucket = bucket_of(staged.sequence);
        if (bucket != open_->bucket()) {
            auto added = indexer_.add(entries);
            if (!added.has_value()) return added;
            entries.clear();
            roll_segment(bucket);
            rolled = true;
        }
        auto& request = *staged.request;
        const auto& statement = request.statements[staged.index];
        entries.push_back({request.store, staged.sequence, statement.id,
                           std::move(request.terms[staged.index]), statement.refers_to, statement.voids,
                           staged.awaited});
        if (rolled && !staged.awaited) {
            // A reference in the group's first part may have come to wait for it since it was staged.
            const auto waiting = find_id(database_, *segments_.take(), {request.store, statement.id});
            if (!waiting.has_value()) return waiting.error();
            entries.back().awaited = waiting->has_value();
        }
    }
    return indexer_.add(entries);
}

void Committer::roll_segment(Bucket bucket) {
    auto next = std::make_shared<Segment>(bucket);
    segments_.add(next);
    sealer_.hand_over(std::exchange(open_, std::move(next)));
}

} // namespace leerspoor::storage
