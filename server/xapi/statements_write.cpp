#include "server/app/launched.hpp"
#include "server/app/workers.hpp"
#include "server/support/await.hpp"
#include "server/support/random.hpp"
#include "server/xapi/attachments_in.hpp"
#include "server/xapi/content_type.hpp"
#include "server/xapi/parameters.hpp"
#include "server/xapi/statements.hpp"
#include "spec/base/json.hpp"
#include "spec/prepare.hpp"

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace leerspoor::server::xapi {
namespace {

namespace json = boost::json;

// The id in the query and the one in the body are one (xAPI 1.0.3 Part Three 2.1.1).
Result<void> give_id(json::value& body, const spec::Uuid& id) {
    auto* const statement = body.if_object();
    if (!statement) {
        return Error{"statement_expected", "", "PUT takes one statement, a JSON object. POST takes several."};
    }
    const auto* const own = statement->if_contains("id");
    if (!own) {
        (*statement)["id"] = spec::to_string(id);
        return {};
    }
    if (!own->is_string()) return {};
    const auto& text = own->get_string();
    const auto parsed = spec::parse_uuid({text.data(), text.size()});
    if (parsed && *parsed != id) {
        return Error{"statement_id_mismatch", "/id",
                     "The statement's id is not the statementId of the query."};
    }
    return {};
}

using storage::Submission;

// What is read within half a millisecond, and so on the event loop.
constexpr std::size_t quick_bytes = 96u << 10;

// No statement is refused for a number in an extension (xAPI 1.0.3 Part Two 4.1; IEEE 9274.1.1 4.2.7).
spec::JsonRules rules_of(const Services& services) {
    return {.max_depth = services.settings.max_json_depth,
            .any_number = true,
            .max_values = services.settings.max_json_values};
}

Result<Submission> prepare(const Services& services, const Request& request,
                           const std::optional<spec::Uuid>& id, json::value& body) {
    if (id) {
        if (auto given = give_id(body, *id); !given) return given.error();
    }
    auto batch =
        spec::prepare_batch(body, request.version, request.principal->authority, random_uuid,
                            {services.settings.max_batch_statements, services.settings.max_statement_terms,
                             services.settings.max_batch_terms});
    if (!batch) return batch.error();
    const bool may_define =
        request.principal->scopes.intersects(auth::Scopes{auth::Scope::all, auth::Scope::define});
    return Submission{std::move(*batch), {}, may_define};
}

// Parsing and completing happen in one go on one thread, so the document can live in that thread's buffer.
Result<Submission> read_json(const Services& services, const Request& request,
                             const std::optional<spec::Uuid>& id) {
    thread_local std::array<unsigned char, 64u << 10> buffer;
    json::monotonic_resource memory(buffer.data(), buffer.size());
    auto body = spec::parse_json(request.body.bytes, rules_of(services), json::storage_ptr(&memory));
    if (!body) return body.error();
    auto submission = prepare(services, request, id, *body);
    if (!submission) return submission;
    const auto mentions = attachments_of(*body);
    if (auto checked = check_signature_types(mentions); !checked) return checked.error();
    if (auto checked = check_file_urls(mentions); !checked) return checked.error();
    return submission;
}

boost::asio::awaitable<Result<Submission>> read_multipart(const Services& services, const Request& request,
                                                          const std::optional<spec::Uuid>& id) {
    auto parts = MultipartStatements::of(services, request);
    if (!parts) co_return parts.error();
    const auto text = co_await parts->statements();
    if (!text) co_return text.error();
    struct Read {
        std::unique_ptr<json::value> body;
        Submission submission;
        std::vector<AttachmentMention> mentions; // in `body`
    };
    const auto read_text = [&]() -> Result<Read> {
        auto body = spec::parse_json(*text, rules_of(services));
        if (!body) return body.error();
        auto submission = prepare(services, request, id, *body);
        if (!submission) return submission.error();
        auto kept = std::make_unique<json::value>(std::move(*body));
        auto mentions = attachments_of(*kept);
        return Read{std::move(kept), std::move(*submission), std::move(mentions)};
    };
    Result<Read> read = Error{};
    if (text->size() > quick_bytes) {
        read = co_await services.workers.compute(read_text);
    } else {
        read = read_text();
    }
    if (!read) co_return read.error();
    auto& [body, submission, mentions] = *read;
    if (auto checked = check_signature_types(mentions); !checked) co_return checked.error();
    auto attachments = co_await parts->attachments(mentions);
    if (!attachments) co_return attachments.error();
    submission.attachments = std::move(*attachments);
    co_return std::move(submission);
}

boost::asio::awaitable<Result<Submission>> read_statements(const Services& services, const Request& request,
                                                           const std::optional<spec::Uuid>& id) {
    if (auto plain = expect_identity(request.head); !plain) co_return plain.error();
    if (request.body.reader) {
        co_return co_await read_multipart(services, request, id);
    }
    if (auto type = expect_json(request.head); !type) co_return type.error();
    const auto read = [&] { return read_json(services, request, id); };
    if (request.body.bytes.size() > quick_bytes) co_return co_await services.workers.compute(read);
    co_return read();
}

boost::asio::awaitable<Result<void>> store(const Services& services, const Request& request,
                                           Submission submission) {
    // Reading may have taken hours.
    if (request.principal->revoked) {
        co_return Error{"credentials_invalid", "", "The key was revoked while the request was being sent."};
    }
    if (submission.statements.empty()) co_return Result<void>();
    if (!request.principal->session.empty())
        co_return co_await services.launched->put(*request.principal, std::move(submission));
    auto start = [&services, &request, &submission](storage::StatementStore::PutCallback done) {
        services.store.put_statements(request.principal->store, std::move(submission), std::move(done));
    };
    co_return co_await completion_of<Result<void>>(start);
}

} // namespace

boost::asio::awaitable<Result<http::Response>> put_statement(const Services& services,
                                                             const Request& request) {
    const auto parameters = Parameters::read(request.head.query(), {"statementId"}, request.version);
    if (!parameters) co_return parameters.error();
    const auto id = parameters->uuid("statementId");
    if (!id) co_return id.error();
    if (!*id) co_return Parameters::missing("statementId");
    auto submission = co_await read_statements(services, request, *id);
    if (!submission) co_return submission.error();
    const auto stored = co_await store(services, request, std::move(*submission));
    if (!stored) co_return stored.error();

    http::Response response;
    response.status = 204;
    co_return response;
}

boost::asio::awaitable<Result<http::Response>> post_statements(const Services& services,
                                                               const Request& request) {
    const auto parameters = Parameters::read(request.head.query(), {}, request.version);
    if (!parameters) co_return parameters.error();
    auto submission = co_await read_statements(services, request, std::nullopt);
    if (!submission) co_return submission.error();
    std::string ids = "[";
    for (const auto& statement : submission->statements) {
        if (ids.size() > 1) ids += ',';
        ids.append("\"").append(spec::to_string(statement.id)).append("\"");
    }
    ids += ']';
    const auto stored = co_await store(services, request, std::move(*submission));
    if (!stored) co_return stored.error();

    http::Response response;
    response.fields.add("Content-Type", "application/json");
    response.body = std::move(ids);
    co_return response;
}

} // namespace leerspoor::server::xapi
