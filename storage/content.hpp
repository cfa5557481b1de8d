// The files of courses: kept by the digests of their bytes, each once in a store, whoever refers to them.
#pragma once

#include "storage/attachments.hpp"

#include <set>
#include <vector>

namespace leerspoor::storage {

class ContentStore {
  public:
    ContentStore() = default;
    ContentStore(const ContentStore&) = delete;
    ContentStore& operator=(const ContentStore&) = delete;
    virtual ~ContentStore() = default;

    // A place for a file's bytes, to be handed to keep_content(). Errors: store_full, store_failed.
    virtual Result<std::unique_ptr<AttachmentUpload>> begin_content(StoreId store) = 0;
    // Durable when it returns, all of them; those that are there already take no more space. `sha2` of each
    // is a SHA-256 that the caller computed. Blocks for the time of the disk. Errors: store_full,
    // store_failed.
    virtual Result<void> keep_content(StoreId store, std::vector<NewAttachment> files) = 0;
    // Null when the store does not have it.
    virtual Result<std::unique_ptr<AttachmentContent>> open_content(StoreId store, std::string_view sha2) = 0;
    // Removes the store's files that are not among `used`; gives how many. REQUIRES: nobody keeps any
    // meanwhile. Error: store_failed.
    virtual Result<std::size_t> remove_content(StoreId store, const std::set<std::string>& used) = 0;
};

} // namespace leerspoor::storage
