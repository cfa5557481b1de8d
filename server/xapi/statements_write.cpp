#include "server/await.hpp"
#include "server/problem.hpp"
#include "server/random.hpp"
#include "server/xapi/content_type.hpp"
#include "server/xapi/query_parameters.hpp"
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

// xAPI 1.0.3 Part Three 1.5.2: in a request without the attachments' bytes each must say where they are.
Result<void> check_file_urls(const json::object& statement, const std::string& pointer) {
    const auto* const attachments = statement.if_contains("attachments");
    if (!attachments || !attachments->is_array()) return {};
    std::size_t index = 0;
    for (const auto& attachment : attachments->get_array()) {
        if (attachment.is_object() && !attachment.get_object().contains("fileUrl")) {
            const auto list = spec::child_pointer(pointer, "attachments");
            return Error{
                "attachment_without_file_url", spec::child_pointer(list, index),
                "An attachment in an application/json request needs a fileUrl, since its bytes are not "
                "in the request."};
        }
        ++index;
    }
    return {};
}

Result<void> check_attachments(const json::value& body) {
    const auto check = [](const json::value& statement, const std::string& pointer) -> Result<void> {
        if (!statement.is_object()) return {};
        if (auto own = check_file_urls(statement.get_object(), pointer); !own) return own;
        const auto* const object = statement.get_object().if_contains("object");
        if (!object || !object->is_object()) return {};
        return check_file_urls(object->get_object(), spec::child_pointer(pointer, "object"));
    };
    if (!body.is_array()) return check(body, "");
    std::size_t index = 0;
    for (const auto& statement : body.get_array()) {
        if (auto checked = check(statement, spec::child_pointer("", index++)); !checked) return checked;
    }
    return {};
}

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

// Parsing and completing happen in one go on one thread, so the document can live in that thread's buffer.
Result<std::vector<spec::PreparedStatement>> prepare(const Services& services, const Exchange& exchange,
                                                     const std::optional<spec::Uuid>& id) {
    thread_local std::array<unsigned char, 64u << 10> buffer;
    json::monotonic_resource memory(buffer.data(), buffer.size());
    auto body =
        spec::parse_json(exchange.request.body, services.settings.max_json_depth, json::storage_ptr(&memory));
    if (!body) return body.error();
    if (id) {
        if (auto given = give_id(*body, *id); !given) return given.error();
    }
    auto batch = spec::prepare_batch(*body, exchange.version, exchange.principal->authority, random_uuid,
                                     services.settings.max_batch_statements);
    if (!batch) return batch;
    if (auto checked = check_attachments(*body); !checked) return checked.error();
    return batch;
}

boost::asio::awaitable<Result<storage::PutReceipt>> store(const Services& services, const Exchange& exchange,
                                                          std::vector<spec::PreparedStatement> batch) {
    if (batch.empty()) co_return storage::PutReceipt{};
    auto start = [&services, &exchange, &batch](storage::RecordStore::PutCallback done) {
        services.store.put_statements(exchange.principal->store, std::move(batch), std::move(done));
    };
    co_return co_await completion_of<Result<storage::PutReceipt>>(start);
}

} // namespace

boost::asio::awaitable<http::Response> put_statement(const Services& services, Exchange exchange) {
    const auto& request = exchange.request;
    const auto parameters = parse_only(request.head.query(), {"statementId"});
    if (!parameters) co_return problem(parameters.error(), request.head.id);
    if (parameters->empty()) {
        const Error error{"query_parameter_missing", "", "PUT needs the query parameter statementId."};
        co_return problem(error, request.head.id);
    }
    const auto id = spec::parse_uuid(parameters->front().second);
    if (!id) {
        const Error error{"query_parameter_invalid", "",
                          "The query parameter \"statementId\" must be a UUID."};
        co_return problem(error, request.head.id);
    }
    if (auto type = expect_json(request.head); !type) co_return problem(type.error(), request.head.id);

    auto batch = prepare(services, exchange, id);
    if (!batch) co_return problem(batch.error(), request.head.id);
    const auto receipt = co_await store(services, exchange, std::move(*batch));
    if (!receipt) co_return problem(receipt.error(), request.head.id);

    http::Response response;
    response.status = 204;
    co_return response;
}

boost::asio::awaitable<http::Response> post_statements(const Services& services, Exchange exchange) {
    const auto& request = exchange.request;
    const auto parameters = parse_only(request.head.query(), {});
    if (!parameters) co_return problem(parameters.error(), request.head.id);
    if (auto type = expect_json(request.head); !type) co_return problem(type.error(), request.head.id);

    auto batch = prepare(services, exchange, std::nullopt);
    if (!batch) co_return problem(batch.error(), request.head.id);
    std::string ids = "[";
    for (const auto& statement : *batch) {
        if (ids.size() > 1) ids += ',';
        ids.append("\"").append(spec::to_string(statement.id)).append("\"");
    }
    ids += ']';
    const auto receipt = co_await store(services, exchange, std::move(*batch));
    if (!receipt) co_return problem(receipt.error(), request.head.id);

    http::Response response;
    response.fields.add("Content-Type", "application/json");
    response.body = std::move(ids);
    co_return response;
}

} // namespace leerspoor::server::xapi
