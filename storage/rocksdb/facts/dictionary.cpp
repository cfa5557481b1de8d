#include "storage/rocksdb/facts/dictionary.hpp"

#include "storage/rocksdb/database/format.hpp"

namespace leerspoor::storage::engine {

namespace {

constexpr std::size_t most_known_bytes = 32u << 20;

rocksdb::Status damaged_number() {
    return rocksdb::Status::Corruption("a number of a text");
}

} // namespace

std::size_t Dictionary::TextHash::operator()(std::string_view text) const noexcept {
    static const KeyedHash hash;
    return hash(text, 0);
}

Result<FactRow> Dictionary::row_of(StoreId store, Sequence sequence, spec::Instant stored,
                                   const spec::Facts& facts) {
    const std::scoped_lock lock(mutex_);
    FactRow row;
    row.store = store;
    row.offset = offset_of(sequence);
    const auto number = [&](FactText kind, std::string_view text) { return number_of(store, kind, text); };
    auto values = fact_values(facts, stored, number);
    Result<void> outcome;
    if (values.has_value()) {
        row.values = *values;
    } else {
        outcome = values.error();
    }
    if (outcome.has_value() && known_bytes_ > most_known_bytes) {
        // What is not in the database yet must not be forgotten.
        outcome = write_news();
        known_.clear();
        known_bytes_ = 0;
    }
    if (!outcome.has_value()) {
        forget();
        return outcome.error();
    }
    return row;
}

Result<void> Dictionary::write() {
    const std::scoped_lock lock(mutex_);
    auto written = write_news();
    if (!written.has_value()) forget();
    return written;
}

Result<void> Dictionary::rename(StoreId store, FactText kind, std::string_view from, std::string_view to) {
    const std::scoped_lock lock(mutex_);
    auto done = write_news();
    forget();
    if (!done.has_value()) return done;
    const auto number = find_number(database_, store, kind, from);
    if (!number.has_value()) return number.error();
    const auto taken = find_number(database_, store, kind, to);
    if (!taken.has_value()) return taken.error();
    if (!*number) return {};
    auto* const family = database_.family(Family::dictionary);
    rocksdb::WriteBatch batch;
    auto status = batch.Delete(family, fact_number_key(store, kind, from));
    if (status.ok())
        status =
            batch.Put(family, fact_text_key(store, kind, **number), *taken ? rocksdb::Slice() : slice(to));
    if (status.ok() && !*taken)
        status = batch.Put(family, fact_number_key(store, kind, to), encode_fact_number(**number));
    rocksdb::WriteOptions durable;
    durable.sync = true;
    if (status.ok()) status = database_.db().Write(durable, &batch);
    if (!status.ok()) return store_error(status);
    return {};
}

Result<void> Dictionary::forget(StoreId store, FactText kind,
                                const std::vector<std::pair<FactNumber, std::string>>& texts) {
    const std::scoped_lock lock(mutex_);
    auto done = write_news();
    forget();
    if (!done.has_value() || texts.empty()) return done;
    auto* const family = database_.family(Family::dictionary);
    rocksdb::WriteBatch batch;
    rocksdb::Status status;
    for (const auto& [number, text] : texts) {
        if (status.ok()) status = batch.Delete(family, fact_number_key(store, kind, text));
        if (status.ok()) status = batch.Put(family, fact_text_key(store, kind, number), rocksdb::Slice());
    }
    rocksdb::WriteOptions durable;
    durable.sync = true;
    if (status.ok()) status = database_.db().Write(durable, &batch);
    if (!status.ok()) return store_error(status);
    return {};
}

Result<void> Dictionary::write_news() {
    if (news_.Count() == 0) return {};
    const auto status = database_.db().Write({}, &news_);
    news_.Clear();
    if (!status.ok()) return store_error(status);
    return {};
}

// What was to be written is not there: nobody may use its numbers.
void Dictionary::forget() {
    news_.Clear();
    known_.clear();
    known_bytes_ = 0;
    last_.clear();
}

Result<FactNumber> Dictionary::number_of(StoreId store, FactText kind, std::string_view text) {
    auto& known = known_[{store, kind}];
    if (const auto found = known.find(text); found != known.end()) return found->second;
    auto found = find_number(database_, store, kind, text);
    if (!found.has_value()) return found.error();
    FactNumber number = found->value_or(0);
    if (number == 0) {
        const auto next = next_number({store, kind});
        if (!next.has_value()) return next.error();
        number = *next;
        auto* const family = database_.family(Family::dictionary);
        auto put = news_.Put(family, fact_number_key(store, kind, text), encode_fact_number(number));
        if (put.ok()) put = news_.Put(family, fact_text_key(store, kind, number), slice(text));
        if (!put.ok()) return store_error(put);
    }
    known_bytes_ += text.size() + sizeof(std::string) + 16;
    known.emplace(std::string(text), number);
    return number;
}

Result<FactNumber> Dictionary::next_number(const Key& key) {
    auto last = last_.find(key);
    if (last == last_.end()) {
        const auto read = last_number(database_, key.first, key.second);
        if (!read.has_value()) return read.error();
        last = last_.emplace(key, *read).first;
    }
    return ++last->second;
}

Result<FactNumber> last_number(Database& database, StoreId store, FactText kind) {
    const std::unique_ptr<rocksdb::Iterator> texts(
        database.db().NewIterator({}, database.family(Family::dictionary)));
    texts->SeekForPrev(fact_text_key(store, kind, ~FactNumber{0}));
    if (!texts->Valid()) {
        if (!texts->status().ok()) return store_error(texts->status());
        return FactNumber{0};
    }
    return parse_fact_text_key(store, kind, view(texts->key())).value_or(0);
}

Result<std::optional<FactNumber>> find_number(Database& database, StoreId store, FactText kind,
                                              std::string_view text) {
    std::string value;
    const auto status = database.db().Get({}, database.family(Family::dictionary),
                                          fact_number_key(store, kind, text), &value);
    if (status.IsNotFound()) return std::optional<FactNumber>();
    if (!status.ok()) return store_error(status);
    const auto number = decode_fact_number(value);
    if (!number) return store_error(damaged_number());
    return number;
}

Result<std::optional<std::string>> read_text(Database& database, StoreId store, FactText kind,
                                             FactNumber number) {
    std::string value;
    const auto status = database.db().Get({}, database.family(Family::dictionary),
                                          fact_text_key(store, kind, number), &value);
    if (status.IsNotFound()) return std::optional<std::string>();
    if (!status.ok()) return store_error(status);
    return std::optional(std::move(value));
}

Result<void> each_text(Database& database, StoreId store, FactText kind,
                       const std::function<void(FactNumber, std::string_view)>& each) {
    const std::unique_ptr<rocksdb::Iterator> texts(
        database.db().NewIterator({}, database.family(Family::dictionary)));
    for (texts->Seek(fact_text_key(store, kind, 1)); texts->Valid(); texts->Next()) {
        const auto number = parse_fact_text_key(store, kind, view(texts->key()));
        if (!number) break;
        each(*number, view(texts->value()));
    }
    if (!texts->status().ok()) return store_error(texts->status());
    return {};
}

} // namespace leerspoor::storage::engine
