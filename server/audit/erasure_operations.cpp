#include "server/audit/erasure_operations.hpp"

#include "server/app/json_body.hpp"
#include "server/app/personas.hpp"
#include "server/support/log.hpp"

#include <boost/json/array.hpp>

namespace leerspoor::server::audit {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_text = 1000;
constexpr std::int64_t most_days = 36'500;

Error refused(std::string_view member, std::string sentence) {
    return {"erasure_invalid", "/" + std::string(member), std::move(sentence)};
}
Error not_there() {
    return {"erasure_unknown", "", "There is no such erasure, legal hold or retention rule."};
}

std::string who_asks(const Request& request) {
    const auto& who = *request.principal;
    return who.is_person ? who.person : who.key;
}

Result<std::string> short_text(std::string_view name, const json::value& value) {
    if (!value.is_string() || value.get_string().size() > longest_text)
        return refused(name, "This must be a text of up to 1,000 bytes.");
    return Result<std::string>(boost::system::in_place_value, std::string(value.get_string()));
}

http::Response nothing() {
    http::Response response;
    response.status = 204;
    return response;
}

template <class Items>
http::Response list_of(const Items& all) {
    json::array items;
    for (const auto& one : all) items.push_back(as_json(one));
    return json_response({{"items", items}});
}

Result<LegalHold> parse_hold(const Personas* personas, const json::object& body) {
    LegalHold hold;
    for (const auto& [key, value] : body) {
        const std::string_view name = key;
        if (name == "agent") {
            auto identities = parse_identities(value, "/agent");
            if (!identities) return identities.error();
            hold.identities = std::move(*identities);
        } else if (name == "reason") {
            auto reason = short_text(name, value);
            if (!reason) return reason.error();
            hold.reason = std::move(*reason);
        } else {
            return refused(name, "There are agent and reason.");
        }
    }
    if (hold.reason.empty()) return refused("reason", "A legal hold needs a reason.");
    if (personas) personas->add_to(hold.identities);
    return hold;
}

Result<RetentionRule> parse_rule(const json::object& body) {
    RetentionRule rule;
    for (const auto& [key, value] : body) {
        const std::string_view name = key;
        if (name == "filter") {
            auto filter = parse_export_filter(value, "/filter");
            if (!filter) return filter.error();
            rule.filter = std::move(*filter);
        } else if (name == "days") {
            if (!value.is_int64() || value.get_int64() < 1 || value.get_int64() > most_days)
                return refused(name, "This must be a number of days from 1 to 36,500.");
            rule.days = static_cast<std::uint32_t>(value.get_int64());
        } else if (name == "reason") {
            auto reason = short_text(name, value);
            if (!reason) return reason.error();
            rule.reason = std::move(*reason);
        } else {
            return refused(name, "There are filter, days and reason.");
        }
    }
    if (rule.days == 0) return refused("days", "A retention rule needs a number of days.");
    if (rule.filter.since || rule.filter.until)
        return refused("filter",
                       "A retention rule knows by its days what is old: it has no since and no until.");
    return rule;
}

} // namespace

Result<ErasureRequest> parse_erasure_request(const Personas* personas, const json::object& body) {
    ErasureRequest request;
    for (const auto& [key, value] : body) {
        const std::string_view name = key;
        if (name == "agent") {
            auto identities = parse_identities(value, "/agent");
            if (!identities) return identities.error();
            request.identities = std::move(*identities);
        } else if (name == "kind") {
            const auto kind =
                value.is_string() ? parse_erasure_kind(value.get_string()) : std::optional<ErasureKind>();
            if (!kind) return refused(name, "A kind is erase or pseudonymise.");
            request.kind = *kind;
        } else if (name == "reason" || name == "purpose") {
            auto text = short_text(name, value);
            if (!text) return text.error();
            (name == "reason" ? request.reason : request.purpose) = std::move(*text);
        } else {
            return refused(name, "There are agent, kind, reason and purpose.");
        }
    }
    if (request.identities.empty()) return refused("agent", "There must be an Agent.");
    if (personas) personas->add_to(request.identities);
    return request;
}

