// The keys of machines, made, listed and revoked by administrators.
#pragma once

#include "server/app/request.hpp"

namespace leerspoor::server::api {

boost::asio::awaitable<Result<http::Response>> get_keys(const Services& services, const Request& request);
// {"name", "scopes": […]} → {"key", "secret", "scopes"}: the secret is shown this once.
boost::asio::awaitable<Result<http::Response>> post_keys(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> delete_key(const Services& services, const Request& request);

} // namespace leerspoor::server::api
