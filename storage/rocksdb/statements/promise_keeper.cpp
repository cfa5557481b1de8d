#include "storage/rocksdb/statements/promise_keeper.hpp"

#include "storage/rocksdb/database/format.hpp"

namespace leerspoor::storage::engine {

Result<spec::Instant> kept_lease(Database& database) {
    std::string value;
    const auto status =
        database.db().Get({}, database.family(Family::system), slice(promised_through_key), &value);
    if (status.IsNotFound()) return spec::Instant{};
    if (!status.ok()) return store_error(status);
    const auto instant = decode_instant(value);
    if (!instant) return store_error(rocksdb::Status::Corruption("what was promised"));
    return *instant;
}

PromiseKeeper::PromiseKeeper(Database& database, StoredClock& clock)
    : database_(database), clock_(clock), thread_([this] { run(); }) {}

void PromiseKeeper::stop() {
    clock_.stop();
    if (!thread_.joinable()) return;
    thread_.join();
    if (kept_) keep(clock_.promised());
}

void PromiseKeeper::run() {
    while (const auto lease = clock_.next_lease()) {
        if (!keep(*lease)) continue; // no promise then; whoever asks next makes it try again
        kept_ = true;
        clock_.grant(*lease);
    }
}

bool PromiseKeeper::keep(spec::Instant lease) {
    if (!database_.log_state().has_value() || !database_.room_for(0).has_value()) return false;
    rocksdb::WriteOptions durable;
    durable.sync = true;
    return database_.db()
        .Put(durable, database_.family(Family::system), slice(promised_through_key), encode_instant(lease))
        .ok();
}

} // namespace leerspoor::storage::engine
