#include "server/xapi/documents.hpp"

#include "server/app/launched.hpp"
#include "server/app/workers.hpp"
#include "server/http/date.hpp"
#include "server/xapi/answer.hpp"
#include "server/xapi/content_type.hpp"
#include "server/xapi/preconditions.hpp"
#include "spec/base/json.hpp"
#include "spec/document.hpp"

#include <utility>

namespace leerspoor::server::xapi {
namespace {

using Changed = Result<std::optional<storage::Document>>;

constexpr std::string_view unknown_type = "application/octet-stream"; // RFC 9110 8.3

// Of content that was launched, more is asked than a scope.
Result<void> admit(const Services& services, const Request& request, const DocumentRequest& asked,
                   bool changes) {
    if (request.principal->session.empty()) return {};
    return services.launched->admit(
        *request.principal, {asked.owner, asked.id, changes,
                             request.head.fields.find("Content-Type").value_or(""), request.body.bytes});
}

// The document that a request brings. A body that says it is JSON must be (xAPI 1.0.3 Part Three 3.2).
Result<storage::Document> document_of(const Request& request) {
    if (auto plain = expect_identity(request.head); !plain) return plain.error();
    storage::Document document;
    document.content_type = request.head.fields.find("Content-Type").value_or(unknown_type);
    document.bytes = request.body.bytes;
    if (spec::is_mergeable(document.content_type)) {
        if (auto json = spec::check_json(document.bytes); !json) return json.error();
    }
    document.etag = sha1_of(document.bytes);
    return document;
}

boost::asio::awaitable<Result<storage::Document>> read_document(const Services& services,
                                                                const Request& request) {
    constexpr std::size_t quick_bytes = 256u << 10; // looked through within half a millisecond
    const auto read = [&] { return document_of(request); };
    if (request.body.bytes.size() > quick_bytes) co_return co_await services.workers.compute(read);
    co_return read();
}

std::optional<std::string> etag_of(const std::optional<storage::Document>& document) {
    return document ? std::optional(document->etag) : std::nullopt;
}

boost::asio::awaitable<Result<http::Response>> change(const Services& services, const Request& request,
                                                      const DocumentRequest& asked,
                                                      storage::DocumentChange change) {
    auto start = [&services, &request, &asked, &change](storage::DocumentStore::DocumentCallback done) {
        services.store.change_document(request.principal->store, asked.name(), std::move(change),
                                       std::move(done));
    };
    const auto changed = co_await completion_of<Changed>(start);
    if (!changed) co_return changed.error();
    http::Response response;
    response.status = 204;
    co_return response;
}

boost::asio::awaitable<Result<http::Response>> list(const Services& services, const Request& request,
                                                    const DocumentRequest& asked) {
    const auto found = co_await services.workers.read(
        [&] { return services.store.list_documents(request.principal->store, asked.owner, asked.since); });
    if (!found) co_return found.error();
    std::string body = "[";
    for (const auto& id : found->ids) {
        if (body.size() > 1) body += ',';
        spec::write_json_string(id, body);
    }
    body += ']';
    co_return cacheable_json(request.head, std::move(body), found->newest);
}

// Whatever a document is, a browser that is led to it must not run it in this server's name.
void forbid_running(http::Response& response) {
    response.fields.add("Content-Security-Policy", "sandbox; default-src 'none'");
}

} // namespace

boost::asio::awaitable<Result<http::Response>> put_document(const Services& services, const Request& request,
                                                            const DocumentRequest& asked,
                                                            BlindPut blind_put) {
    if (auto admitted = admit(services, request, asked, true); !admitted) co_return admitted.error();
    auto document = co_await read_document(services, request);
    if (!document) co_return document.error();
    const auto preconditions = Preconditions::of(request.head.fields);
    storage::DocumentChange replace = [document = std::move(*document), preconditions,
                                       blind_put](const auto& present) -> Changed {
        if (present && preconditions.none() && blind_put != BlindPut::allowed) {
            return Error{"document_exists", "",
                         "There is a document already. Read it first, then send this one with If-Match and "
                         "the ETag that was read, or with If-None-Match: * to store it only where there is "
                         "none."};
        }
        if (!present && preconditions.none() && blind_put == BlindPut::never) {
            return Error{
                "precondition_missing", "",
                "PUT of a profile needs If-None-Match: * for a new document, or If-Match with the ETag of "
                "the one that it replaces."};
        }
        if (auto checked = preconditions.check(etag_of(present)); !checked) return checked.error();
        return std::optional(document);
    };
    co_return co_await change(services, request, asked, std::move(replace));
}

boost::asio::awaitable<Result<http::Response>> post_document(const Services& services, const Request& request,
                                                             const DocumentRequest& asked) {
    if (auto admitted = admit(services, request, asked, true); !admitted) co_return admitted.error();
    auto document = co_await read_document(services, request);
    if (!document) co_return document.error();
    const auto preconditions = Preconditions::of(request.head.fields);
    storage::DocumentChange merge = [document = std::move(*document), preconditions,
                                     most =
                                         services.settings.max_body_bytes](const auto& present) -> Changed {
        if (auto checked = preconditions.check(etag_of(present)); !checked) return checked.error();
        if (!present) return std::optional(document);
        if (!spec::is_mergeable(document.content_type) || !spec::is_mergeable(present->content_type)) {
            return Error{
                "document_not_mergeable", "",
                "POST merges documents of Content-Type application/json only, the one that is stored "
                "and the one that was sent. Use PUT to replace the document whole."};
        }
        auto merged = spec::merge_documents(present->bytes, document.bytes);
        if (!merged) return merged.error();
        if (merged->size() > most) {
            return Error{"document_too_large", "",
                         "Merged, the document would be larger than the server takes in one request. Use PUT "
                         "to replace it by a smaller one."};
        }
        storage::Document result = document;
        result.bytes = std::move(*merged);
        result.etag = sha1_of(result.bytes);
        return std::optional(std::move(result));
    };
    co_return co_await change(services, request, asked, std::move(merge));
}

boost::asio::awaitable<Result<http::Response>>
delete_document(const Services& services, const Request& request, const DocumentRequest& asked) {
    if (auto admitted = admit(services, request, asked, true); !admitted) co_return admitted.error();
    if (asked.id) {
        const auto preconditions = Preconditions::of(request.head.fields);
        storage::DocumentChange remove = [preconditions](const auto& present) -> Changed {
            if (auto checked = preconditions.check(etag_of(present)); !checked) return checked.error();
            return std::optional<storage::Document>();
        };
        co_return co_await change(services, request, asked, std::move(remove));
    }
    auto start = [&services, &request, &asked](storage::DocumentStore::DocumentCallback done) {
        services.store.delete_documents(request.principal->store, asked.owner, std::move(done));
    };
    const auto deleted = co_await completion_of<Changed>(start);
    if (!deleted) co_return deleted.error();
    http::Response response;
    response.status = 204;
    co_return response;
}

boost::asio::awaitable<Result<http::Response>> get_document(const Services& services, const Request& request,
                                                            const DocumentRequest& asked) {
    if (auto admitted = admit(services, request, asked, false); !admitted) co_return admitted.error();
    if (!asked.id) co_return co_await list(services, request, asked);
    const auto& head = request.head;
    auto found = co_await services.workers.read(
        [&] { return services.store.find_document(request.principal->store, asked.name()); });
    if (!found) co_return found.error();
    if (!*found) co_return Error{"document_unknown", "", "There is no such document."};
    auto& document = **found;
    const auto preconditions = Preconditions::of(head.fields);
    if (preconditions.if_match && !names_etag(*preconditions.if_match, document.etag, false)) {
        co_return preconditions.check(document.etag).error();
    }
    http::Response response;
    response.fields.add("ETag", "\"" + document.etag + "\"");
    response.fields.add("Last-Modified", http::date(document.updated));
    forbid_running(response);
    if (preconditions.if_none_match && names_etag(*preconditions.if_none_match, document.etag, true)) {
        response.status = 304;
        co_return response;
    }
    response.fields.add("Content-Type", std::move(document.content_type));
    response.body = std::move(document.bytes);
    co_return response;
}

} // namespace leerspoor::server::xapi
