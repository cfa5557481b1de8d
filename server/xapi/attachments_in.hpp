// Statements that come with the bytes of their attachments, as multipart/mixed (xAPI 1.0.3 Part Three 1.5.2;
// IEEE 9274.1.1 4.1.3). The bytes go to the store as they arrive; only signatures are held in memory.
#pragma once

#include "server/app/request.hpp"
#include "spec/multipart.hpp"
#include "storage/record_store.hpp"

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server::xapi {

// What a statement says of one of its attachments.
struct AttachmentMention {
    const boost::json::object* statement = nullptr; // the outermost
    std::string pointer;                            // of the attachment in the body
    std::string sha2;                               // lower case
    std::string content_type;
    bool has_file_url = false;
    bool is_signature = false;
};

// All of a body, one statement or a list of them, SubStatements included. REQUIRES: valid statements.
std::vector<AttachmentMention> attachments_of(const boost::json::value& body);

// Error: signature_content_type (xAPI 1.0.3 Part Two 2.6).
Result<void> check_signature_types(const std::vector<AttachmentMention>& mentions);

// In a request without their bytes each must say where they are (1.5.1). Error: attachment_without_file_url.
Result<void> check_file_urls(const std::vector<AttachmentMention>& mentions);

// A request of multipart/mixed, read once from its beginning to its end.
class MultipartStatements {
  public:
    // Errors: those of spec::multipart_boundary.
    static Result<MultipartStatements> of(const Services& services, const Request& request);

    // The first part: JSON. Errors: those of spec::MultipartReader and http::BodyReader,
    // multipart_first_part, body_too_large.
    boost::asio::awaitable<Result<std::string>> statements();
    // All other parts, matched by their SHA-2 and by nothing else: an attachment's `length` is not held
    // against them, since a digest already says which bytes are meant, and clients miscount. Errors: as
    // above, attachment_hash_missing, attachment_unexpected, attachment_repeated, attachment_encoding,
    // attachment_content_type, attachment_hash, attachment_missing, those of spec::check_signature, and those
    // of the store.
    boost::asio::awaitable<Result<std::vector<storage::NewAttachment>>>
    attachments(const std::vector<AttachmentMention>& mentions);

  private:
    MultipartStatements(const Services& services, const Request& request, std::string boundary)
        : services_(services), request_(request), reader_(std::move(boundary)) {}

    boost::asio::awaitable<Result<spec::PartEvent>> next();

    const Services& services_;
    const Request& request_;
    spec::MultipartReader reader_;
};

} // namespace leerspoor::server::xapi
