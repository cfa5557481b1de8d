#include "server/api/organization.hpp"

#include "server/app/json_body.hpp"
#include "server/app/organization.hpp"
#include "server/support/log.hpp"

namespace leerspoor::server::api {

boost::asio::awaitable<Result<http::Response>> get_organization(const Services& services,
                                                                const Request& /*request*/) {
    co_return json_response(as_json(services.organization->settings()));
}

boost::asio::awaitable<Result<http::Response>> put_organization(const Services& services,
                                                                const Request& request) {
    const auto body = object_of(request);
    if (!body) co_return body.error();
    if (auto changed = services.organization->change(*body); !changed) co_return changed.error();
    if (services.log)
        services.log->event(Level::info, "organisation changed", {{"by", request.principal->person}});
    co_return json_response(as_json(services.organization->settings()));
}

} // namespace leerspoor::server::api
