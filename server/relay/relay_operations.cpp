#include "server/relay/relay_operations.hpp"

#include "server/app/json_body.hpp"
#include "server/app/services.hpp"
#include "server/app/workers.hpp"
#include "server/support/log.hpp"

#include <boost/json/array.hpp>

namespace leerspoor::server::relay {
namespace {

namespace json = boost::json;

constexpr std::int64_t most_rate = 100'000;
constexpr std::size_t longest_member = 16u << 10;

Error wrong(std::string_view member, std::string sentence) {
    return {"relay_invalid", "/" + std::string(member), std::move(sentence)};
}
Error no_relay() {
    return {"relay_unknown", "", "There is no such relay."};
}

} // namespace

Result<RelayConfig> parse_relay(const json::object& body) {
    RelayConfig config;
    bool has_kind = false;
    for (const auto& [key, value] : body) {
        const std::string_view name = key;
        if (name == "filter") {
            auto filter = parse_export_filter(value, "/filter");
            if (!filter) return filter.error();
            config.filter = std::move(*filter);
        } else if (name == "rate") {
            if (!value.is_int64() || value.get_int64() < 0 || value.get_int64() > most_rate)
                return wrong(
                    name,
                    "This must be a number of statements a second, up to 100,000; 0: as many as there are.");
            config.rate = static_cast<std::uint32_t>(value.get_int64());
        } else if (name == "kind" || name == "url" || name == "key" || name == "secret" ||
                   name == "certificate") {
            if (!value.is_string() || value.get_string().size() > longest_member)
                return wrong(name, "This must be a text of up to 16 KiB.");
            const std::string text(value.get_string());
            if (name == "kind") {
                const auto kind = parse_relay_kind(text);
                if (!kind) return wrong(name, "A kind is pull, forward or webhook.");
                config.kind = *kind;
                has_kind = true;
            } else if (name == "url") {
                config.url = text;
            } else if (name == "key") {
                config.key = text;
            } else if (name == "secret") {
                config.secret = text;
            } else {
                config.certificate = text;
            }
        } else {
            return wrong(name, "There are kind, url, key, secret, certificate, filter and rate.");
        }
    }
    if (!has_kind) return wrong("kind", "A kind is pull, forward or webhook.");
    if (config.kind == RelayKind::webhook && config.secret.empty())
        return wrong("secret", "A webhook needs a secret: it signs what is sent.");
    return config;
}

boost::asio::awaitable<Result<http::Response>> get_relays(const Services& services, const Request& request) {
    json::array items;
    for (const auto& relay : services.relays->all(request.principal->store)) items.push_back(as_json(relay));
    co_return json_response({{"items", items}});
}

boost::asio::awaitable<Result<http::Response>> post_relays(const Services& services, const Request& request) {
    const auto body = object_of(request);
    if (!body) co_return body.error();
    auto config = parse_relay(*body);
    if (!config) co_return config.error();
    const auto& who = *request.principal;
    config->tenant = who.store;
    config->by = who.is_person ? who.person : who.key;
    const auto relay = services.relays->add(std::move(*config));
    if (!relay) co_return relay.error();
    if (services.log)
        services.log->event(
            Level::info, "relay made",
            {{"relay", relay->id}, {"kind", name_of(relay->config.kind)}, {"by", relay->config.by}});
    auto response = json_response(as_json(*relay), 201);
    response.fields.add("Location", "/api/v1/relays/" + relay->id);
    co_return response;
}

boost::asio::awaitable<Result<http::Response>> get_relay(const Services& services, const Request& request) {
    const auto relay = services.relays->find(request.principal->store, path_parameter(request, "id"));
    if (!relay) co_return no_relay();
    co_return json_response(as_json(*relay));
}

boost::asio::awaitable<Result<http::Response>> delete_relay(const Services& services,
                                                            const Request& request) {
    const auto work = [&] {
        return services.relays->remove(request.principal->store, path_parameter(request, "id"));
    };
    const auto removed = co_await services.workers.compute(work);
    if (!removed) co_return removed.error();
    if (!*removed) co_return no_relay();
    http::Response response;
    response.status = 204;
    co_return response;
}

boost::asio::awaitable<Result<http::Response>> get_dead_letters(const Services& services,
                                                                const Request& request) {
    const auto work = [&] {
        return services.relays->dead_letters(request.principal->store, path_parameter(request, "id"));
    };
    const auto letters = co_await services.workers.compute(work);
    if (!letters) co_return letters.error();
    json::array items;
    for (const auto& letter : *letters) items.push_back(as_json(letter));
    co_return json_response({{"items", items}});
}

boost::asio::awaitable<Result<http::Response>> post_retry(const Services& services, const Request& request) {
    const auto work = [&] {
        return services.relays->retry(request.principal->store, path_parameter(request, "id"));
    };
    const auto left = co_await services.workers.compute(work);
    if (!left) co_return left.error();
    co_return json_response({{"left", *left}});
}

} // namespace leerspoor::server::relay
