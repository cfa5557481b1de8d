// The bytes of attachments (xAPI 1.0.3 Part Two 2.4.11).
#pragma once

#include "spec/base/error.hpp"
#include "storage/store_id.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace leerspoor::storage {

// The bytes of an attachment on their way in, kept aside until the statements that speak of them are stored.
// Given up (destroyed before that) it leaves nothing behind. One thread at a time.
class AttachmentUpload {
  public:
    AttachmentUpload() = default;
    AttachmentUpload(const AttachmentUpload&) = delete;
    AttachmentUpload& operator=(const AttachmentUpload&) = delete;
    virtual ~AttachmentUpload() = default;

    // Errors: store_full, store_failed.
    virtual Result<void> append(std::string_view bytes) = 0;
    // All bytes are there: it holds no file open any more, however long its request still takes. REQUIRES: no
    // append() follows. Error: store_failed.
    virtual Result<void> complete() = 0;
};

// The bytes of a kept attachment. One thread at a time; stays readable whatever happens to the attachment.
class AttachmentContent {
  public:
    AttachmentContent() = default;
    AttachmentContent(const AttachmentContent&) = delete;
    AttachmentContent& operator=(const AttachmentContent&) = delete;
    virtual ~AttachmentContent() = default;

    virtual std::uint64_t size() const = 0;
    // Where the next read() begins, from the first byte. REQUIRES: not beyond size().
    virtual void go_to(std::uint64_t position) = 0;
    // The next bytes, at most `limit`; "" at the end. Valid until the next call. Error: store_failed.
    virtual Result<std::string_view> read(std::size_t limit) = 0;
};

// An attachment that came with a request.
struct NewAttachment {
    std::string sha2; // in lower-case hex, checked by the caller: the name it is kept under
    std::unique_ptr<AttachmentUpload> upload;
};

class AttachmentStore {
  public:
    AttachmentStore() = default;
    AttachmentStore(const AttachmentStore&) = delete;
    AttachmentStore& operator=(const AttachmentStore&) = delete;
    virtual ~AttachmentStore() = default;

    // A place for an attachment's bytes, to be handed on in a Submission. Errors: store_full, store_failed.
    virtual Result<std::unique_ptr<AttachmentUpload>> begin_attachment(StoreId store) = 0;
    // Null when the store does not have it.
    virtual Result<std::unique_ptr<AttachmentContent>> open_attachment(StoreId store,
                                                                       std::string_view sha2) = 0;
};

} // namespace leerspoor::storage
