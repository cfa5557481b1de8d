#include "storage/rocksdb/erasure/erasure.hpp"

#include "storage/rocksdb/database/format.hpp"
#include "storage/rocksdb/facts/column.hpp"
#include "storage/rocksdb/statements/indexer.hpp"

#include <rocksdb/write_batch.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

namespace leerspoor::storage::engine {

namespace {

Error corrupt(std::string_view what) {
    return store_error(rocksdb::Status::Corruption(std::string(what)));
}

// All changes of one call, for one synced write.
class Changes {
  public:
    explicit Changes(Database& database) : database_(database) {}

    void put(Family family, std::string_view key, std::string_view value) {
        note(batch_.Put(database_.family(family), slice(key), slice(value)));
    }
    void remove(Family family, std::string_view key) {
        note(batch_.Delete(database_.family(family), slice(key)));
    }
    // Error: store_full, those of writing.
    Result<void> write() {
        if (!status_.ok()) return store_error(status_);
        if (auto room = database_.room_for(batch_.GetDataSize()); !room.has_value()) return room;
        rocksdb::WriteOptions durable;
        durable.sync = true;
        const auto status = database_.db().Write(durable, &batch_);
        if (!status.ok()) return store_error(status);
        return {};
    }

  private:
    void note(const rocksdb::Status& status) {
        if (status_.ok()) status_ = status;
    }

    Database& database_;
    rocksdb::WriteBatch batch_;
    rocksdb::Status status_;
};

Result<std::optional<std::string>> read(Database& database, Family family, const std::string& key) {
    std::string value;
    const auto status = database.db().Get({}, database.family(family), key, &value);
    if (status.IsNotFound()) return std::optional<std::string>();
    if (!status.ok()) return store_error(status);
    return std::optional(std::move(value));
}

// One chunk of facts, taken apart to be put together again.
class Chunk {
  public:
    static Result<Chunk> load(Database& database, StoreId store, const FactChunk& place,
                              std::string_view offsets) {
        Chunk chunk(store, place);
        BucketBits bits;
        if (!decode_into(offsets, bits)) return corrupt("the rows of facts");
        bits.list(true, bucket_size, chunk.offsets_);
        for (std::size_t column = 0; column < fact_columns; ++column) {
            const auto bytes =
                read(database, Family::facts, fact_key(store, static_cast<FactColumn>(column), place));
            if (!bytes.has_value()) return bytes.error();
            const auto values = *bytes ? Column::read(**bytes) : std::nullopt;
            if (!values || values->rows() != chunk.offsets_.size()) return corrupt("a column of facts");
            chunk.columns_[column].resize(chunk.offsets_.size());
            values->copy(0, chunk.offsets_.size(), chunk.columns_[column].data());
        }
        return chunk;
    }

    // `row` takes the place of the one there; nothing: there is none any more.
    void change(Offset offset, const std::optional<FactRow>& row) {
        const auto found = std::lower_bound(offsets_.begin(), offsets_.end(), offset);
        if (found == offsets_.end() || *found != offset) return;
        const auto at = found - offsets_.begin();
        changed_ = true;
        if (!row) offsets_.erase(found);
        for (std::size_t column = 0; column < fact_columns; ++column) {
            auto& values = columns_[column];
            if (row) {
                values[static_cast<std::size_t>(at)] = row->values[column];
            } else {
                values.erase(values.begin() + at);
            }
        }
    }

    void write_to(Changes& changes) const {
        if (!changed_) return;
        write(changes, std::nullopt, offsets_.empty() ? std::string() : encode(offsets_));
        for (std::size_t column = 0; column < fact_columns; ++column)
            write(changes, static_cast<FactColumn>(column),
                  offsets_.empty() ? std::string() : encode_column(columns_[column]));
    }

  private:
    Chunk(StoreId store, const FactChunk& place) : store_(store), place_(place) {}
    void write(Changes& changes, std::optional<FactColumn> column, const std::string& bytes) const {
        const auto key = fact_key(store_, column, place_);
        if (bytes.empty()) {
            changes.remove(Family::facts, key);
        } else {
            changes.put(Family::facts, key, bytes);
        }
    }

