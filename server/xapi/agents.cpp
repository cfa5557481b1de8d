#include "server/xapi/agents.hpp"

#include "server/app/workers.hpp"
#include "server/xapi/answer.hpp"
#include "server/xapi/parameters.hpp"
#include "spec/agent.hpp"
#include "spec/base/json.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace leerspoor::server::xapi {
namespace {

namespace json = boost::json;

// Every property is a list, since a Person may have many of each (2.4, "Person Properties").
json::object person_of(const json::object& agent, const std::vector<std::string>& names) {
    json::object person{{"objectType", "Person"}};
    json::array all;
    for (const auto& name : names) all.emplace_back(name);
    if (const auto* asked = agent.if_contains("name")) {
        const auto& name = asked->get_string();
        if (std::find(names.begin(), names.end(), std::string_view(name)) == names.end())
            all.emplace_back(name);
    }
    if (!all.empty()) person["name"] = std::move(all);
    for (const auto key : {"mbox", "mbox_sha1sum", "openid", "account"}) {
        if (const auto* value = agent.if_contains(key)) person[key] = json::array{*value};
    }
    return person;
}

} // namespace

boost::asio::awaitable<Result<http::Response>> get_agent(const Services& services, const Request& request) {
    const auto& head = request.head;
    const auto parameters = Parameters::read(head.query(), {"agent"}, request.version);
    if (!parameters) co_return parameters.error();
    const auto* text = parameters->find("agent");
    if (text == nullptr) co_return Parameters::missing("agent");
    const auto agent = spec::parse_agent(*text, request.version, false);
    if (!agent) co_return agent.error();
    const auto names = co_await services.workers.read(
        [&] { return services.store.agent_names(request.principal->store, spec::identity(*agent)); });
    if (!names) co_return names.error();
    std::string body;
    spec::write_json(person_of(*agent, *names), body);
    co_return cacheable_json(head, std::move(body));
}

} // namespace leerspoor::server::xapi
