#include "storage/rocksdb/database/database.hpp"

#include "storage/rocksdb/database/format.hpp"
#include "storage/rocksdb/database/posting_union.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include <mutex>
#include <string>
#include <vector>

namespace leerspoor::storage::engine {

namespace {

constexpr std::array<std::string_view, family_count> family_names{
    "default",    "statements", "ids",   "postings",   "documents",
    "activities", "agents",     "facts", "dictionary", "log"};

// Left free for flushes, sealing and compactions.
constexpr std::uint64_t reserve_bytes = 64u << 20;

rocksdb::BlockBasedTableOptions table_options(const std::shared_ptr<rocksdb::Cache>& cache,
                                              std::size_t block) {
    rocksdb::BlockBasedTableOptions table;
    table.block_cache = cache;
    table.block_size = block;
    table.format_version = 5;
    // Indexes and filters stay outside the cache: a lookup needs them always, and finds them without a lock.
    table.cache_index_and_filter_blocks = false;
    return table;
}

std::array<rocksdb::ColumnFamilyOptions, family_count> all_family_options(const RocksdbOptions& options) {
    const auto cache = rocksdb::NewLRUCache(options.cache_bytes);
    std::array<rocksdb::ColumnFamilyOptions, family_count> all;
    for (auto& family : all) {
        family.compression = rocksdb::kLZ4Compression;
        family.write_buffer_size = 8u << 20;
        family.level_compaction_dynamic_level_bytes = true;
        family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table_options(cache, 4u << 10)));
    }
    auto& statements = all[static_cast<std::size_t>(Family::statements)];
    statements.write_buffer_size = 32u << 20;
    statements.max_write_buffer_number = 3;
    statements.target_file_size_base = 64u << 20;

    auto ids_table = table_options(cache, 4u << 10);
    ids_table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    auto& ids = all[static_cast<std::size_t>(Family::ids)];
    ids.table_factory.reset(rocksdb::NewBlockBasedTableFactory(ids_table));
    ids.compression = rocksdb::kNoCompression; // random bytes

    auto postings_table = table_options(cache, 8u << 10);
    postings_table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    auto& postings = all[static_cast<std::size_t>(Family::postings)];
    postings.table_factory.reset(rocksdb::NewBlockBasedTableFactory(postings_table));
    postings.prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(posting_prefix_size));
    postings.memtable_prefix_bloom_size_ratio = 0.05;
    postings.merge_operator = posting_union();

    // Mostly asked for what is not there yet.
    auto& activities = all[static_cast<std::size_t>(Family::activities)];
    activities.table_factory.reset(rocksdb::NewBlockBasedTableFactory(ids_table));
    activities.memtable_whole_key_filtering = true;
    activities.memtable_prefix_bloom_size_ratio = 0.02;

    // Columns are packed already, and read from end to end.
    auto& facts = all[static_cast<std::size_t>(Family::facts)];
    facts.compression = rocksdb::kNoCompression;
    auto& dictionary = all[static_cast<std::size_t>(Family::dictionary)];
    dictionary.table_factory.reset(rocksdb::NewBlockBasedTableFactory(ids_table));
    dictionary.memtable_whole_key_filtering = true;
    dictionary.memtable_prefix_bloom_size_ratio = 0.02;
    all[static_cast<std::size_t>(Family::log)].compression = rocksdb::kNoCompression; // hashes
    return all;
}

rocksdb::DBOptions db_options(const RocksdbOptions& options, bool may_create) {
    rocksdb::DBOptions db;
    db.create_if_missing = may_create;
    db.create_missing_column_families = true; // of an older format
    // A torn last record is what a crash leaves; anything else that does not read back is damage, and is said
    // so.
    db.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    // Not with RocksDB 7.8: a log that is synced while it is being deleted is then missed at the next start
    // (facebook/rocksdb#10892).
    db.track_and_verify_wals_in_manifest = false;
    db.max_background_jobs = 2;
    db.max_open_files = options.max_open_files;
    db.max_total_wal_size = 256u << 20;
    db.bytes_per_sync = 1u << 20;
    db.keep_log_file_num = 4;
    db.max_log_file_size = 4u << 20;
    db.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
    if (options.env != nullptr) db.env = options.env;
    return db;
}

Error open_error(const std::filesystem::path& folder, const rocksdb::Status& status) {
    if (status.IsIOError() && !status.IsPathNotFound()) {
        return {"data_folder_unusable", "",
                "The database in " + folder.string() + " cannot be opened (" + status.ToString() +
                    "). Check free space, permissions and the disk, then start again; nothing was changed."};
    }
    return {"data_folder_damaged", "",
            "The database in " + folder.string() + " is damaged (" + status.ToString() +
                "). Nothing was changed. Keep a copy of the folder, then restore it from a backup."};
}

// RocksDB 7.8 does not go on after it.
Error until_reopened(const rocksdb::Status& status) {
    auto error = store_error(status);
    error.message =
        "Writing failed (" + status.ToString() +
        "): check the disk of the data folder. It is opened again as soon as it can be written; reading goes "
        "on.";
    return error;
}

} // namespace

