#include "storage/rocksdb/statements/recovery.hpp"

#include "storage/rocksdb/statements/indexer.hpp"

#include <deque>
#include <functional>
#include <limits>
#include <queue>

namespace leerspoor::storage::engine {

namespace {

// Of statements that are indexed together.
constexpr std::size_t most_statements = 1024;
constexpr std::size_t most_terms = 100'000;
constexpr std::size_t most_bytes = 16u << 20;

class Replay {
  public:
    Replay(Database& database, SegmentList& segments, OpenSegment& open, Dictionary& dictionary)
        : database_(database), segments_(segments), open_(open),
          indexer_(database, segments, open, dictionary) {}

    // In sequence order.
    Result<void> add(StoreId store, const StoredStatement& statement, bool describes) {
        const Bucket bucket = bucket_of(statement.sequence);
        if (!open_.takes(bucket)) {
            auto finished = finish();
            if (!finished.has_value()) return finished;
            open_.roll(bucket);
        }
        if (describes) told_.emplace_back();
        auto entry =
            index_entry_of(store, statement, describes ? &told_.back() : nullptr, &facts_.emplace_back());
        if (!entry.has_value()) return entry.error();
        const auto known = find_id(view_of(database_, segments_), {store, statement.id});
        if (!known.has_value()) return known.error();
        entry->awaited = *known && (*known)->sequence == awaited;
        terms_ += entry->terms.size();
        bytes_ += statement.bytes.size();
        entries_.push_back(std::move(*entry));
        ++count_;
        const bool enough = entries_.size() >= most_statements || terms_ > most_terms || bytes_ > most_bytes;
        return enough ? finish() : Result<void>();
    }

    Result<void> finish() {
        auto added = indexer_.add(entries_);
        if (added.has_value()) added = indexer_.resolve(std::numeric_limits<std::size_t>::max());
        open_.release();
        entries_.clear();
        told_.clear();
        facts_.clear();
        terms_ = 0;
        bytes_ = 0;
        return added;
    }

    std::uint64_t count() const { return count_; }

  private:
    Database& database_;
    SegmentList& segments_;
    OpenSegment& open_;
    Indexer indexer_;
    std::vector<IndexEntry> entries_;
    std::deque<std::string> told_; // what the entries' tellings are parts of
    std::deque<spec::Facts> facts_;
    std::size_t terms_ = 0;
    std::size_t bytes_ = 0;
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

// The statements of one store beyond the mark, one after the other.
class Unindexed {
  public:
    Unindexed(std::unique_ptr<rocksdb::Iterator> statements, StoreId store, Sequence through)
        : statements_(std::move(statements)), store_(store) {
        statements_->Seek(statement_key(store, through + 1));
    }

    StoreId store() const { return store_; }
    // The place of the next one, or nothing at the end.
    Result<std::optional<Sequence>> next() const {
        if (!statements_->Valid()) {
            if (!statements_->status().ok()) return store_error(statements_->status());
            return std::optional<Sequence>();
        }
        const auto key = parse_statement_key(view(statements_->key()));
        if (!key) return unreadable(*statements_);
        return key->first == store_ ? std::optional(key->second) : std::nullopt;
    }
    // REQUIRES: next() gave `sequence`.
    Result<void> give_to(Replay& replay, Sequence sequence) {
        const auto value = view(statements_->value());
        const auto header = decode_statement_header(value);
        const auto statement = decode_statement(sequence, value);
        if (!header || !statement) return unreadable(*statements_);
        // What was erased was indexed before that.
        auto added = statement->erased() ? Result<void>() : replay.add(store_, *statement, header->describes);
        statements_->Next();
        return added;
    }

  private:
    std::unique_ptr<rocksdb::Iterator> statements_;
    StoreId store_;
};

// In the order of storing, whichever stores they are in: so that what is sealed is all there is up to a mark.
Result<void> replay_all(std::vector<Unindexed> stores, Replay& replay) {
    using Next = std::pair<Sequence, std::size_t>; // and the place among the stores
    std::priority_queue<Next, std::vector<Next>, std::greater<>> queue;
    const auto enqueue = [&](std::size_t place) -> Result<void> {
        const auto next = stores[place].next();
        if (!next.has_value()) return next.error();
        if (*next) queue.emplace(**next, place);
        return {};
    };
    for (std::size_t place = 0; place < stores.size(); ++place) {
        auto done = enqueue(place);
        if (!done.has_value()) return done;
    }
    while (!queue.empty()) {
        const auto [sequence, place] = queue.top();
        queue.pop();
        auto done = stores[place].give_to(replay, sequence);
        if (done.has_value()) done = enqueue(place);
        if (!done.has_value()) return done;
    }
    return replay.finish();
}

} // namespace

Result<Recovered> recover(Database& database, SegmentList& segments, Sealer& sealer, Dictionary& dictionary,
                          const RocksdbOptions& options) {
    const auto through = indexed_through(database);
    if (!through.has_value()) return through.error();

    Recovered recovered;
    rocksdb::ReadOptions once;
    once.fill_cache = false;
    const auto iterate = [&] {
        return std::unique_ptr<rocksdb::Iterator>(
            database.db().NewIterator(once, database.family(Family::statements)));
    };
    const auto statements = iterate();
    std::vector<Unindexed> stores;
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
        if (!done.has_value()) return done.error();
        if (statements->Valid() && parse_statement_key(view(statements->key()))->second > *through) {
            stores.emplace_back(iterate(), store, *through);
        }
        ++store;
    }
    recovered.open_segment =
        std::make_unique<OpenSegment>(segments, sealer, options, bucket_of(*through + 1));
    Replay replay(database, segments, *recovered.open_segment, dictionary);
    const auto replayed = replay_all(std::move(stores), replay);
    if (!replayed.has_value()) return replayed.error();
    recovered.replayed = replay.count();
    return recovered;
}

} // namespace leerspoor::storage::engine
