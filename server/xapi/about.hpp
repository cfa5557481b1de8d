// The about resource (xAPI 1.0.3 Part Three 2.8; IEEE 9274.1.1 4.1.6.7): open to everybody, in any version.
#pragma once

#include "server/app/request.hpp"

namespace leerspoor::server::xapi {

boost::asio::awaitable<Result<http::Response>> get_about(const Services& services, const Request& request);

} // namespace leerspoor::server::xapi