// Remembers that the log could not be written. RocksDB 7.8 then neither repairs nor replaces the log, but
// would go on appending to it after DB::Resume(), which ends the process by an assertion or tears the log in
// its middle.
class Database::LogWatcher final : public rocksdb::EventListener {
  public:
    explicit LogWatcher(std::function<void()> failed) : failed_(std::move(failed)) {}

    void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* error) override {
        if (reason != rocksdb::BackgroundErrorReason::kWriteCallback &&
            reason != rocksdb::BackgroundErrorReason::kMemTable) {
            return;
        }
        {
            const std::scoped_lock lock(mutex_);
            if (!failure_.ok()) return;
            failure_ = *error;
        }
        if (failed_) failed_();
    }
    rocksdb::Status failure() const {
        const std::scoped_lock lock(mutex_);
        return failure_;
    }

  private:
    const std::function<void()> failed_;
    mutable std::mutex mutex_;
    rocksdb::Status failure_;
};

Database::Database(DataFolder folder, std::function<void()> log_failed)
    : folder_(std::move(folder)), log_watcher_(std::make_shared<LogWatcher>(std::move(log_failed))) {}

Result<std::unique_ptr<Database>> Database::open(DataFolder folder, const RocksdbOptions& options,
                                                 std::function<void()> log_failed) {
    std::unique_ptr<Database> database(new Database(std::move(folder), std::move(log_failed)));
    const bool established = database->folder_.established();
    database->is_new_ = !established;
    database->db_options_ = db_options(options, !established);
    database->db_options_.listeners.push_back(database->log_watcher_);
    database->family_options_ = all_family_options(options);

    std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
    for (std::size_t i = 0; i < family_count; ++i) {
        descriptors.emplace_back(std::string(family_names[i]), database->family_options_[i]);
    }
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* db = nullptr;
    const auto status = rocksdb::DB::Open(database->db_options_, database->folder_.database().string(),
                                          descriptors, &handles, &db);
    if (!status.ok()) return open_error(database->folder_.path(), status);
    database->db_.reset(db);
    for (std::size_t i = 0; i < family_count; ++i) database->handles_[i] = handles[i];
    if (!established) {
        // The database is durable in its folder before that is said.
        std::unique_ptr<rocksdb::Directory> directory;
        auto synced = database->env().NewDirectory(database->folder_.path().string(), &directory);
        if (synced.ok()) synced = directory->Fsync();
        if (!synced.ok()) return open_error(database->folder_.path(), synced);
        const auto finished = database->folder_.establish();
        if (!finished.has_value()) return finished.error();
    }
    return database;
}

Database::~Database() {
    if (!db_) return;
    for (auto* handle : handles_) db_->DestroyColumnFamilyHandle(handle);
    db_->Close();
}

Result<void> Database::room_for(std::size_t bytes) const {
    return room_on_disk(env(), folder_.path(), bytes);
}

bool Database::takes_files() const {
    const auto path = (folder_.sealing() / "probe.log").string();
    std::unique_ptr<rocksdb::WritableFile> file;
    auto status = env().NewWritableFile(path, &file, rocksdb::EnvOptions());
    if (status.ok()) status = file->Append(std::string(4096, '\0'));
    if (status.ok()) status = file->Fsync();
    if (file) file->Close().PermitUncheckedError();
    env().DeleteFile(path).PermitUncheckedError();
    return status.ok() && room_for(0).has_value();
}

Result<void> Database::log_state() const {
    const auto failure = log_watcher_->failure();
    if (failure.ok()) return {};
    return until_reopened(failure);
}

Result<void> Database::resume() {
    const std::scoped_lock lock(resuming_);
    if (auto log = log_state(); !log.has_value()) return log;
    const auto status = db_->Resume();
    if (status.ok()) return {};
    return status.severity() >= rocksdb::Status::kFatalError ? until_reopened(status) : store_error(status);
}

rocksdb::Options Database::file_options(Family family) const {
    return rocksdb::Options(db_options_, family_options_[static_cast<std::size_t>(family)]);
}

Result<void> room_on_disk(rocksdb::Env& disk, const std::filesystem::path& folder, std::size_t bytes) {
    std::uint64_t free = 0;
    const auto status = disk.GetFreeSpace(folder.string(), &free);
    if (status.ok() && free < reserve_bytes + bytes) return store_error(rocksdb::Status::NoSpace());
    return {};
}

Error store_error(const rocksdb::Status& status) {
    if (status.IsNoSpace() || status.subcode() == rocksdb::Status::kSpaceLimit) {
        return {"store_full", "",
                "The disk of the data folder is full: free some space, then send the request again."};
    }
    if (status.IsCorruption()) {
        return {"store_damaged", "",
                "The data folder is damaged (" + status.ToString() + "): restore it from a backup."};
    }
    if (status.IsIncomplete()) return {"store_would_wait", "", "This takes longer than there is time for."};
    return {"store_failed", "",
            "The data folder cannot be used at present (" + status.ToString() + "): check its disk."};
}

} // namespace leerspoor::storage::engine
