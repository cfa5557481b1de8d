#include "server/cli/backup.hpp"

#include "server/audit/commands.hpp"
#include "server/cli/ask.hpp"
#include "server/cli/exit_status.hpp"
#include "storage/rocksdb/backup/restore.hpp"
#include "storage/rocksdb/open.hpp"

#include <atomic>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <ostream>
#include <sys/stat.h>

namespace leerspoor::server::cli {
namespace {

namespace json = boost::json;

Result<json::object> made(const BackupCommand& asked) {
    std::error_code ec;
    if (!std::filesystem::is_directory(asked.data, ec))
        return Error{"data_folder_unusable", "", "There is no folder " + asked.data.string() + "."};
    const auto to = std::filesystem::absolute(asked.to);
    storage::RocksdbOptions options;
    options.allow_future_stored = true; // nothing is stored here
    auto store = storage::open_rocksdb(asked.data, options);
    if (!store && store.error().code == "data_folder_in_use")
        return ask_server(asked.data, {{"command", "backup"}, {"to", to.string()}});
    if (!store) return store.error();
    const auto backup = (*store)->back_up(to);
    if (!backup) return backup.error();
    return audit::as_json(*backup);
}

int refused(const Error& error, std::ostream& err) {
    err << "leerspoor: " << error.message << "\n";
    return failed;
}

void print(const json::object& backup, std::ostream& out) {
    out << "Backup " << backup.at("number") << " of " << text_of(backup, "made")
        << ": everything up to statement " << backup.at("through") << ", "
        << backup.at("bytes").to_number<std::uint64_t>() / 1'000'000 << " MB.\n";
}

Result<json::object> verified(const VerifyStoreCommand& asked) {
    std::error_code ec;
    if (!std::filesystem::is_directory(asked.data, ec))
        return Error{"data_folder_unusable", "", "There is no folder " + asked.data.string() + "."};
    storage::RocksdbOptions options;
    options.allow_future_stored = true; // nothing is stored here
    auto store = storage::open_rocksdb(asked.data, options);
    if (!store && store.error().code == "data_folder_in_use")
        return ask_server(asked.data, {{"command", "verify"}});
    if (!store) return store.error();
    const std::atomic<bool> never = false;
    const auto verification = (*store)->verify(never);
    if (!verification) return verification.error();
    return audit::as_json(*verification);
}

} // namespace

int run_verify_store_command(const VerifyStoreCommand& asked, std::ostream& out, std::ostream& err) {
    ::umask(077);
    const auto verification = verified(asked);
    if (!verification) return refused(verification.error(), err);
    const auto& problems = verification->at("problems").as_array();
    out << (problems.empty() ? "Everything fits: " : "Not everything fits. Read were ")
        << verification->at("statements") << " statements, " << verification->at("postings")
        << " postings that find them, " << verification->at("facts") << " rows of analytics, "
        << verification->at("leaves") << " leaves of the log, " << verification->at("attachments")
        << " attachments, and every checksum.\n";
    for (const auto& problem : problems) out << "- " << std::string_view(problem.as_string()) << "\n";
    if (!problems.empty()) out << "Keep a copy of the folder as it is, then restore a backup.\n";
    return problems.empty() ? done : failed;
}

int run_backup_command(const BackupCommand& asked, std::ostream& out, std::ostream& err) {
    ::umask(077);
    const auto backup = made(asked);
    if (!backup) return refused(backup.error(), err);
    print(*backup, out);
    return done;
}

int run_restore_command(const RestoreCommand& asked, std::ostream& out, std::ostream& err) {
    ::umask(077);
    if (asked.data.empty()) {
        const auto backups = storage::backups_in(asked.from);
        if (!backups) return refused(backups.error(), err);
        for (const auto& backup : *backups) print(audit::as_json(backup), out);
        return done;
    }
    const auto number = asked.number == 0 ? std::nullopt : std::optional(asked.number);
    const auto restored = storage::restore_backup(asked.from, number, asked.data);
    if (!restored) return refused(restored.error(), err);
    print(audit::as_json(*restored), out);
    out << "It is in " << asked.data.string() << ": `leerspoor serve --data " << asked.data.string()
        << "` goes on from there.\n";
    return done;
}

} // namespace leerspoor::server::cli