    StoreId store_;
    FactChunk place_;
    std::vector<Offset> offsets_;
    std::array<std::vector<std::int64_t>, fact_columns> columns_;
    bool changed_ = false;
};

// Calls `each(place, encoded offsets)` for the chunks of the store, from the bucket on.
template <class Each>
Result<void> each_chunk(Database& database, StoreId store, Bucket from, Bucket to, Each each) {
    const auto prefix = fact_prefix(store, std::nullopt);
    const std::unique_ptr<rocksdb::Iterator> rows(
        database.db().NewIterator({}, database.family(Family::facts)));
    for (rows->Seek(fact_key(store, std::nullopt, {from, 0}));
         rows->Valid() && view(rows->key()).starts_with(prefix); rows->Next()) {
        const auto place = parse_fact_key(view(rows->key()));
        if (place.bucket > to) break;
        auto done = each(place, view(rows->value()));
        if (!done.has_value()) return done;
    }
    if (!rows->status().ok()) return store_error(rows->status());
    return {};
}

class Altering {
  public:
    Altering(Database& database, Dictionary& dictionary, StoreId store, spec::Instant now)
        : database_(database), dictionary_(dictionary), store_(store), now_(now), changes_(database) {}

    Result<std::size_t> run(const std::vector<Alteration>& alterations) {
        std::size_t count = 0;
        for (const auto& alteration : alterations) {
            const auto altered = alter(alteration);
            if (!altered.has_value()) return altered.error();
            if (*altered) ++count;
        }
        // The rows' numbers before the rows.
        auto done = dictionary_.write();
        if (done.has_value()) done = write_postings();
        if (done.has_value()) done = write_facts();
        if (done.has_value()) done = changes_.write();
        if (!done.has_value()) return done.error();
        return count;
    }

  private:
    Result<bool> alter(const Alteration& alteration) {
        const auto key = statement_key(store_, alteration.sequence);
        const auto value = read(database_, Family::statements, key);
        if (!value.has_value()) return value.error();
        if (!*value) return false;
        auto header = decode_statement_header(**value);
        auto before = decode_statement(alteration.sequence, **value);
        if (!header || !before) return corrupt("a statement");
        if (before->erased()) return false;
        const auto old = index_entry_of(store_, *before);
        if (!old.has_value()) return old.error();
        for (const auto& term : old->terms) drop(term, alteration.sequence);
        const Altered altered{before->leaf(), now_};
        if (alteration.bytes) {
            auto replaced = replace(*before, *alteration.bytes);
            if (!replaced.has_value()) return replaced.error();
            changes_.put(Family::statements, key, encode_altered(*header, altered, *alteration.bytes));
        } else {
            auto erased = erase(*old);
            if (!erased.has_value()) return erased.error();
            header->id = {};
            header->describes = false;
            changes_.put(Family::statements, key, encode_altered(*header, altered, {}));
        }
        return true;
    }

    Result<void> replace(StoredStatement statement, const std::string& bytes) {
        statement.bytes = bytes;
        spec::Facts facts;
        const auto entry = index_entry_of(store_, statement, nullptr, &facts);
        if (!entry.has_value()) return entry.error();
        for (const auto& term : entry->terms) add(term, statement.sequence);
        const IdKey id{store_, statement.id};
        changes_.put(Family::ids, id_key(id), encode_id({statement.sequence, entry->digest}));
        const auto link = read(database_, Family::ids, link_key(id));
        if (!link.has_value()) return link.error();
        if (*link)
            changes_.put(Family::ids, link_key(id),
                         encode_link({entry->terms, entry->refers_to, entry->voids}));
        auto row = dictionary_.row_of(store_, statement.sequence, statement.stored, facts);
        if (!row.has_value()) return row.error();
        rows_[bucket_of(statement.sequence)][offset_of(statement.sequence)] = *row;
        return {};
    }

    Result<void> erase(const IndexEntry& old) {
        drop(all_key(store_), old.sequence);
        drop(voided_key(store_), old.sequence);
        if (old.refers_to) {
            drop(referrer_key(store_, *old.refers_to), old.sequence);
            drop(voider_key(store_, *old.refers_to), old.sequence);
        }
        const IdKey id{store_, old.id};
        // Who refers to it says its id anyway, and still waits for it.
        const auto waited_for = occurs(referrer_key(store_, old.id));
        if (!waited_for.has_value()) return waited_for.error();
        if (*waited_for) {
            changes_.put(Family::ids, id_key(id), encode_id({awaited, std::nullopt}));
        } else {
            changes_.remove(Family::ids, id_key(id));
        }
        changes_.remove(Family::ids, link_key(id));
        rows_[bucket_of(old.sequence)][offset_of(old.sequence)] = std::nullopt;
        return {};
    }

