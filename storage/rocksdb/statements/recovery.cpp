#include "storage/rocksdb/statements/recovery.hpp"

#include "storage/rocksdb/statements/indexer.hpp"

#include <deque>
#include <map>

namespace leerspoor::storage::engine {

namespace {

// Entries that are indexed together; few enough to be held in memory.
constexpr std::size_t replay_batch = 1024;

class Replay {
  public:
    Replay(Database& database, SegmentList& segments)
        : database_(database), segments_(segments), indexer_(database, segments, [this](Bucket bucket) {
              const auto found = open_.find(bucket);
              return found == open_.end() ? nullptr : found->second.get();
          }) {}

    Result<void> add(StoreId store, const StoredStatement& statement, bool describes) {
        if (describes) told_.emplace_back();
        auto entry = index_entry_of(store, statement, describes ? &told_.back() : nullptr);
        if (!entry.has_value()) return entry.error();
        open(bucket_of(statement.sequence));
        const auto known = find_id(view_of(database_, segments_), {store, statement.id});
        if (!known.has_value()) return known.error();
        entry->awaited = *known && (*known)->sequence == awaited;
        entries_.push_back(std::move(*entry));
        ++count_;
        return entries_.size() < replay_batch ? Result<void>() : finish();
    }

    Result<void> finish() {
        auto added = indexer_.add(entries_);
        entries_.clear();
        told_.clear();
        return added;
    }

    const std::shared_ptr<Segment>& open(Bucket bucket) {
        auto& segment = open_[bucket];
        if (!segment) {
            segment = std::make_shared<Segment>(bucket);
            segments_.add(segment);
        }
        return segment;
    }
    std::uint64_t count() const { return count_; }
    const std::map<Bucket, std::shared_ptr<Segment>>& all() const { return open_; }

  private:
    Database& database_;
    SegmentList& segments_;
    std::map<Bucket, std::shared_ptr<Segment>> open_;
    Indexer indexer_;
    std::vector<IndexEntry> entries_;
    std::deque<std::string> told_; // what the entries' tellings are parts of
    std::uint64_t count_ = 0;
};

Result<Sequence> indexed_through(Database& database) {
    std::string value;
    const auto status =
        database.db().Get({}, database.family(Family::system), slice(indexed_through_key), &value);
    if (status.IsNotFound()) return Sequence{0};
    if (!status.ok()) return store_error(status);
    const auto sequence = decode_sequence(value);
    if (!sequence) return store_error(rocksdb::Status::Corruption("the mark of what is indexed"));
    return *sequence;
}

Error unreadable(rocksdb::Iterator& statements) {
    return store_error(statements.status().ok() ? rocksdb::Status::Corruption("a statement cannot be read")
                                                : statements.status());
}

// Notes the last statement of the store, if it is the last of all so far.
Result<void> note_last(rocksdb::Iterator& statements, StoreId store, Position& position) {
    statements.SeekForPrev(statement_key(store, ~Sequence{0}));
    if (!statements.Valid()) return unreadable(statements);
    const auto key = parse_statement_key(view(statements.key()));
    const auto header = decode_statement_header(view(statements.value()));
    if (!key || !header) return unreadable(statements);
    if (key->second > position.last) position = {key->second, header->stored};
    return {};
}

Result<void> replay_store(rocksdb::Iterator& statements, StoreId store, Sequence through, Replay& replay) {
    for (statements.Seek(statement_key(store, through + 1)); statements.Valid(); statements.Next()) {
        const auto key = parse_statement_key(view(statements.key()));
        if (!key) return unreadable(statements);
        if (key->first != store) break;
        const auto value = view(statements.value());
        const auto header = decode_statement_header(value);
        if (!header) return unreadable(statements);
        auto added = replay.add(store,
                                {key->second, header->id, header->stored, header->version,
                                 std::string(value.substr(statement_header_size))},
                                header->describes);
        if (!added.has_value()) return added;
    }
    if (!statements.status().ok()) return unreadable(statements);
    return replay.finish();
}

} // namespace

Result<Recovered> recover(Database& database, SegmentList& segments, Sealer& sealer) {
    const auto through = indexed_through(database);
    if (!through.has_value()) return through.error();

    Recovered recovered;
    Replay replay(database, segments);
    rocksdb::ReadOptions options;
    options.fill_cache = false;
    const std::unique_ptr<rocksdb::Iterator> statements(
        database.db().NewIterator(options, database.family(Family::statements)));
    StoreId store = 0;
    while (true) {
        statements->Seek(statement_key(store, 0));
        if (!statements->Valid()) {
            if (!statements->status().ok()) return unreadable(*statements);
            break;
        }
        const auto key = parse_statement_key(view(statements->key()));
        if (!key) return unreadable(*statements);
        store = key->first;
        auto done = note_last(*statements, store, recovered.position);
        if (done.has_value()) done = replay_store(*statements, store, *through, replay);
        if (!done.has_value()) return done.error();
        ++store;
    }
    recovered.replayed = replay.count();
    const Bucket next = bucket_of(recovered.position.last + 1);
    recovered.open_segment = replay.open(next);
    for (const auto& [bucket, segment] : replay.all()) {
        if (bucket != next) sealer.hand_over(segment);
    }
    return recovered;
}

} // namespace leerspoor::storage::engine
