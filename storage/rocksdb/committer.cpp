#include "storage/rocksdb/committer.hpp"

#include "spec/base/json.hpp"
#include "spec/equivalence.hpp"

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

// Among what is not in the index yet.
const Staged* find_staged(const IdKey& id, const Group& group,
                          const std::vector<std::shared_ptr<const Group>>& on_the_way) {
    if (const auto found = group.ids.find(id); found != group.ids.end()) return &group.staged[found->second];
    for (const auto& other : on_the_way) {
        if (const auto found = other->ids.find(id); found != other->ids.end())
            return &other->staged[found->second];
    }
    return nullptr;
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
      clock_(options.now, position.stored),
      publisher_(database, segments, sealer, clock_, position.last, std::move(open_segment)),
      last_(position.last), thread_([this] { run(); }) {}

void Committer::stop() {
    {
        const std::scoped_lock lock(queue_mutex_);
        stopping_ = true;
    }
    queued_.notify_one();
    if (thread_.joinable()) thread_.join();
    publisher_.stop();
}

void Committer::submit(StoreId store, std::vector<spec::PreparedStatement> batch,
                       RecordStore::PutCallback done) {
    Request request{store, std::move(batch), {}, {}, {}, 0, std::move(done), PutReceipt{}};
    request.terms.resize(request.statements.size());
    request.tellings.resize(request.statements.size());
    request.salts.resize(request.statements.size());
    fill_salts(request.salts);
    for (std::size_t i = 0; i < request.statements.size(); ++i) {
        auto& statement = request.statements[i];
        request.bytes += statement.bytes.size() + 1024;
        for (const auto& term : statement.terms) request.terms[i].push_back(term_key(store, term));
        statement.terms = {};
        for (const auto& telling : statement.tellings) {
            request.tellings[i].push_back({telling, mark_of(store, statement.bytes, telling)});
        }
    }
    Result<void> refused = publisher_.state();
    std::unique_lock lock(queue_mutex_);
    if (stopping_) {
        refused = closed();
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
    auto published = publisher_.state();
    if (!published.has_value()) return published;
    {
        const std::scoped_lock lock(queue_mutex_);
        if (!unwritable_.has_value()) return unwritable_;
    }
    return sealer_.state();
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
        commit(std::move(requests));
    }
}

// Error: why nothing can be written now.
Result<void> Committer::prepare_disk(const std::vector<Request>& requests) {
    auto published = publisher_.state();
    if (!published.has_value()) return published;
    bool failed_before = false;
    {
        const std::scoped_lock lock(queue_mutex_);
        failed_before = !unwritable_.has_value();
    }
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

void Committer::commit(std::vector<Request> requests) {
    auto ready = prepare_disk(requests);
    auto group = std::make_shared<Group>();
    group->requests = std::move(requests);
    group->next = last_ + 1;
    group->start = group->stored = clock_.begin();
    if (ready.has_value()) {
        on_the_way_ = publisher_.on_the_way();
        group->staged_blindly = std::any_of(on_the_way_.begin(), on_the_way_.end(),
                                            [](const auto& other) { return other->references; });
        for (auto& request : group->requests) stage(request, *group);
        on_the_way_.clear();
        clock_.used_before(group->stored);
        if (!group->staged.empty()) ready = write(*group);
    }
    {
        const std::scoped_lock lock(queue_mutex_);
        unwritable_ = ready;
    }
    // Numbers that a failed write may have left in the log are never given out again.
    last_ = group->next - 1;
    if (ready.has_value()) return publisher_.hand_over(std::move(group));
    clock_.end(group->start);
    for (auto& request : group->requests) request.done(ready.error());
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
                    group.ids.erase({request.store, group.staged[undo].statement().id});
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
        group.references = group.references || statement.refers_to.has_value();
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
    if (const auto* staged = find_staged(id, group, on_the_way_)) {
        kept = staged->statement().bytes;
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
        const auto& statement = staged.statement();
        value.clear();
        // The stored times of a group rise with its sequences, one microsecond each.
        const auto distance = static_cast<std::int64_t>(group.next - staged.sequence);
        append_statement_header({statement.id, group.stored - std::chrono::microseconds(distance),
                                 staged.request->salts[staged.index], statement.version,
                                 !statement.tellings.empty()},
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

} // namespace leerspoor::storage
