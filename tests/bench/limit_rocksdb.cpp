#include "limit_rocksdb.hpp"

#include <array>
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>
#include <stdexcept>

namespace leerspoor::bench {
namespace {

constexpr std::size_t header_size = 41; // id, stored, flags and salt, as the store keeps them before the JSON

// What the server adds to a statement.
constexpr std::string_view added_by_server =
    R"(,"stored":"2026-11-24T09:30:00.123456Z","authority":{"objectType":"Agent","name":"bench",)"
    R"("account":{"homePage":"https://leerspoor.local","name":"bench"}},"version":"1.0.0"})";

void check(const rocksdb::Status& status) {
    if (!status.ok()) throw std::runtime_error("RocksDB alone: " + status.ToString());
}

// Store and sequence, big-endian.
std::array<char, 12> key_of(std::uint64_t sequence) {
    std::array<char, 12> key{0, 0, 0, 1};
    for (std::size_t i = 0; i < 8; ++i) key[11 - i] = static_cast<char>(sequence >> 8 * i & 0xffu);
    return key;
}

// RocksDB's own defaults: other log, memtable and compression settings were measured to make no difference
// here.
rocksdb::Options options() {
    rocksdb::Options options;
    options.create_if_missing = true;
    options.error_if_exists = true;
    return options;
}

} // namespace

void GroupWrites::merge(const GroupWrites& other) {
    statements += other.statements;
    groups += other.groups;
    seconds += other.seconds;
}

RocksdbLimit::RocksdbLimit(const std::filesystem::path& folder, const StatementPool& pool) : pool_(pool) {
    rocksdb::DB* opened = nullptr;
    check(rocksdb::DB::Open(options(), folder.string(), &opened));
    database_.reset(opened);
}

RocksdbLimit::~RocksdbLimit() = default;

void RocksdbLimit::append_value(std::string& value) {
    const auto statement = pool_.statement(static_cast<std::size_t>(sequence_));
    value.assign(header_size, '\0');
    const std::uint64_t salt[] = {mix(sequence_), mix(sequence_, 1)};
    value.replace(header_size - sizeof salt, sizeof salt, reinterpret_cast<const char*>(salt), sizeof salt);
    value.append(statement.substr(0, statement.size() - 1));
    value.append(added_by_server);
    write_uuid(mix(sequence_, 2), mix(sequence_, 3), value.data() + header_size + Generator::id_offset);
}

GroupWrites RocksdbLimit::run(double group_size, std::chrono::duration<double> duration) {
    using Clock = std::chrono::steady_clock;
    GroupWrites writes;
    rocksdb::WriteOptions synced;
    synced.sync = true;
    rocksdb::WriteBatch group;
    std::string value;
    const auto start = Clock::now();
    const auto end = start + std::chrono::duration_cast<Clock::duration>(duration);
    do {
        throw_if_interrupted();
        ++writes.groups;
        const auto due = static_cast<std::uint64_t>(group_size * static_cast<double>(writes.groups));
        group.Clear();
        for (; writes.statements < due; ++writes.statements) {
            append_value(value);
            const auto key = key_of(++sequence_);
            check(group.Put(rocksdb::Slice(key.data(), key.size()), value));
        }
        check(database_->Write(synced, &group));
    } while (Clock::now() < end);
    writes.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return writes;
}

} // namespace leerspoor::bench
