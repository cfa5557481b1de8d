// One attachment's file: written while its bytes come in, read in pieces later.
#pragma once

#include "storage/record_store.hpp"
#include "storage/rocksdb/database/database.hpp"

#include <string>

namespace leerspoor::storage::engine {

// Not longer-lived than the database.
class AttachmentFile final : public AttachmentUpload {
  public:
    // Makes the file. Errors: store_full, store_failed.
    static Result<std::unique_ptr<AttachmentUpload>> create(const Database& database, std::string path);
    ~AttachmentFile() override; // removes the file, unless it was moved

    Result<void> append(std::string_view bytes) override;
    Result<void> complete() override;
    // Makes it durable; nothing can be appended any more.
    Result<void> finish();
    // REQUIRES: finished. The new name is durable when its folder was synced.
    Result<void> move_to(const std::string& path);

  private:
    AttachmentFile(const Database& database, std::string path)
        : database_(database), path_(std::move(path)) {}

    const Database& database_;
    std::string path_;
    std::unique_ptr<rocksdb::WritableFile> file_;
    Result<void> state_;
};

// Opens a file for reading; null when there is none. Independent of the database once it is open.
Result<std::unique_ptr<AttachmentContent>> open_attachment_file(const Database& database,
                                                                const std::string& path);

} // namespace leerspoor::storage::engine
