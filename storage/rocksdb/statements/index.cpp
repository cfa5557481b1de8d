#include "storage/rocksdb/statements/index.hpp"

#include <algorithm>
#include <array>

namespace leerspoor::storage::engine {

namespace {

Error damaged(const std::string& what) {
    return {"store_damaged", "", "The data folder is damaged (" + what + "): restore it from a backup."};
}

Result<StoredStatement> statement_of(Sequence sequence, std::string_view value) {
    auto statement = decode_statement(sequence, value);
    if (!statement) return damaged("statement " + std::to_string(sequence) + " cannot be read");
    return std::move(*statement);
}

} // namespace

std::shared_ptr<const Segments> SegmentList::take() const {
    const std::scoped_lock lock(mutex_);
    return segments_;
}

void SegmentList::add(std::shared_ptr<Segment> segment) {
    const std::scoped_lock lock(mutex_);
    auto next = std::make_shared<Segments>(*segments_);
    next->push_back(std::move(segment));
    std::stable_sort(next->begin(), next->end(),
                     [](const auto& a, const auto& b) { return a->bucket() < b->bucket(); });
    segments_ = std::move(next);
}

void SegmentList::remove(const std::shared_ptr<Segment>& segment) {
    const std::scoped_lock lock(mutex_);
    auto next = std::make_shared<Segments>(*segments_);
    std::erase(*next, segment);
    segments_ = std::move(next);
}

ReadView view_of(Database& database, const SegmentList& segments, Sequence visible) {
    return {database, segments.take(), visible};
}

PostingCursor::PostingCursor(const ReadView& seen, const TermKey& term)
    : segments_(*seen.segments), term_(term), first_key_(posting_key(term, 0)),
      end_key_(posting_key(term, ~Bucket{0}) + '\0'), end_slice_(end_key_) {
    rocksdb::ReadOptions options;
    options.iterate_upper_bound = &end_slice_;
    options.prefix_same_as_start = true;
    sealed_.reset(seen.database.db().NewIterator(options, seen.database.family(Family::postings)));
}

Result<std::optional<Bucket>> PostingCursor::seek(Bucket from, bool ascending) {
    std::optional<Bucket> nearest;
    const std::string target = posting_key(term_, from);
    if (ascending) {
        sealed_->Seek(target);
    } else {
        sealed_->SeekForPrev(target);
    }
    if (sealed_->Valid() &&
        view(sealed_->key()).starts_with(view(first_key_).substr(0, posting_prefix_size))) {
        nearest = posting_bucket(view(sealed_->key()));
    } else if (!sealed_->status().ok()) {
        return store_error(sealed_->status());
    }
    for (const auto& segment : segments_) {
        const Bucket bucket = segment->bucket();
        const bool beyond = ascending ? bucket >= from : bucket <= from;
        const bool nearer = !nearest || (ascending ? bucket < *nearest : bucket > *nearest);
        if (beyond && nearer && segment->contains(term_)) nearest = bucket;
    }
    return nearest;
}

Result<void> PostingCursor::add_to(Bucket bucket, BucketBits& bits) {
    const std::string key = posting_key(term_, bucket);
    if (sealed_->Valid() && view(sealed_->key()) == key && !decode_into(view(sealed_->value()), bits)) {
        return damaged("a posting cannot be read");
    }
    for (const auto& segment : segments_) {
        if (segment->bucket() == bucket) segment->add_to(term_, bits);
    }
    return {};
}

Result<void> add_posting(const ReadView& seen, const TermKey& term, Bucket bucket, BucketBits& bits) {
    auto& database = seen.database;
    rocksdb::PinnableSlice value;
    const auto status =
        database.db().Get({}, database.family(Family::postings), posting_key(term, bucket), &value);
    if (status.ok()) {
        if (!decode_into(view(value), bits)) return damaged("a posting cannot be read");
    } else if (!status.IsNotFound()) {
        return store_error(status);
    }
    for (const auto& segment : *seen.segments) {
        if (segment->bucket() == bucket) segment->add_to(term, bits);
    }
    return {};
}

Result<std::optional<IdEntry>> find_id(const ReadView& seen, const IdKey& id) {
    std::optional<IdEntry> found;
    for (const auto& segment : *seen.segments) {
        const auto here = segment->find_id(id);
        if (here && here->sequence != awaited) return here;
        if (here) found = here;
    }
    rocksdb::PinnableSlice value;
    const auto status = seen.database.db().Get({}, seen.database.family(Family::ids), id_key(id), &value);
    if (status.IsNotFound()) return found;
    if (!status.ok()) return store_error(status);
    const auto entry = decode_id(view(value));
    if (!entry) return damaged("an id cannot be read");
    return entry;
}

Result<std::optional<spec::Uuid>> read_id(Database& database, StoreId store, Sequence sequence) {
    rocksdb::PinnableSlice value;
    const auto status =
        database.db().Get({}, database.family(Family::statements), statement_key(store, sequence), &value);
    if (status.IsNotFound()) return std::optional<spec::Uuid>();
    if (!status.ok()) return store_error(status);
    const auto header = decode_statement_header(view(value));
    if (!header) return damaged("statement " + std::to_string(sequence) + " cannot be read");
    return std::optional(header->id);
}

Result<std::optional<StoredStatement>> read_statement(Database& database, StoreId store, Sequence sequence) {
    rocksdb::PinnableSlice value;
    const auto status =
        database.db().Get({}, database.family(Family::statements), statement_key(store, sequence), &value);
    if (status.IsNotFound()) return std::optional<StoredStatement>();
    if (!status.ok()) return store_error(status);
    auto statement = statement_of(sequence, view(value));
    if (!statement.has_value()) return statement.error();
    return std::optional<StoredStatement>(std::move(*statement));
}

Result<std::vector<StoredStatement>> read_statements(Database& database, StoreId store,
                                                     const std::vector<Sequence>& sequences,
                                                     std::size_t limit_bytes) {
    constexpr std::size_t at_once = 16; // held in memory whatever their size
    std::vector<StoredStatement> statements;
    statements.reserve(sequences.size());
    std::size_t bytes = 0;
    for (std::size_t first = 0; first < sequences.size(); first += at_once) {
        const std::size_t count = std::min(at_once, sequences.size() - first);
        std::array<std::string, at_once> texts;
        std::array<rocksdb::Slice, at_once> keys;
        std::array<rocksdb::PinnableSlice, at_once> values;
        std::array<rocksdb::Status, at_once> states;
        for (std::size_t i = 0; i < count; ++i) {
            texts[i] = statement_key(store, sequences[first + i]);
            keys[i] = texts[i];
        }
        database.db().MultiGet({}, database.family(Family::statements), count, keys.data(), values.data(),
                               states.data(), false);
        for (std::size_t i = 0; i < count; ++i) {
            const Sequence sequence = sequences[first + i];
            if (states[i].IsNotFound())
                return damaged("statement " + std::to_string(sequence) + " is missing");
            if (!states[i].ok()) return store_error(states[i]);
            auto statement = statement_of(sequence, view(values[i]));
            if (!statement.has_value()) return statement.error();
            bytes += statement->bytes.size();
            statements.push_back(std::move(*statement));
            if (bytes >= limit_bytes) return statements;
        }
    }
    return statements;
}

} // namespace leerspoor::storage::engine
