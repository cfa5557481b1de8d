// Folders of backups, without a store: what is in them, and back to a data folder.
#pragma once

#include "storage/backup.hpp"

#include <optional>
#include <vector>

namespace leerspoor::storage {

// The oldest first. Error: backup_unusable.
Result<std::vector<Backup>> backups_in(const std::filesystem::path& folder);

// Every byte of a backup is what was written. Errors: backup_unknown, backup_damaged.
Result<Backup> check_backup(const std::filesystem::path& folder, std::optional<std::uint32_t> number);

// Makes a data folder of a backup, the newest without a number, after it was checked. `data` must not be
// there, or empty; interrupted, it is as it was, and the next call begins anew. Errors: backup_unknown,
// backup_damaged, backup_unusable, data_folder_foreign.
Result<Backup> restore_backup(const std::filesystem::path& folder, std::optional<std::uint32_t> number,
                              const std::filesystem::path& data);

} // namespace leerspoor::storage
