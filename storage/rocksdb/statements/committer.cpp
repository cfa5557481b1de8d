#include "storage/rocksdb/statements/committer.hpp"

#include "spec/base/json.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <stdexcept>

namespace leerspoor::storage::engine {

namespace {

Error busy() {
    return {"store_busy", "",
            "More statements are waiting to be stored than fit in memory: send them again shortly."};
}

Error closed() {
    return {"store_closed", "", "The store is being closed: send the statements again later."};
}

// Of a statement whose id was written in format 2, without its digest.
Result<spec::StatementDigest> digest_at(Database& database, StoreId store, Sequence sequence) {
    const auto statement = read_statement(database, store, sequence);
    if (!statement.has_value()) return statement.error();
    if (!*statement) return store_error(rocksdb::Status::Corruption("an id without its statement"));
    const auto parsed = spec::parse_stored_json((*statement)->bytes);
    if (!parsed.has_value() || !parsed->is_object()) {
        return store_error(rocksdb::Status::Corruption("statement " + std::to_string(sequence)));
    }
    return spec::statement_digest(parsed->get_object());
}

// Nobody reads them yet: they are for the leaves of the audit log, which must not tell of what was erased.
void fill_salts(std::vector<std::array<std::uint8_t, 16>>& salts) {
    if (salts.empty()) return;
    if (RAND_bytes(salts.front().data(), static_cast<int>(salts.size() * 16)) != 1) {
        throw std::runtime_error("OpenSSL has no randomness");
    }
}

} // namespace

Committer::Committer(Database& database, SegmentList& segments, Sealer& sealer, Publisher& publisher,
                     StoredClock& clock, const RocksdbOptions& options, Sequence last)
    : database_(database), segments_(segments), sealer_(sealer), publisher_(publisher), clock_(clock),
      options_(options), last_(last), thread_([this] { run(); }) {}

void Committer::stop() {
    {
        const std::scoped_lock lock(queue_mutex_);
        stopping_ = true;
    }
    queued_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void Committer::submit(StoreId store, Submission submission, StatementStore::PutCallback done) {
    Request request;
    request.store = store;
    request.statements = std::move(submission.statements);
    request.may_define = submission.may_define;
    request.done = std::move(done);
    request.terms.resize(request.statements.size());
    request.tellings.resize(request.statements.size());
    request.salts.resize(request.statements.size());
    fill_salts(request.salts);
    for (std::size_t i = 0; i < request.statements.size(); ++i) {
        auto& statement = request.statements[i];
        request.bytes += statement.bytes.size() + 1024;
        for (const auto& term : statement.terms) request.terms[i].push_back(term_key(store, term));
        statement.terms = {};
        if (!request.may_define) statement.tellings.clear();
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
            requests.swap(queue_); // from here on this thread's alone
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
    auto group = std::make_shared<Group>();
    group->requests = std::move(requests);
    group->next = last_ + 1;
    group->start = group->stored = clock_.begin();
    auto written = prepare_disk(group->requests);
    if (written.has_value()) {
        stage(*group);
        clock_.used_before(group->stored);
        if (!group->staged.empty()) written = write(*group);
    }
    {
        const std::scoped_lock lock(queue_mutex_);
        unwritable_ = written;
    }
    // Numbers that a failed write may have left in the log are never given out again.
    last_ = group->next - 1;
    if (written.has_value()) return publisher_.hand_over(std::move(group));
    clock_.end(group->start);
    for (auto& request : group->requests) request.done(written.error());
}

// Gives the new statements their places, and refuses the requests that cannot have theirs.
void Committer::stage(Group& group) const {
    // Asked before the index: what leaves the way between is in the index then.
    const auto on_the_way = publisher_.on_the_way();
    group.staged_blindly = std::any_of(on_the_way.begin(), on_the_way.end(),
                                       [](const auto& other) { return other->references; });
    for (auto& request : group.requests) {
        const auto news = news_of(request, group, on_the_way);
        if (news.has_value()) {
            group.append(*news);
        } else {
            request.outcome = news.error();
        }
    }
}

// The statements of the request that are not there yet. Error: the request is refused as a whole.
Result<std::vector<Staged>> Committer::news_of(Request& request, const Group& group,
                                               const GroupsOnTheWay& on_the_way) const {
    std::vector<Staged> news;
    news.reserve(request.statements.size());
    for (std::size_t i = 0; i < request.statements.size(); ++i) {
        const auto& sent = request.statements[i];
        Presence presence;
        if (sent.id_was_given) {
            const auto found = find_present({request.store, sent.id}, group, on_the_way);
            if (!found.has_value()) return found.error();
            presence = *found;
        }
        if (!presence.digest) {
            news.push_back({&request, i, presence.awaited});
        } else if (!spec::equivalent(*presence.digest, sent.digest,
                                     {sent.timestamp_was_given, sent.version})) {
            return Error{
                "statement_conflict", request.statements.size() == 1 ? "" : spec::child_pointer("", i),
                "A different statement with the id " + spec::to_string(sent.id) + " is stored already."};
        }
    }
    return news;
}

// Looks among what is not in the index yet, then in the index.
Result<Committer::Presence> Committer::find_present(const IdKey& id, const Group& group,
                                                    const GroupsOnTheWay& on_the_way) const {
    const auto* staged = group.find(id);
    for (auto other = on_the_way.begin(); staged == nullptr && other != on_the_way.end(); ++other) {
        staged = (*other)->find(id);
    }
    if (staged != nullptr) return Presence{staged->statement().digest, false};
    const auto known = find_id(view_of(database_, segments_), id);
    if (!known.has_value()) return known.error();
    if (!*known) return Presence{};
    if ((*known)->sequence == awaited) return Presence{std::nullopt, true};
    if ((*known)->digest) return Presence{(*known)->digest, false};
    const auto digest = digest_at(database_, id.store, (*known)->sequence);
    if (!digest.has_value()) return digest.error();
    return Presence{*digest, false};
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
                                 staged.request->may_define},
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

} // namespace leerspoor::storage::engine
