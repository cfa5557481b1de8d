#include "server/api/keys.hpp"

#include "server/app/json_body.hpp"
#include "server/app/workers.hpp"
#include "server/auth/key_ring.hpp"
#include "server/support/log.hpp"

#include <boost/json/array.hpp>

namespace leerspoor::server::api {

namespace json = boost::json;

boost::asio::awaitable<Result<http::Response>> get_keys(const Services& services,
                                                        const Request& /*request*/) {
    json::array items;
    for (const auto& credential : services.keys->list()) {
        json::object item{{"key", credential.key},
                          {"name", credential.name},
                          {"scopes", json::array(credential.scopes.begin(), credential.scopes.end())},
                          {"created", spec::format_timestamp(credential.created)}};
        if (credential.revoked) item["revoked"] = spec::format_timestamp(*credential.revoked);
        items.push_back(std::move(item));
    }
    co_return json_response({{"items", items}});
}

boost::asio::awaitable<Result<http::Response>> post_keys(const Services& services, const Request& request) {
    const auto body = object_of(request);
    if (!body) co_return body.error();
    auth::NewKey wanted;
    const auto name = text_of(*body, "name");
    if (!name) co_return name.error();
    wanted.name = *name;
    if (const auto* scopes = body->if_contains("scopes")) {
        wanted.scopes.clear();
        const auto* list = scopes->if_array();
        if (!list) co_return Error{"api_body_invalid", "/scopes", "This must be an array of scopes."};
        for (const auto& scope : *list) {
            if (!scope.is_string())
                co_return Error{"api_body_invalid", "/scopes", "This must be an array of scopes."};
            wanted.scopes.emplace_back(scope.get_string());
        }
    }
    const auto work = [&] { return services.keys->create(wanted); };
    const auto made = co_await services.workers.compute(work);
    if (!made) co_return made.error();
    if (services.log)
        services.log->event(Level::info, "key made", {{"key", made->key}, {"by", request.principal->person}});
    auto response = json_response({{"key", made->key},
                                   {"secret", made->secret},
                                   {"scopes", json::array(made->scopes.begin(), made->scopes.end())}},
                                  201);
    response.fields.add("Cache-Control", "no-store");
    co_return response;
}

boost::asio::awaitable<Result<http::Response>> delete_key(const Services& services, const Request& request) {
    const auto key = path_parameter(request, "key");
    if (auto revoked = services.keys->revoke(key); !revoked) co_return revoked.error();
    if (services.log)
        services.log->event(Level::info, "key revoked", {{"key", key}, {"by", request.principal->person}});
    http::Response response;
    response.status = 204;
    co_return response;
}

} // namespace leerspoor::server::api
