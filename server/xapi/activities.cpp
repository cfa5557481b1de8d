#include "server/xapi/activities.hpp"

#include "server/app/workers.hpp"
#include "server/xapi/answer.hpp"
#include "server/xapi/parameters.hpp"
#include "spec/base/json.hpp"

namespace leerspoor::server::xapi {

boost::asio::awaitable<Result<http::Response>> get_activity(const Services& services,
                                                            const Request& request) {
    const auto& head = request.head;
    const auto parameters = Parameters::read(head.query(), {"activityId"}, request.version);
    if (!parameters) co_return parameters.error();
    const auto id = parameters->iri("activityId");
    if (!id) co_return id.error();
    if (!*id) co_return Parameters::missing("activityId");
    const auto definition = co_await services.workers.read(
        [&] { return services.store.activity_definition(request.principal->store, **id); });
    if (!definition) co_return definition.error();
    std::string body = R"({"objectType":"Activity","id":)";
    spec::write_json_string(**id, body);
    if (*definition) body.append(R"(,"definition":)").append(**definition);
    body += '}';
    co_return cacheable_json(head, std::move(body));
}

} // namespace leerspoor::server::xapi
