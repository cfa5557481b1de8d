#include "storage/rocksdb/statements/sealer.hpp"

#include "storage/rocksdb/facts/fact_chunk.hpp"

#include <rocksdb/sst_file_writer.h>

#include <filesystem>
#include <functional>

namespace leerspoor::storage::engine {

namespace {

using Fill = std::function<rocksdb::Status(rocksdb::SstFileWriter&)>;

rocksdb::Status write_file(Database& database, Family family, const std::string& path, const Fill& fill) {
    rocksdb::SstFileWriter writer(rocksdb::EnvOptions(), database.file_options(family),
                                  database.family(family));
    auto status = writer.Open(path);
    if (status.ok()) status = fill(writer);
    if (status.ok()) status = writer.Finish();
    return status;
}

} // namespace

Sealer::Sealer(Database& database, SegmentList& segments)
    : database_(database), segments_(segments), thread_([this] { run(); }) {}

Sealer::~Sealer() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Sealer::hand_over(std::shared_ptr<Segment> segment) {
    {
        const std::scoped_lock lock(mutex_);
        waiting_.push_back(std::move(segment));
    }
    changed_.notify_all();
}

void Sealer::wait_until_at_most(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_.size() <= count || !state_.has_value(); });
}

Result<void> Sealer::state() const {
    const std::scoped_lock lock(mutex_);
    return state_;
}

void Sealer::try_again() {
    {
        const std::scoped_lock lock(mutex_);
        state_ = {};
    }
    changed_.notify_all();
}

void Sealer::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [&] { return stopping_ || (!waiting_.empty() && state_.has_value()); });
        if (waiting_.empty() || !state_.has_value()) return;
        const auto segment = waiting_.front();
        lock.unlock();
        const auto sealed = seal(*segment); // nobody writes to a segment that was handed over
        lock.lock();
        if (sealed.has_value()) {
            segments_.remove(segment); // only now: its files are in the database
            waiting_.pop_front();
        }
        state_ = sealed;
        changed_.notify_all();
    }
}

Result<void> Sealer::seal(const Segment& segment) {
    const std::string base = (database_.folder().sealing() / std::to_string(++files_)).string();
    std::vector<rocksdb::IngestExternalFileArg> files;
    rocksdb::Status status;
    // A file of the family, if there is anything to be written.
    const auto add = [&](Family family, const char* ending, std::size_t count, const Fill& fill) {
        if (!status.ok() || count == 0) return;
        rocksdb::IngestExternalFileArg& file = files.emplace_back();
        file.column_family = database_.family(family);
        file.external_files = {base + ending};
        file.options.move_files = true;
        status = write_file(database_, family, base + ending, fill);
    };
    const auto ids = segment.sorted_ids();
    add(Family::ids, ".ids", ids.size(), [&](rocksdb::SstFileWriter& writer) {
        rocksdb::Status put;
        for (const auto& [id, entry] : ids) {
            put = writer.Put(id_key(id), encode_id(entry));
            if (!put.ok()) break;
        }
        return put;
    });
    const auto postings = segment.sorted_postings();
    add(Family::postings, ".postings", postings.size(), [&](rocksdb::SstFileWriter& writer) {
        rocksdb::Status merged;
        for (const auto& [term, bits] : postings) {
            // Merged, not put: others may have written to this key before.
            merged = writer.Merge(posting_key(term, segment.bucket()), bits);
            if (!merged.ok()) break;
        }
        return merged;
    });
    const auto facts = encode_facts(segment.facts(), segment.bucket());
    add(Family::facts, ".facts", facts.size(), [&](rocksdb::SstFileWriter& writer) {
        rocksdb::Status put;
        for (const auto& [key, column] : facts) {
            put = writer.Put(key, column);
            if (!put.ok()) break;
        }
        return put;
    });
    add(Family::system, ".system", segment.statements(), [&](rocksdb::SstFileWriter& writer) {
        return writer.Put(slice(indexed_through_key), encode_sequence(segment.last()));
    });
    // What late references wrote without a sync belongs to statements that the mark is about to cover.
    if (status.ok()) status = database_.db().SyncWAL();
    if (status.ok() && !files.empty()) status = database_.db().IngestExternalFiles(files); // all or none
    if (status.ok()) return {};
    for (const auto& file : files) {
        std::error_code ignored; // the folder is emptied at the next start
        std::filesystem::remove(file.external_files.front(), ignored);
    }
    return store_error(status);
}

} // namespace leerspoor::storage::engine
