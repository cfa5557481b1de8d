// Files of courses beside the database, named by their SHA-256, one for each store and content. What
// ContentStore's functions of these names say. Any thread.
#pragma once

#include "storage/content.hpp"
#include "storage/rocksdb/database/database.hpp"

#include <atomic>
#include <cstdint>

namespace leerspoor::storage::engine {

class ContentFiles {
  public:
    explicit ContentFiles(Database& database) : database_(database) {}

    Result<std::unique_ptr<AttachmentUpload>> begin();
    Result<void> keep(StoreId store, std::vector<NewAttachment> files);
    Result<std::unique_ptr<AttachmentContent>> open(StoreId store, std::string_view sha2) const;
    Result<std::size_t> remove(StoreId store, const std::set<std::string>& used);

  private:
    std::string path_of(StoreId store, std::string_view sha2) const;

    Database& database_;
    std::atomic<std::uint64_t> begun_ = 0;
};

} // namespace leerspoor::storage::engine
