#include "storage/rocksdb/log/log_writer.hpp"

#include "spec/log/tile.hpp"
#include "storage/rocksdb/database/format.hpp"

#include <rocksdb/write_batch.h>

#include <algorithm>
#include <memory>

namespace leerspoor::storage::engine {

namespace {

constexpr Sequence at_a_time = 4096;
constexpr std::chrono::milliseconds behind{200}; // that the log may be while nobody waits
constexpr std::size_t hash_size = std::tuple_size_v<spec::Hash>;
constexpr std::size_t tile_size = spec::tile_width * hash_size;

Error damaged() {
    return store_error(rocksdb::Status::Corruption("the log"));
}

} // namespace

Result<void> LogWriter::start() {
    auto* const family = database_.family(Family::log);
    std::string value;
    auto status = database_.db().Get({}, family, slice(log_state_key), &value);
    if (!status.ok() && !status.IsNotFound()) return store_error(status);
    if (status.ok()) {
        const auto state = decode_log_state(value);
        if (!state) return damaged();
        state_ = *state;
    }
    for (unsigned level = 0; level < edge_.size(); ++level) {
        const auto hashes = state_.size >> (spec::tile_height * level);
        const auto width = hashes % spec::tile_width;
        if (width == 0) continue;
        auto read = tile(level, hashes / spec::tile_width);
        if (!read.has_value()) return read.error();
        if (read->size() < width * hash_size) return damaged();
        edge_[level] = read->substr(0, width * hash_size);
    }
    const std::unique_ptr<rocksdb::Iterator> rows(database_.db().NewIterator({}, family));
    for (rows->Seek(slice(log_run_prefix)); rows->Valid() && view(rows->key()).starts_with(log_run_prefix);
         rows->Next()) {
        const auto index = decode_sequence(view(rows->key()).substr(log_run_prefix.size()));
        const auto sequence = decode_sequence(view(rows->value()));
        if (!index || !sequence) return damaged();
        if (*index < state_.size) runs_.push_back({*index, *sequence});
    }
    if (!rows->status().ok()) return store_error(rows->status());
    thread_ = std::thread([this] { run(); });
    return {};
}

void LogWriter::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

LogState LogWriter::state() const {
    const std::scoped_lock lock(mutex_);
    return state_;
}

bool LogWriter::await(Sequence through, std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    const auto end = std::chrono::steady_clock::now() + patience;
    while (state_.through < through && !stopping_) {
        wanted_ = true;
        changed_.notify_all();
        if (changed_.wait_until(lock, end) == std::cv_status::timeout) break;
    }
    return state_.through >= through;
}

Result<std::string> LogWriter::tile(unsigned level, std::uint64_t index) const {
    std::string value;
    const auto status =
        database_.db().Get({}, database_.family(Family::log), log_tile_key(level, index), &value);
    if (!status.ok() && !status.IsNotFound()) return store_error(status);
    return Result<std::string>(boost::system::in_place_value, std::move(value));
}

std::optional<std::uint64_t> LogWriter::index_of(Sequence sequence) const {
    const std::scoped_lock lock(mutex_);
    const auto next = std::upper_bound(runs_.begin(), runs_.end(), sequence,
                                       [](Sequence one, const Run& run) { return one < run.first_sequence; });
    if (next == runs_.begin()) return std::nullopt;
    const Run& run = *std::prev(next);
    const auto index = run.first_index + (sequence - run.first_sequence);
    const auto end = next == runs_.end() ? state_.size : next->first_index;
    return index < end ? std::optional(index) : std::nullopt;
}

void LogWriter::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        const auto through = state_.through;
        const auto visible = visible_();
        if (through >= visible) {
            changed_.wait_for(lock, behind, [&] { return stopping_ || wanted_; });
            wanted_ = false;
            continue;
        }
        lock.unlock();
        const auto followed = follow(std::min(visible, through + at_a_time));
        lock.lock();
        // What cannot be read or written now is tried again.
        if (!followed.has_value())
            changed_.wait_for(lock, std::chrono::seconds(1), [&] { return stopping_; });
        changed_.notify_all();
    }
}

Result<void> LogWriter::follow(Sequence through) {
    LogState next = state();
    const auto leaves = leaves_between(next.through + 1, through);
    if (!leaves.has_value()) return leaves.error();
    auto edge = edge_; // as it was, when this comes to nothing
    Rows rows;
    auto runs = runs_; // which only this thread changes
    for (const auto& leaf : *leaves) {
        if (runs.empty() ||
            leaf.sequence != runs.back().first_sequence + (next.size - runs.back().first_index)) {
            runs.push_back({next.size, leaf.sequence});
            rows.emplace_back(log_run_key(next.size), encode_sequence(leaf.sequence));
        }
        append(leaf.hash, 0, next.size++, rows);
    }
    next.through = through;
    for (unsigned level = 0; level < edge_.size(); ++level) {
        if (!edge_[level].empty())
            rows.emplace_back(
                log_tile_key(level, (next.size >> (spec::tile_height * level)) / spec::tile_width),
                edge_[level]);
    }
    rows.emplace_back(std::string(log_state_key), encode_log_state(next));
    rocksdb::WriteBatch batch;
    rocksdb::Status status;
    for (const auto& [key, value] : rows)
        if (status.ok()) status = batch.Put(database_.family(Family::log), key, value);
    rocksdb::WriteOptions derived;
    derived.disableWAL = true;
    if (status.ok()) status = database_.db().Write(derived, &batch);
    if (!status.ok()) {
        edge_ = std::move(edge);
        return store_error(status);
    }
    const std::scoped_lock lock(mutex_);
    runs_ = std::move(runs);
    state_ = next;
    return {};
}

// `index` is the hash's place in its row. A tile that is full is a hash of the row above.
void LogWriter::append(const spec::Hash& hash, unsigned level, std::uint64_t index, Rows& rows) {
    auto& edge = edge_[level];
    edge.append(hash.begin(), hash.end());
    if (edge.size() < tile_size) return;
    const auto tile = index / spec::tile_width;
    const auto whole = *spec::subtree_in({.tile = {}, .first = 0, .count = spec::tile_width}, edge);
    rows.emplace_back(log_tile_key(level, tile), std::exchange(edge, {}));
    if (level + 1 < edge_.size()) append(whole, level + 1, tile, rows);
}

// Of all stores.
Result<std::vector<LogWriter::Leaf>> LogWriter::leaves_between(Sequence first, Sequence last) const {
    std::vector<Leaf> leaves;
    rocksdb::ReadOptions once;
    once.fill_cache = false;
    const std::unique_ptr<rocksdb::Iterator> statements(
        database_.db().NewIterator(once, database_.family(Family::statements)));
    StoreId store = 0;
    for (statements->Seek(statement_key(store, first)); statements->Valid();) {
        const auto key = parse_statement_key(view(statements->key()));
        if (!key) return damaged();
        if (key->first != store) {
            store = key->first;
            if (key->second < first) {
                statements->Seek(statement_key(store, first));
                continue;
            }
        }
        if (key->second > last) {
            statements->Seek(statement_key(++store, first));
            continue;
        }
        const auto statement = decode_statement(key->second, view(statements->value()));
        if (!statement) return damaged();
        leaves.push_back({key->second, statement->leaf()});
        statements->Next();
    }
    if (!statements->status().ok()) return store_error(statements->status());
    std::sort(leaves.begin(), leaves.end(),
              [](const Leaf& a, const Leaf& b) { return a.sequence < b.sequence; });
    return leaves;
}

} // namespace leerspoor::storage::engine