    Result<bool> occurs(const TermKey& term) {
        const std::unique_ptr<rocksdb::Iterator> postings(
            database_.db().NewIterator({}, database_.family(Family::postings)));
        const auto prefix = posting_prefix(term);
        for (postings->Seek(prefix); postings->Valid() && view(postings->key()).starts_with(prefix);
             postings->Next()) {
            BucketBits bits;
            if (!decode_into(view(postings->value()), bits)) return corrupt("a posting");
            if (bits.any()) return true;
        }
        if (!postings->status().ok()) return store_error(postings->status());
        return false;
    }

    struct Posting {
        std::vector<Offset> dropped;
        std::vector<Offset> added;
    };
    void drop(const TermKey& term, Sequence sequence) {
        postings_[{term, bucket_of(sequence)}].dropped.push_back(offset_of(sequence));
    }
    void add(const TermKey& term, Sequence sequence) {
        postings_[{term, bucket_of(sequence)}].added.push_back(offset_of(sequence));
    }

    Result<void> write_postings() {
        for (const auto& [place, change] : postings_) {
            const auto key = posting_key(place.first, place.second);
            const auto value = read(database_, Family::postings, key);
            if (!value.has_value()) return value.error();
            BucketBits bits;
            if (*value && !decode_into(**value, bits)) return corrupt("a posting");
            BucketBits dropped;
            for (const auto offset : change.dropped) dropped.set(offset);
            bits -= dropped;
            for (const auto offset : change.added) bits.set(offset);
            if (bits.any()) {
                changes_.put(Family::postings, key, encode(bits));
            } else {
                changes_.remove(Family::postings, key);
            }
        }
        return {};
    }

    Result<void> write_facts() {
        for (const auto& [bucket, rows] : rows_) {
            auto done = each_chunk(
                database_, store_, bucket, bucket,
                [&, &changed = rows](const FactChunk& place, std::string_view offsets) -> Result<void> {
                    auto chunk = Chunk::load(database_, store_, place, offsets);
                    if (!chunk.has_value()) return chunk.error();
                    for (const auto& [offset, row] : changed) chunk->change(offset, row);
                    chunk->write_to(changes_);
                    return {};
                });
            if (!done.has_value()) return done;
        }
        return {};
    }