boost::asio::awaitable<Result<http::Response>> post_erasures(const Services& services,
                                                             const Request& request) {
    const auto body = object_of(request);
    if (!body) co_return body.error();
    auto wanted = parse_erasure_request(services.personas, *body);
    if (!wanted) co_return wanted.error();
    wanted->tenant = request.principal->store;
    wanted->by = who_asks(request);
    const auto job = services.erasures->begin(std::move(*wanted));
    if (!job) co_return job.error();
    if (services.log)
        services.log->event(
            Level::info, "erasure asked for",
            {{"erasure", job->id}, {"kind", name_of(job->request.kind)}, {"by", job->request.by}});
    auto response = json_response(as_json(*job), 202);
    response.fields.add("Location", "/api/v1/erasures/" + job->id);
    co_return response;
}

boost::asio::awaitable<Result<http::Response>> get_erasures(const Services& services,
                                                            const Request& request) {
    co_return list_of(services.erasures->all(request.principal->store));
}

boost::asio::awaitable<Result<http::Response>> get_erasure(const Services& services, const Request& request) {
    const auto job = services.erasures->find(request.principal->store, path_parameter(request, "id"));
    if (!job) co_return not_there();
    co_return json_response(as_json(*job));
}

boost::asio::awaitable<Result<http::Response>> delete_erasure(const Services& services,
                                                              const Request& request) {
    const auto removed = services.erasures->remove(request.principal->store, path_parameter(request, "id"));
    if (!removed) co_return removed.error();
    co_return nothing();
}

boost::asio::awaitable<Result<http::Response>> post_confirm(const Services& services,
                                                            const Request& request) {
    const auto job = services.erasures->confirm(request.principal->store, path_parameter(request, "id"));
    if (!job) co_return job.error();
    if (services.log)
        services.log->event(Level::info, "erasure confirmed",
                            {{"erasure", job->id}, {"by", who_asks(request)}});
    co_return json_response(as_json(*job), 202);
}

boost::asio::awaitable<Result<http::Response>> post_holds(const Services& services, const Request& request) {
    const auto body = object_of(request);
    if (!body) co_return body.error();
    auto wanted = parse_hold(services.personas, *body);
    if (!wanted) co_return wanted.error();
    wanted->tenant = request.principal->store;
    wanted->by = who_asks(request);
    const auto hold = services.erasures->hold(std::move(*wanted));
    if (!hold) co_return hold.error();
    co_return json_response(as_json(*hold), 201);
}

boost::asio::awaitable<Result<http::Response>> get_holds(const Services& services, const Request& request) {
    co_return list_of(services.erasures->holds(request.principal->store));
}

boost::asio::awaitable<Result<http::Response>> delete_hold(const Services& services, const Request& request) {
    const auto released = services.erasures->release(request.principal->store, path_parameter(request, "id"));
    if (!released) co_return released.error();
    if (!*released) co_return not_there();
    co_return nothing();
}

boost::asio::awaitable<Result<http::Response>> post_retention(const Services& services,
                                                              const Request& request) {
    const auto body = object_of(request);
    if (!body) co_return body.error();
    auto wanted = parse_rule(*body);
    if (!wanted) co_return wanted.error();
    wanted->tenant = request.principal->store;
    wanted->by = who_asks(request);
    const auto rule = services.erasures->keep(std::move(*wanted));
    if (!rule) co_return rule.error();
    co_return json_response(as_json(*rule), 201);
}

boost::asio::awaitable<Result<http::Response>> get_retention(const Services& services,
                                                             const Request& request) {
    co_return list_of(services.erasures->rules(request.principal->store));
}

boost::asio::awaitable<Result<http::Response>> delete_rule(const Services& services, const Request& request) {
    const auto dropped = services.erasures->drop(request.principal->store, path_parameter(request, "id"));
    if (!dropped) co_return dropped.error();
    if (!*dropped) co_return not_there();
    co_return nothing();
}

boost::asio::awaitable<Result<http::Response>> post_apply(const Services& services, const Request& request) {
    const auto applied = services.erasures->apply_rules(request.principal->store);
    if (!applied) co_return applied.error();
    http::Response response;
    response.status = 202;
    co_return response;
}

} // namespace leerspoor::server::audit
