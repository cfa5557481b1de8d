// Copies of a whole store, taken while it serves.
#pragma once

#include "spec/base/error.hpp"
#include "spec/base/timestamp.hpp"
#include "storage/statements.hpp"

#include <cstdint>
#include <filesystem>

namespace leerspoor::storage {

struct Backup {
    std::uint32_t number = 0; // 1, 2, … in its folder
    spec::Instant made;
    Sequence through = 0;           // every statement up to this one is in it
    std::uint64_t bytes = 0;        // of all its files
    std::uint64_t copied_bytes = 0; // that were not in the folder yet; of a backup that is just made
};

class BackupSource {
  public:
    BackupSource() = default;
    BackupSource(const BackupSource&) = delete;
    BackupSource& operator=(const BackupSource&) = delete;
    virtual ~BackupSource() = default;

    // Adds a backup to a folder, which is made if it is not there: everything that was acknowledged when it
    // was called, as of one moment, attachments too, and durable. What an earlier backup there has already is
    // not copied again. Takes as long as it takes; writes go on. Errors: backup_unusable.
    virtual Result<Backup> back_up(const std::filesystem::path& folder) = 0;
};

} // namespace leerspoor::storage