    Database& database_;
    Dictionary& dictionary_;
    const StoreId store_;
    const spec::Instant now_;
    Changes changes_;
    std::map<std::pair<TermKey, Bucket>, Posting> postings_;
    std::map<Bucket, std::map<Offset, std::optional<FactRow>>> rows_;
};

} // namespace

Result<std::size_t> alter_statements(Database& database, Dictionary& dictionary, StoreId store,
                                     const std::vector<Alteration>& alterations, spec::Instant now) {
    return Altering(database, dictionary, store, now).run(alterations);
}

Result<void> rename_actor(Database& database, Dictionary& dictionary, StoreId store, std::string_view from,
                          std::string_view to) {
    Changes changes(database);
    for (const auto filter : {spec::Filter::agent, spec::Filter::related_agent}) {
        const auto old = term_key(store, {filter, std::string(from)});
        const auto next = term_key(store, {filter, std::string(to)});
        const auto prefix = posting_prefix(old);
        const std::unique_ptr<rocksdb::Iterator> postings(
            database.db().NewIterator({}, database.family(Family::postings)));
        for (postings->Seek(prefix); postings->Valid() && view(postings->key()).starts_with(prefix);
             postings->Next()) {
            const auto bucket = posting_bucket(view(postings->key()));
            BucketBits bits;
            if (!bucket || !decode_into(view(postings->value()), bits)) return corrupt("a posting");
            const auto there = read(database, Family::postings, posting_key(next, *bucket));
            if (!there.has_value()) return there.error();
            if (*there && !decode_into(**there, bits)) return corrupt("a posting");
            changes.put(Family::postings, posting_key(next, *bucket), encode(bits));
            changes.remove(Family::postings, view(postings->key()));
        }
        if (!postings->status().ok()) return store_error(postings->status());
    }
    const auto prefix = agent_prefix(store, from);
    const std::unique_ptr<rocksdb::Iterator> names(
        database.db().NewIterator({}, database.family(Family::agents)));
    for (names->Seek(prefix); names->Valid() && view(names->key()).starts_with(prefix); names->Next())
        changes.remove(Family::agents, view(names->key()));
    if (!names->status().ok()) return store_error(names->status());
    auto written = changes.write();
    if (written.has_value()) written = dictionary.rename(store, FactText::actor, from, to);
    return written;
}

Result<void> forget_unused_texts(Database& database, Dictionary& dictionary, StoreId store) {
    std::map<FactText, std::set<FactNumber>> used;
    const auto note = [&](FactText kind, std::int64_t number) {
        if (number != no_fact) used[kind].insert(static_cast<FactNumber>(number));
    };
    auto read_all = each_chunk(
        database, store, 0, ~Bucket{0}, [&](const FactChunk& place, std::string_view) -> Result<void> {
            const auto column = [&](FactColumn wanted) -> Result<std::vector<std::int64_t>> {
                const auto bytes = read(database, Family::facts, fact_key(store, wanted, place));
                if (!bytes.has_value()) return bytes.error();
                const auto values = *bytes ? Column::read(**bytes) : std::nullopt;
                if (!values) return corrupt("a column of facts");
                std::vector<std::int64_t> all(values->rows());
                values->copy(0, all.size(), all.data());
                return all;
            };
            for (const auto& [kind, wanted] : {std::pair{FactText::actor, FactColumn::actor},
                                               {FactText::actor, FactColumn::team},
                                               {FactText::actor, FactColumn::instructor},
                                               {FactText::iri, FactColumn::verb},
                                               {FactText::iri, FactColumn::activity_type},
                                               {FactText::list, FactColumn::parents},
                                               {FactText::list, FactColumn::groupings},
                                               {FactText::list, FactColumn::categories},
                                               {FactText::word, FactColumn::platform},
                                               {FactText::word, FactColumn::language},
                                               {FactText::word, FactColumn::response}}) {
                const auto values = column(wanted);
                if (!values.has_value()) return values.error();
                for (const auto value : *values) note(kind, value);
            }
            const auto objects = column(FactColumn::object);
            const auto actors = column(FactColumn::object_is_actor);
            if (!objects.has_value()) return objects.error();
            if (!actors.has_value()) return actors.error();
            for (std::size_t row = 0; row < objects->size() && row < actors->size(); ++row)
                note((*actors)[row] == no_fact ? FactText::iri : FactText::actor, (*objects)[row]);
            return {};
        });
    if (!read_all.has_value()) return read_all;
    auto lists = each_text(database, store, FactText::list, [&](FactNumber number, std::string_view text) {
        if (!used[FactText::list].contains(number)) return;
        for (const auto one : list_of(text)) note(FactText::iri, one);
    });
    if (!lists.has_value()) return lists;
    for (const auto kind : {FactText::actor, FactText::iri, FactText::word}) {
        std::vector<std::pair<FactNumber, std::string>> unused;
        auto all = each_text(database, store, kind, [&](FactNumber number, std::string_view text) {
            if (!text.empty() && !used[kind].contains(number)) unused.emplace_back(number, text);
        });
        if (all.has_value()) all = dictionary.forget(store, kind, unused);
        if (!all.has_value()) return all;
    }
    return {};
}

Result<void> purge_files(Database& database) {
    std::vector<rocksdb::ColumnFamilyHandle*> families;
    for (std::size_t i = 0; i < family_count; ++i)
        families.push_back(database.family(static_cast<Family>(i)));
    // What is in memory leaves with it its part of the write-ahead log.
    auto status = database.db().Flush({}, families);
    rocksdb::CompactRangeOptions all;
    all.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
    for (auto* const family : families)
        if (status.ok()) status = database.db().CompactRange(all, family, nullptr, nullptr);
    if (!status.ok()) return store_error(status);
    return {};
}

Result<void> each_document(Database& database, StoreId store,
                           const std::function<bool(const DocumentName&, const Document&)>& each) {
    const auto prefix = activity_key(store, {}).substr(0, sizeof(StoreId));
    const std::unique_ptr<rocksdb::Iterator> documents(
        database.db().NewIterator({}, database.family(Family::documents)));
    for (documents->Seek(prefix); documents->Valid() && view(documents->key()).starts_with(prefix);
         documents->Next()) {
        const auto kept = decode_document(view(documents->value()));
        if (!kept) return corrupt("a document");
        if (!each(kept->name, kept->document)) return {};
    }
    if (!documents->status().ok()) return store_error(documents->status());
    return {};
}

} // namespace leerspoor::storage::engine
