// leerspoor backup, restore, verify: copies of a data folder, back, and whether one is whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>

namespace leerspoor::server::cli {

struct BackupCommand {
    bool given = false;
    std::filesystem::path data;
    std::filesystem::path to;
};

struct RestoreCommand {
    bool given = false;
    std::filesystem::path from;
    std::filesystem::path data; // none: what is there is listed
    std::uint32_t number = 0;   // 0: the newest
};

struct VerifyStoreCommand {
    bool given = false;
    std::filesystem::path data;
};

// On the data folder itself, or by the server that has it open. Exit status.
int run_backup_command(const BackupCommand& asked, std::ostream& out, std::ostream& err);
int run_restore_command(const RestoreCommand& asked, std::ostream& out, std::ostream& err);
// 0: everything fits; 1: something does not.
int run_verify_store_command(const VerifyStoreCommand& asked, std::ostream& out, std::ostream& err);

} // namespace leerspoor::server::cli
