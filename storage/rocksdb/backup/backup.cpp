#include "storage/rocksdb/backup/backup.hpp"

#include "storage/rocksdb/backup/restore.hpp"
#include "storage/rocksdb/database/format.hpp"

#include <rocksdb/env.h>
#include <rocksdb/utilities/backup_engine.h>

#include <algorithm>
#include <fcntl.h>
#include <memory>
#include <set>
#include <string>
#include <unistd.h>

namespace leerspoor::storage {

namespace {

namespace fs = std::filesystem;

constexpr const char* database_folder = "db";
constexpr const char* attachment_folder = "attachments";
constexpr const char* content_folder = "content";
constexpr const char* incoming = "incoming";
constexpr const char* marker = "LEERSPOOR";
constexpr const char* copying = ".copying"; // ends the name of a file that is not whole yet

Error unusable(const fs::path& path, const std::string& why) {
    return {"backup_unusable", "", path.string() + " cannot be used for backups: " + why + "."};
}
Error damaged(const fs::path& path, const std::string& why) {
    return {"backup_damaged", "",
            "The backup in " + path.string() + " is damaged (" + why + "): use another one."};
}

Result<void> synced(const fs::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool good = file >= 0 && (::fsync(file) == 0 || errno == EINVAL);
    if (file >= 0) ::close(file);
    return good ? Result<void>() : unusable(path, "it cannot be synced");
}

// Whole or not at all, and durable in its folder once that is synced.
Result<void> copy_durably(const fs::path& from, const fs::path& to) {
    std::error_code problem;
    const fs::path beside = to.string() + copying;
    fs::copy_file(from, beside, fs::copy_options::overwrite_existing, problem);
    if (problem) return unusable(to, problem.message());
    auto durable = synced(beside);
    if (!durable.has_value()) return durable;
    fs::rename(beside, to, problem);
    return problem ? unusable(to, problem.message()) : Result<void>();
}

// Files of `from` that are not in `to`, with their folders. Files never change: their names are their
// digests.
Result<std::uint64_t> copy_files(const fs::path& from, const fs::path& to) {
    std::uint64_t bytes = 0;
    std::error_code problem;
    if (!fs::exists(from, problem)) return bytes;
    std::set<fs::path> folders;
    for (auto entry = fs::recursive_directory_iterator(from, problem); entry != fs::end(entry);
         entry.increment(problem)) {
        if (problem) return unusable(from, problem.message());
        if (entry.depth() == 0 && entry->path().filename() == incoming) {
            entry.disable_recursion_pending();
            continue;
        }
        const auto target = to / fs::relative(entry->path(), from);
        if (entry->is_directory()) {
            fs::create_directories(target, problem);
            if (problem) return unusable(target, problem.message());
            continue;
        }
        if (entry->path().extension() == copying || fs::exists(target, problem)) continue;
        auto copied = copy_durably(entry->path(), target);
        if (!copied.has_value()) return copied.error();
        bytes += fs::file_size(target, problem);
        folders.insert(target.parent_path());
    }
    for (const auto& folder : folders) {
        auto durable = synced(folder);
        if (!durable.has_value()) return durable.error();
    }
    return bytes;
}

rocksdb::BackupEngineOptions engine_options(const fs::path& folder) {
    rocksdb::BackupEngineOptions options((folder / database_folder).string());
    options.max_background_operations = 2;
    return options;
}

Backup backup_of(const rocksdb::BackupInfo& info) {
    Backup backup;
    backup.number = info.backup_id;
    backup.made = spec::Instant(std::chrono::seconds(info.timestamp));
    backup.bytes = info.size;
    if (info.app_metadata.size() == 16) {
        backup.through =
            engine::decode_sequence(std::string_view(info.app_metadata).substr(0, 8)).value_or(0);
        const auto made = engine::decode_instant(std::string_view(info.app_metadata).substr(8));
        if (made) backup.made = *made;
    }
    return backup;
}

Result<std::unique_ptr<rocksdb::BackupEngineReadOnly>> opened(const fs::path& folder) {
    std::error_code problem;
    if (!fs::is_directory(folder / database_folder, problem))
        return unusable(folder, "there is no backup in it");
    rocksdb::BackupEngineReadOnly* made = nullptr;
    const auto status =
        rocksdb::BackupEngineReadOnly::Open(engine_options(folder), rocksdb::Env::Default(), &made);
    if (!status.ok()) return unusable(folder, status.ToString());
    return std::unique_ptr<rocksdb::BackupEngineReadOnly>(made);
}

Result<Backup> checked(const rocksdb::BackupEngineReadOnly& engine, const fs::path& folder,
                       std::optional<std::uint32_t> number) {
    std::vector<rocksdb::BackupInfo> all;
    engine.GetBackupInfo(&all);
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) {
        return number ? one.backup_id == *number : one.backup_id == all.back().backup_id;
    });
    if (found == all.end()) {
        return Error{"backup_unknown", "",
                     folder.string() +
                         (number ? " has no backup " + std::to_string(*number) + "." : " has no backup.")};
    }
    const auto status = engine.VerifyBackup(found->backup_id, true);
    if (!status.ok()) return damaged(folder, status.ToString());
    return backup_of(*found);
}

} // namespace

