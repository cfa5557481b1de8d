// One attachment's file: written while its bytes come in, read in pieces later.
#pragma once

#include "storage/record_store.hpp"
#include "storage/rocksdb/database/database.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace leerspoor::storage::engine {

// May outlive the database, not its disk.
class AttachmentFile final : public AttachmentUpload {
  public:
    // Makes the file, for whoever is of this `life`. Errors: store_full, store_failed.
    static Result<std::unique_ptr<AttachmentUpload>> create(rocksdb::Env& disk, std::filesystem::path path,
                                                            std::uint64_t life);
    ~AttachmentFile() override; // removes the file, unless it was moved

    std::uint64_t life() const { return life_; }
    Result<void> append(std::string_view bytes) override;
    Result<void> complete() override;
    // Makes it durable; nothing can be appended any more.
    Result<void> finish();
    // REQUIRES: finished. The new name is durable when its folder was synced.
    Result<void> move_to(const std::string& path);

  private:
    AttachmentFile(rocksdb::Env& disk, const std::filesystem::path& path, std::uint64_t life)
        : disk_(disk), folder_(path.parent_path()), life_(life), path_(path.string()) {}

    rocksdb::Env& disk_;
    const std::filesystem::path folder_;
    const std::uint64_t life_;
    std::string path_;
    std::unique_ptr<rocksdb::WritableFile> file_;
    Result<void> state_;
};

// Opens a file for reading; null when there is none. Independent of the database once it is open.
Result<std::unique_ptr<AttachmentContent>> open_attachment_file(const Database& database,
                                                                const std::string& path);

} // namespace leerspoor::storage::engine
