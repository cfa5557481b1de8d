#include "server/analytics/operations.hpp"

#include "server/analytics/answer.hpp"
#include "server/analytics/cohorts.hpp"
#include "server/analytics/funnel.hpp"
#include "server/analytics/matrix.hpp"
#include "server/analytics/questions.hpp"
#include "server/app/organization.hpp"
#include "server/app/personas.hpp"
#include "server/app/workers.hpp"
#include "server/http/percent.hpp"
#include "spec/base/hex.hpp"
#include "spec/base/json.hpp"
#include "spec/base/sha2.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <span>
#include <thread>

namespace leerspoor::server::analytics {
namespace {

namespace json = boost::json;

constexpr std::string_view csv_type = "text/csv; charset=utf-8; header=present";

http::Response response_of(std::string body, std::string_view type) {
    http::Response response;
    response.fields.add("Content-Type", std::string(type));
    response.body = std::move(body);
    return response;
}

// Whether Accept names CSV before JSON: what it names first is what it prefers here.
bool prefers_csv(std::string_view accept) {
    const auto csv = accept.find("text/csv");
    return csv != std::string_view::npos && csv < accept.find("application/json");
}

Persons persons_of(const Services& services, storage::StoreId tenant) {
    Persons persons;
    if (!services.personas || tenant != storage::first_store) return persons;
    for (auto& persona : services.personas->all()) persons.push_back(std::move(persona.identities));
    return persons;
}

// 0 for who may see persons.
std::size_t smallest_group(const Services& services, const Request& request) {
    const auto& who = *request.principal;
    const bool sees = who.is_person ? auth::who_see_persons.contains(who.role)
                                    : who.scopes.intersects({auth::Scope::all, auth::Scope::all_read});
    if (sees) return 0;
    return services.organization ? services.organization->settings().smallest_group
                                 : OrganizationSettings().smallest_group;
}

// How a kind of question is answered.
using Compute = Result<Table> (*)(const std::shared_ptr<Lookups>& lookups, const json::value& body,
                                  const Budget& budget);

Result<Table> query(const std::shared_ptr<Lookups>& lookups, const json::value& body, const Budget& budget) {
    const auto parsed = parse_query(body);
    if (!parsed) return parsed.error();
    const auto computed = compute(lookups, *parsed, budget);
    if (!computed) return computed.error();
    return table_of(*parsed, *computed);
}

Result<http::Response> answer(const Services& services, const Request& request, Compute question,
                              std::string_view text, bool csv) {
    const auto start = std::chrono::steady_clock::now();
    const auto parsed = spec::parse_json(text);
    if (!parsed) return parsed.error();
    auto& store = services.store;
    const auto tenant = request.principal->store;

    // What was stored since, who is one person and what may be seen are all that changes an answer.
    std::string of(request.resource_path);
    of.append(text).append(csv ? "csv" : "json").append(std::to_string(smallest_group(services, request)));
    if (services.personas) of.append(" ").append(std::to_string(services.personas->version()));
    const auto digest = spec::sha256(of);
    const auto etag =
        "\"" + std::to_string(store.visible_through()) + "-" + spec::hex(std::span(digest).first(8)) + "\"";
    if (request.head.fields.find("If-None-Match").value_or("").find(etag) != std::string_view::npos) {
        http::Response same;
        same.status = 304;
        same.fields.add("ETag", etag);
        return same;
    }
    Budget budget;
    budget.threads = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, most_threads);
    budget.memory_bytes = services.settings.analytics_memory_bytes;
    budget.end = start + services.settings.analytics_time;
    budget.client_left = request.client_left;
    const auto lookups =
        Lookups::make(store, tenant, persons_of(services, tenant), smallest_group(services, request));
    if (!lookups) return lookups.error();
    auto table = question(*lookups, *parsed, budget);
    if (!table) return table.error();
    http::Response response;
    if (csv) {
        response = response_of(as_csv(*table), csv_type);
    } else {
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        const auto made = as_json(store, tenant, std::move(*table), took.count());
        if (!made) return made.error();
        response = response_of(json::serialize(*made), "application/json");
    }
    response.fields.add("ETag", etag);
    response.fields.add("Vary", "Accept");
    return response;
}

boost::asio::awaitable<Result<http::Response>> post(const Services& services, const Request& request,
                                                    Compute question) {
    const bool csv = prefers_csv(request.head.fields.find("Accept").value_or(""));
    const auto work = [&] { return answer(services, request, question, request.body.bytes, csv); };
    co_return co_await services.workers.analyse(work);
}

} // namespace

boost::asio::awaitable<Result<http::Response>> post_query(const Services& services, const Request& request) {
    return post(services, request, query);
}

boost::asio::awaitable<Result<http::Response>> post_funnel(const Services& services, const Request& request) {
    return post(services, request, funnel);
}

boost::asio::awaitable<Result<http::Response>> post_cohorts(const Services& services,
                                                            const Request& request) {
    return post(services, request, cohorts);
}

boost::asio::awaitable<Result<http::Response>> post_matrix(const Services& services, const Request& request) {
    return post(services, request, matrix);
}

boost::asio::awaitable<Result<http::Response>> post_questions(const Services& services,
                                                              const Request& request) {
    return post(services, request, questions);
}

boost::asio::awaitable<Result<http::Response>> get_query(const Services& services, const Request& request) {
    const auto parameters = http::parse_query(request.head.query());
    if (!parameters) co_return parameters.error();
    std::optional<std::string> asked;
    bool csv = prefers_csv(request.head.fields.find("Accept").value_or(""));
    for (const auto& [name, value] : *parameters) {
        if (name == "query") {
            asked = value;
        } else if (name == "format" && (value == "csv" || value == "json")) {
            csv = value == "csv";
        } else {
            co_return Error{"query_parameter_unknown", "",
                            "There are the parameters query, a query as JSON, and format, json or csv."};
        }
    }
    if (!asked)
        co_return Error{"query_parameter_missing", "", "The parameter query, a query as JSON, is missing."};
    const auto work = [&] { return answer(services, request, query, *asked, csv); };
    co_return co_await services.workers.analyse(work);
}

boost::asio::awaitable<Result<http::Response>> get_measures(const Services& /*services*/,
                                                            const Request& /*request*/) {
    json::array all_measures;
    for (const auto& row : measures())
        all_measures.push_back({{"name", row.name}, {"unit", row.unit}, {"definition", row.definition}});
    json::array all_dimensions;
    for (const auto& row : dimensions())
        all_dimensions.push_back({{"name", row.name}, {"kind", row.value}, {"definition", row.definition}});
    const json::object all{{"measures", all_measures}, {"dimensions", all_dimensions}};
    co_return response_of(json::serialize(all), "application/json");
}

} // namespace leerspoor::server::analytics
