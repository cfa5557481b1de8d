#include "server/await.hpp"
#include "server/problem.hpp"
#include "server/random.hpp"
#include "server/xapi/attachments_in.hpp"
#include "server/xapi/content_type.hpp"
#include "server/xapi/parameters.hpp"
#include "server/xapi/statements.hpp"
#include "spec/json.hpp"
#include "spec/prepare.hpp"

#include <array>
#include <boost/json/monotonic_resource.hpp>
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

// What a request asks to store.
struct Submission {
    std::vector<spec::PreparedStatement> batch;
    std::vector<storage::NewAttachment> attachments;
};

Result<Submission> prepare(const Services& services, const Exchange& exchange,
                           const std::optional<spec::Uuid>& id, json::value& body) {
    if (id) {
        if (auto given = give_id(body, *id); !given) return given.error();
    }
    auto batch = spec::prepare_batch(body, exchange.version, exchange.principal->authority, random_uuid,
                                     services.settings.max_batch_statements);
    if (!batch) return batch.error();
    if (!exchange.principal->scopes.intersects(auth::Scopes{auth::Scope::all, auth::Scope::define})) {
        for (auto& statement : *batch) statement.tellings.clear();
    }
    return Submission{std::move(*batch), {}};
}

// Parsing and completing happen in one go on one thread, so the document can live in that thread's buffer.
Result<Submission> read_json(const Services& services, const Exchange& exchange,
                             const std::optional<spec::Uuid>& id) {
    thread_local std::array<unsigned char, 64u << 10> buffer;
    json::monotonic_resource memory(buffer.data(), buffer.size());
    auto body =
        spec::parse_json(exchange.request.body, services.settings.max_json_depth, json::storage_ptr(&memory));
    if (!body) return body.error();
    auto submission = prepare(services, exchange, id, *body);
    if (!submission) return submission;
    const auto mentions = attachments_of(*body);
    if (auto checked = check_signature_types(mentions); !checked) return checked.error();
    if (auto checked = check_file_urls(mentions); !checked) return checked.error();
    return submission;
}

boost::asio::awaitable<Result<Submission>> read_multipart(const Services& services, const Exchange& exchange,
                                                          const std::optional<spec::Uuid>& id) {
    auto parts = MultipartStatements::of(services, exchange);
    if (!parts) co_return parts.error();
    const auto text = co_await parts->statements();
    if (!text) co_return text.error();
    auto body = spec::parse_json(*text, services.settings.max_json_depth);
    if (!body) co_return body.error();
    auto submission = prepare(services, exchange, id, *body);
    if (!submission) co_return submission.error();
    const auto mentions = attachments_of(*body);
    if (auto checked = check_signature_types(mentions); !checked) co_return checked.error();
    auto attachments = co_await parts->attachments(mentions);
    if (!attachments) co_return attachments.error();
    submission->attachments = std::move(*attachments);
    co_return submission;
}

boost::asio::awaitable<Result<Submission>> read_statements(const Services& services, const Exchange& exchange,
                                                           const std::optional<spec::Uuid>& id) {
    const auto& request = exchange.request;
    if (auto plain = expect_identity(request.head); !plain) co_return plain.error();
    if (request.reader) {
        co_return co_await read_multipart(services, exchange, id);
    }
    if (auto type = expect_json(request.head); !type) co_return type.error();
    co_return read_json(services, exchange, id);
}

boost::asio::awaitable<Result<storage::PutReceipt>> store(const Services& services, const Exchange& exchange,
                                                          Submission submission) {
    if (submission.batch.empty()) co_return storage::PutReceipt{};
    auto start = [&services, &exchange, &submission](storage::RecordStore::PutCallback done) {
        services.store.put_statements(exchange.principal->store, std::move(submission.batch),
                                      std::move(submission.attachments), std::move(done));
    };
    co_return co_await completion_of<Result<storage::PutReceipt>>(start);
}

} // namespace

boost::asio::awaitable<http::Response> put_statement(const Services& services, Exchange exchange) {
    const auto& request = exchange.request;
    const auto parameters = Parameters::read(request.head.query(), {"statementId"}, exchange.version);
    if (!parameters) co_return problem(parameters.error(), request.head.id);
    const auto id = parameters->uuid("statementId");
    if (!id) co_return problem(id.error(), request.head.id);
    if (!*id) co_return problem(Parameters::missing("statementId"), request.head.id);
    auto submission = co_await read_statements(services, exchange, *id);
    if (!submission) co_return problem(submission.error(), request.head.id);
    const auto receipt = co_await store(services, exchange, std::move(*submission));
    if (!receipt) co_return problem(receipt.error(), request.head.id);

    http::Response response;
    response.status = 204;
    co_return response;
}

boost::asio::awaitable<http::Response> post_statements(const Services& services, Exchange exchange) {
    const auto& request = exchange.request;
    const auto parameters = Parameters::read(request.head.query(), {}, exchange.version);
    if (!parameters) co_return problem(parameters.error(), request.head.id);
    auto submission = co_await read_statements(services, exchange, std::nullopt);
    if (!submission) co_return problem(submission.error(), request.head.id);
    std::string ids = "[";
    for (const auto& statement : submission->batch) {
        if (ids.size() > 1) ids += ',';
        ids.append("\"").append(spec::to_string(statement.id)).append("\"");
    }
    ids += ']';
    const auto receipt = co_await store(services, exchange, std::move(*submission));
    if (!receipt) co_return problem(receipt.error(), request.head.id);

    http::Response response;
    response.fields.add("Content-Type", "application/json");
    response.body = std::move(ids);
    co_return response;
}

} // namespace leerspoor::server::xapi
