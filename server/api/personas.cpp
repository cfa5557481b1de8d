#include "server/api/personas.hpp"

#include "server/app/json_body.hpp"
#include "server/app/personas.hpp"
#include "server/app/workers.hpp"
#include "server/support/log.hpp"
#include "spec/agent.hpp"
#include "spec/base/ascii.hpp"
#include "spec/base/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <set>

namespace leerspoor::server::api {
namespace {

namespace json = boost::json;
using storage::FactText;

constexpr std::size_t most_actors = 1'000'000; // that are looked at for proposals
constexpr std::size_t most_proposals = 100;
constexpr std::size_t most_of_a_name = 5; // more of one name are not one person

json::object shown(const Persona& persona) {
    json::array agents;
    for (const auto& identity : persona.identities) agents.push_back(spec::identifier_of(identity));
    return {{"id", persona.id}, {"name", persona.name}, {"agents", agents}};
}

// What an identity's address is: a mailbox, or an account whose name is one. "" without.
std::string address_of(const json::object& identifier) {
    constexpr std::string_view scheme = "mailto:";
    if (const auto* mbox = identifier.if_contains("mbox"))
        return spec::lower_case(std::string(mbox->get_string()).substr(scheme.size()));
    const auto* account = identifier.if_contains("account");
    if (!account) return {};
    const std::string name(account->at("name").get_string());
    return name.find('@') == std::string::npos ? std::string() : spec::lower_case(name);
}

Result<json::array> proposals(storage::RecordStore& store, const std::vector<Persona>& personas) {
    std::set<std::string> joined;
    for (const auto& persona : personas) joined.insert(persona.identities.begin(), persona.identities.end());
    const auto last = store.last_fact_number(storage::first_store, FactText::actor);
    if (!last) return last.error();
    std::map<std::string, std::vector<std::string>> by_address;
    std::map<std::string, std::vector<std::string>> by_name;
    std::map<std::string, std::string> names;
    for (storage::FactNumber number = 1; number <= *last && number <= most_actors; ++number) {
        const auto identity = store.fact_text(storage::first_store, FactText::actor, number);
        if (!identity) return identity.error();
        if (!*identity || (*identity)->empty() || joined.contains(**identity)) continue;
        if (const auto address = address_of(spec::identifier_of(**identity)); !address.empty())
            by_address[address].push_back(**identity);
        const auto told = store.agent_names(storage::first_store, **identity);
        if (!told) return told.error();
        if (told->empty()) continue;
        names[**identity] = told->back();
        by_name[spec::lower_case(told->back())].push_back(**identity);
    }
    json::array found;
    std::set<std::string> proposed;
    const auto propose = [&](const std::vector<std::string>& identities, std::string_view because) {
        if (identities.size() < 2 || found.size() == most_proposals) return;
        json::array agents;
        for (const auto& identity : identities) {
            if (!proposed.insert(identity).second) return;
            agents.push_back(spec::identifier_of(identity));
        }
        const auto name = names.find(identities.front());
        found.push_back({{"name", name == names.end() ? "" : name->second},
                         {"because", because},
                         {"agents", std::move(agents)}});
    };
    for (const auto& [address, identities] : by_address) propose(identities, "address");
    for (const auto& [name, identities] : by_name)
        if (identities.size() <= most_of_a_name) propose(identities, "name");
    return found;
}

} // namespace

boost::asio::awaitable<Result<http::Response>> get_personas(const Services& services,
                                                            const Request& /*request*/) {
    json::array items;
    for (const auto& persona : services.personas->all()) items.push_back(shown(persona));
    co_return json_response({{"items", items}});
}

boost::asio::awaitable<Result<http::Response>> post_personas(const Services& services,
                                                             const Request& request) {
    const auto body = object_of(request);
    if (!body) co_return body.error();
    const auto name = text_of(*body, "name");
    if (!name) co_return name.error();
    const auto* const agents = body->if_contains("agents");
    if (!agents || !agents->is_array())
        co_return Error{"api_body_invalid", "/agents", "This must be an array of Agents."};
    std::vector<std::string> identities;
    for (std::size_t i = 0; i < agents->get_array().size(); ++i) {
        const auto agent =
            spec::parse_agent(json::serialize(agents->get_array()[i]), spec::Version::v2_0_0, false);
        if (!agent) {
            co_return Error{agent.error().code, "/agents/" + std::to_string(i) + agent.error().pointer,
                            agent.error().message};
        }
        identities.push_back(spec::identity(*agent));
    }
    const auto joined = services.personas->join(*name, std::move(identities));
    if (!joined) co_return joined.error();
    if (services.log)
        services.log->event(Level::info, "persona joined",
                            {{"persona", joined->id}, {"by", request.principal->person}});
    co_return json_response(shown(*joined), 201);
}

boost::asio::awaitable<Result<http::Response>> delete_persona(const Services& services,
                                                              const Request& request) {
    const auto id = path_parameter(request, "id");
    const auto parted = services.personas->part(id);
    if (!parted) co_return parted.error();
    if (!*parted) co_return Error{"persona_unknown", "", "There is no such persona."};
    if (services.log)
        services.log->event(Level::info, "persona parted",
                            {{"persona", id}, {"by", request.principal->person}});
    http::Response response;
    response.status = 204;
    co_return response;
}

boost::asio::awaitable<Result<http::Response>> get_proposals(const Services& services,
                                                             const Request& /*request*/) {
    const auto personas = services.personas->all();
    const auto work = [&] { return proposals(services.store, personas); };
    auto found = co_await services.workers.analyse(work);
    if (!found) co_return found.error();
    co_return json_response({{"items", std::move(*found)}});
}

} // namespace leerspoor::server::api
