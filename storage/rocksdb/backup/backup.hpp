// Makes backups: RocksDB's own engine for the database, files beside it for attachments.
#pragma once

#include "storage/backup.hpp"
#include "storage/rocksdb/database/database.hpp"

namespace leerspoor::storage::engine {

// `through`: what was acknowledged before it is called. What BackupSource::back_up() says. One at a time.
Result<Backup> make_backup(Database& database, Sequence through, spec::Instant now,
                           const std::filesystem::path& folder);

} // namespace leerspoor::storage::engine
