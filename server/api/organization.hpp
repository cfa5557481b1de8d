// The organisation's name, colour, time zone and smallest group.
#pragma once

#include "server/app/request.hpp"

namespace leerspoor::server::api {

boost::asio::awaitable<Result<http::Response>> get_organization(const Services& services,
                                                                const Request& request);
// All of it: what is left out goes back to what it is without settings.
boost::asio::awaitable<Result<http::Response>> put_organization(const Services& services,
                                                                const Request& request);

} // namespace leerspoor::server::api
