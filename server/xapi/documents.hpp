// What State, Activity Profile and Agent Profile have in common (xAPI 1.0.3 Part Three 2.2; IEEE 9274.1.1
// 4.1.5): documents are put, merged, read, listed and deleted, under preconditions.
#pragma once

#include "server/app/request.hpp"
#include "storage/record_store.hpp"

#include <optional>
#include <string>

namespace leerspoor::server::xapi {

// What a request is about: one document, or all of an owner.
struct DocumentRequest {
    storage::DocumentOwner owner;
    std::optional<std::string> id;
    std::optional<spec::Instant> since;

    storage::DocumentName name() const { return {owner, *id}; } // REQUIRES: id
};

// What a PUT without If-Match and If-None-Match may do (1.0.3 Part Three 3.1; IEEE 9274.1.1 4.1.4).
enum class BlindPut {
    allowed,  // anything: conflicts are unlikely
    only_new, // 409 when there is a document
    never,    // and 400 when there is none: the client has to say what it expects
};

boost::asio::awaitable<Result<http::Response>> put_document(const Services& services, const Request& request,
                                                            const DocumentRequest& asked, BlindPut blind_put);
boost::asio::awaitable<Result<http::Response>> post_document(const Services& services, const Request& request,
                                                             const DocumentRequest& asked);
boost::asio::awaitable<Result<http::Response>>
delete_document(const Services& services, const Request& request, const DocumentRequest& asked);
// With an id the document, else the ids.
boost::asio::awaitable<Result<http::Response>> get_document(const Services& services, const Request& request,
                                                            const DocumentRequest& asked);

} // namespace leerspoor::server::xapi
