// The description of everything under /api/v1 (OpenAPI 3.1).
#pragma once

#include "server/app/request.hpp"

#include <string_view>

namespace leerspoor::server::api {

// openapi.json, as it stands beside this file.
std::string_view openapi();

boost::asio::awaitable<Result<http::Response>> get_openapi(const Services& services, const Request& request);

} // namespace leerspoor::server::api
