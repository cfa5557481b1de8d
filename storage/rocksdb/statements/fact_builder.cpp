#include "storage/rocksdb/statements/fact_builder.hpp"

#include "spec/base/json.hpp"
#include "spec/facts.hpp"
#include "storage/rocksdb/database/format.hpp"
#include "storage/rocksdb/facts/fact_chunk.hpp"

#include <rocksdb/write_batch.h>

#include <memory>
#include <sys/resource.h>
#include <unistd.h>

namespace leerspoor::storage::engine {

namespace {

// Of Linux, for one thread: behind everybody who waits for an answer.
constexpr int behind_all = 10;

Result<std::optional<Sequence>> read_mark(Database& database, std::string_view key) {
    std::string value;
    const auto status = database.db().Get({}, database.family(Family::system), slice(key), &value);
    if (status.IsNotFound()) return std::optional<Sequence>();
    if (!status.ok()) return store_error(status);
    const auto sequence = decode_sequence(value);
    if (!sequence) return store_error(rocksdb::Status::Corruption("the mark of what has facts"));
    return sequence;
}

} // namespace

Result<void> FactBuilder::start(bool fresh) {
    const auto known = read_mark(database_, facts_missing_key);
    if (!known.has_value()) return known.error();
    if (*known) {
        missing_ = **known;
    } else {
        // A folder that an earlier version made: what it sealed has none, and what it did not seal was
        // replayed.
        const auto indexed = read_mark(database_, indexed_through_key);
        if (!indexed.has_value()) return indexed.error();
        missing_ = fresh ? 0 : indexed->value_or(0);
        rocksdb::WriteOptions durable;
        durable.sync = true;
        const auto put = database_.db().Put(durable, database_.family(Family::system),
                                            slice(facts_missing_key), encode_sequence(missing_));
        if (!put.ok()) return store_error(put);
    }
    if (missing_ > 0) thread_ = std::thread([this] { run(); });
    return {};
}

void FactBuilder::stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
}

// What cannot be made now is tried again at the next start.
void FactBuilder::run() {
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), behind_all);
    while (missing_ > 0 && !stopping_) {
        if (!build(missing_).has_value()) return;
    }
}

// Of the bucket that this sequence is in, up to it.
Result<void> FactBuilder::build(Sequence through) {
    const Bucket bucket = bucket_of(through);
    const Sequence first = std::max<Sequence>(sequence_of(bucket, 0), 1);
    rocksdb::ReadOptions once;
    once.fill_cache = false;
    const std::unique_ptr<rocksdb::Iterator> statements(
        database_.db().NewIterator(once, database_.family(Family::statements)));
    auto rows = std::make_unique<FactRows>();
    StoreId store = 0;
    for (statements->Seek(statement_key(store, first)); statements->Valid() && !stopping_;) {
        const auto key = parse_statement_key(view(statements->key()));
        if (!key) return store_error(rocksdb::Status::Corruption("a statement's key"));
        if (key->first != store || key->second < first) {
            // Another store's: from its first of this bucket on.
            store = key->first;
            if (key->second < first) {
                statements->Seek(statement_key(store, first));
                continue;
            }
        }
        if (key->second > through) {
            ++store;
            statements->Seek(statement_key(store, first));
            continue;
        }
        const auto statement = decode_statement(key->second, view(statements->value()));
        const auto parsed = statement ? spec::parse_stored_json(statement->bytes)
                                      : Result<boost::json::value>(Error{"store_damaged", "", ""});
        if (parsed.has_value() && parsed->is_object()) {
            const auto facts = spec::facts_of(parsed->get_object());
            const auto row = dictionary_.row_of(store, key->second, statement->stored, facts);
            if (!row.has_value()) return row.error();
            rows->add(*row);
        }
        statements->Next();
    }
    if (!statements->status().ok()) return store_error(statements->status());
    if (stopping_) return {};
    // In the log before the facts that use it.
    if (auto written = dictionary_.write(); !written.has_value()) return written;
    rocksdb::WriteBatch batch;
    rocksdb::Status status;
    for (const auto& [key, column] : encode_facts(*rows, bucket)) {
        if (status.ok()) status = batch.Put(database_.family(Family::facts), key, column);
    }
    if (status.ok()) {
        status =
            batch.Put(database_.family(Family::system), slice(facts_missing_key), encode_sequence(first - 1));
    }
    if (status.ok()) status = database_.db().Write({}, &batch);
    if (!status.ok()) return store_error(status);
    missing_ = first - 1;
    return {};
}

} // namespace leerspoor::storage::engine
