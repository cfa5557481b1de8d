#include "server/app/workers.hpp"
#include "server/http/date.hpp"
#include "server/xapi/answer.hpp"
#include "server/xapi/attachments_out.hpp"
#include "server/xapi/query_parameters.hpp"
#include "server/xapi/render.hpp"
#include "server/xapi/statements.hpp"
#include "server/xapi/statements_page.hpp"

#include <utility>

namespace leerspoor::server::xapi {
namespace {

Result<http::Response> answer_one(const Services& services, const Request& request,
                                  const StatementsRequest& asked) {
    const auto& head = request.head;
    const bool voided = asked.voided_statement_id.has_value();
    const auto& id = voided ? *asked.voided_statement_id : *asked.statement_id;
    const auto found = services.store.find_statement(request.principal->store, id, voided);
    if (!found) return found.error();
    const bool hidden = *found && is_hidden(*request.principal, **found);
    if (!*found || hidden) {
        return Error{"statement_unknown", "",
                     voided ? "There is no voided statement with this id."
                            : "There is no statement with this id, or it was voided."};
    }
    std::string body;
    Renderer renderer(services.store, request.principal->store, asked.format,
                      head.fields.find("Accept-Language").value_or(""));
    if (auto rendered = renderer.render(**found, body); !rendered) return rendered.error();
    if (asked.attachments) {
        auto response = with_attachments(services, request.principal->store, std::move(body), {**found});
        if (!response) return response.error();
        response->fields.add("Last-Modified", http::date((*found)->stored));
        return std::move(*response);
    }
    return cacheable_json(head, std::move(body), (*found)->stored);
}

// Longer than others on the same event loop may be kept waiting, wherever the statements lie: many of them,
// or some that are parsed one by one.
bool is_long(const Request& request, const StatementsRequest& asked) {
    constexpr std::size_t many = 250;
    constexpr std::size_t many_parsed = 25;
    if (asked.statement_id || asked.voided_statement_id) return false;
    const bool parsed =
        asked.format != spec::Format::exact || asked.attachments || sees_only_its_own(*request.principal);
    return asked.query.limit > (parsed ? many_parsed : many);
}

} // namespace

boost::asio::awaitable<Result<http::Response>> get_statements(const Services& services,
                                                              const Request& request) {
    const auto& head = request.head;
    const PageLimits limits{services.settings.default_page_statements, services.settings.max_page_statements};
    auto asked = parse_statements_request(head.query(), request.version, limits);
    if (!asked) co_return asked.error();
    const bool one = asked->statement_id || asked->voided_statement_id;
    const auto answer = [&] {
        return one ? answer_one(services, request, *asked) : answer_page(services, request, *asked);
    };
    if (is_long(request, *asked)) co_return co_await services.workers.compute(answer);
    if (auto answered = services.workers.at_once(answer)) co_return std::move(*answered);
    co_return co_await services.workers.patiently(answer);
}

boost::asio::awaitable<Result<http::Response>> get_attachment(const Services& services,
                                                              const Request& request) {
    const auto answer = [&]() -> Result<http::Response> {
        const Error unknown{"statement_unknown", "", "There is no statement with this id."};
        const auto id = spec::parse_uuid(path_parameter(request, "id"));
        if (!id) return unknown;
        const auto tenant = request.principal->store;
        for (const bool voided : {false, true}) {
            const auto found = services.store.find_statement(tenant, *id, voided);
            if (!found) return found.error();
            if (*found && !is_hidden(*request.principal, **found))
                return one_attachment(services, tenant, **found, path_parameter(request, "sha2"));
        }
        return unknown;
    };
    co_return co_await services.workers.patiently(answer);
}

} // namespace leerspoor::server::xapi
