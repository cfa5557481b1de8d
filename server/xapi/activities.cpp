#include "server/xapi/activities.hpp"

#include "server/problem.hpp"
#include "server/xapi/answer.hpp"
#include "server/xapi/parameters.hpp"
#include "spec/json.hpp"

namespace leerspoor::server::xapi {

boost::asio::awaitable<http::Response> get_activity(const Services& services, Exchange exchange) {
    const auto& head = exchange.request.head;
    const auto parameters = Parameters::read(head.query(), {"activityId"}, exchange.version);
    if (!parameters) co_return problem(parameters.error(), head.id);
    const auto id = parameters->iri("activityId");
    if (!id) co_return problem(id.error(), head.id);
    if (!*id) co_return problem(Parameters::missing("activityId"), head.id);
    const auto definition = services.store.activity_definition(exchange.principal->store, **id);
    if (!definition) co_return problem(definition.error(), head.id);
    std::string body = R"({"objectType":"Activity","id":)";
    spec::write_json_string(**id, body);
    if (*definition) body.append(R"(,"definition":)").append(**definition);
    body += '}';
    co_return plain_json(std::move(body));
}

} // namespace leerspoor::server::xapi
