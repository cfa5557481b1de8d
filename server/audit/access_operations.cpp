#include "server/audit/access_operations.hpp"

#include "server/app/access_log.hpp"
#include "server/app/json_body.hpp"
#include "server/app/personas.hpp"
#include "server/app/selected.hpp"
#include "server/app/services.hpp"
#include "server/app/workers.hpp"
#include "server/http/percent.hpp"
#include "spec/agent.hpp"
#include "spec/base/json.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <charconv>

namespace leerspoor::server::audit {
namespace {

namespace json = boost::json;

constexpr std::uint64_t most_accesses = 1000;

Error not_so(std::string_view name, std::string_view what) {
    return {"query_parameter_invalid", "",
            "The parameter " + std::string(name) + " must be " + std::string(what) + "."};
}

struct Wanted {
    storage::Query query;
    std::vector<std::string> identities;
};

Result<Wanted> wanted_of(std::string_view text, const Personas* personas, std::string_view home_page) {
    const auto parameters = http::parse_query(text);
    if (!parameters) return parameters.error();
    Wanted wanted;
    for (const auto& [name, value] : *parameters) {
        if (name == "agent") {
            const auto parsed = spec::parse_json(value);
            if (!parsed) return parsed.error();
            auto identities = parse_identities(*parsed, "");
            if (!identities) return identities.error();
            wanted.identities = std::move(*identities);
            if (personas) personas->add_to(wanted.identities);
        } else if (name == "by") {
            wanted.query.terms.push_back(
                {spec::Filter::agent,
                 spec::identity({{"account", {{"homePage", home_page}, {"name", value}}}})});
        } else if (name == "what") {
            wanted.query.terms.push_back({spec::Filter::verb, "urn:leerspoor:access:" + value});
        } else if (name == "since" || name == "until") {
            const auto instant = spec::parse_timestamp(value, spec::Version::v2_0_0);
            if (!instant) return not_so(name, "a time");
            (name == "since" ? wanted.query.since : wanted.query.until) = *instant;
        } else if (name == "limit" || name == "after") {
            std::uint64_t number = 0;
            const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
            if (problem != std::errc() || end != value.data() + value.size() || number == 0)
                return not_so(name, "a number");
            if (name == "limit") {
                wanted.query.limit = std::min(number, most_accesses);
            } else {
                wanted.query.after = number;
            }
        } else {
            return not_so(name, "agent, by, what, since, until, limit or after");
        }
    }
    return wanted;
}

Result<http::Response> accesses_of(storage::RecordStore& store, storage::StoreId tenant,
                                   const Wanted& wanted) {
    std::vector<storage::StoredStatement> found;
    bool more = false;
    auto identities = wanted.identities;
    if (identities.empty()) identities.emplace_back();
    for (const auto& identity : identities) {
        auto query = wanted.query;
        if (!identity.empty()) query.terms.push_back({spec::Filter::agent, identity});
        auto page = store.query_statements(access_store(tenant), query);
        if (!page) return page.error();
        more = more || page->next;
        std::move(page->statements.begin(), page->statements.end(), std::back_inserter(found));
    }
    std::sort(found.begin(), found.end(),
              [](const auto& a, const auto& b) { return a.sequence > b.sequence; });
    found.erase(std::unique(found.begin(), found.end(),
                            [](const auto& a, const auto& b) { return a.sequence == b.sequence; }),
                found.end());
    more = more || found.size() > wanted.query.limit;
    found.resize(std::min(found.size(), wanted.query.limit));
    json::array items;
    for (const auto& one : found)
        if (auto shown = access_of(one.bytes)) items.push_back(std::move(*shown));
    json::object answer{{"items", items}};
    if (more && !found.empty()) answer["next"] = found.back().sequence;
    return json_response(answer);
}

} // namespace

boost::asio::awaitable<Result<http::Response>> get_accesses(const Services& services,
                                                            const Request& request) {
    const auto wanted =
        wanted_of(request.head.query(), services.personas, services.settings.authority_home_page);
    if (!wanted) co_return wanted.error();
    const auto work = [&]() -> Result<http::Response> {
        if (services.accesses) {
            auto kept = services.accesses->flush();
            if (!kept) return kept.error();
        }
        return accesses_of(services.store, request.principal->store, *wanted);
    };
    co_return co_await services.workers.compute(work);
}

} // namespace leerspoor::server::audit