namespace engine {

Result<Backup> make_backup(Database& database, Sequence through, spec::Instant now, const fs::path& folder) {
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem) return unusable(folder, problem.message());
    if (fs::exists(folder / "lock", problem))
        return unusable(folder, "it is a data folder, and backups want one of their own");
    auto marked = copy_durably(database.folder().path() / marker, folder / marker);
    if (!marked.has_value()) return marked.error();
    rocksdb::BackupEngine* made = nullptr;
    rocksdb::Status status =
        rocksdb::BackupEngine::Open(engine_options(folder), rocksdb::Env::Default(), &made);
    if (!status.ok()) return unusable(folder, status.ToString());
    const std::unique_ptr<rocksdb::BackupEngine> backups(made);
    const auto before = fs::space(folder, problem).available;
    rocksdb::CreateBackupOptions options;
    options.flush_before_backup = true;
    rocksdb::BackupID number = 0;
    status = backups->CreateNewBackupWithMetadata(options, &database.db(),
                                                  encode_sequence(through) + encode_instant(now), &number);
    if (!status.ok()) return unusable(folder, status.ToString());
    // After the database: a file is there before what speaks of it.
    const auto attachments = copy_files(database.folder().attachments(), folder / attachment_folder);
    if (!attachments.has_value()) return attachments.error();
    const auto content = copy_files(database.folder().content(), folder / content_folder);
    if (!content.has_value()) return content.error();
    auto durable = synced(folder);
    if (!durable.has_value()) return durable.error();
    rocksdb::BackupInfo info;
    status = backups->GetBackupInfo(number, &info);
    if (!status.ok()) return unusable(folder, status.ToString());
    auto backup = backup_of(info);
    const auto after = fs::space(folder, problem).available;
    backup.copied_bytes = before > after ? before - after : *attachments + *content;
    return backup;
}

} // namespace engine

Result<std::vector<Backup>> backups_in(const fs::path& folder) {
    const auto engine = opened(folder);
    if (!engine.has_value()) return engine.error();
    std::vector<rocksdb::BackupInfo> all;
    (*engine)->GetBackupInfo(&all);
    std::vector<Backup> backups;
    for (const auto& info : all) backups.push_back(backup_of(info));
    return backups;
}

Result<Backup> check_backup(const fs::path& folder, std::optional<std::uint32_t> number) {
    const auto engine = opened(folder);
    if (!engine.has_value()) return engine.error();
    return checked(**engine, folder, number);
}

Result<Backup> restore_backup(const fs::path& folder, std::optional<std::uint32_t> number,
                              const fs::path& data) {
    std::error_code problem;
    if (fs::exists(data, problem) && !fs::is_empty(data, problem)) {
        return Error{"data_folder_foreign", "",
                     data.string() +
                         " is not empty: a backup is restored to a folder that is not there yet."};
    }
    const auto engine = opened(folder);
    if (!engine.has_value()) return engine.error();
    const auto backup = checked(**engine, folder, number);
    if (!backup.has_value()) return backup.error();
    // Beside its place, and moved there when it is whole.
    const fs::path beside = data.string() + ".restoring";
    fs::remove_all(beside, problem);
    fs::create_directories(beside / database_folder, problem);
    if (problem) return unusable(beside, problem.message());
    fs::permissions(beside, fs::perms::owner_all, problem);
    const auto database = (beside / database_folder).string();
    const auto status = (*engine)->RestoreDBFromBackup(backup->number, database, database);
    if (!status.ok()) return damaged(folder, status.ToString());
    const auto attachments = copy_files(folder / attachment_folder, beside / attachment_folder);
    if (!attachments.has_value()) return attachments.error();
    const auto content = copy_files(folder / content_folder, beside / content_folder);
    if (!content.has_value()) return content.error();
    auto durable = copy_durably(folder / marker, beside / marker);
    if (durable.has_value()) durable = synced(beside);
    if (!durable.has_value()) return durable.error();
    fs::remove(data, problem); // empty
    fs::rename(beside, data, problem);
    if (problem) return unusable(data, problem.message());
    return backup;
}

} // namespace leerspoor::storage
