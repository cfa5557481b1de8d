// The Activities resource (xAPI 1.0.3 Part Three 2.5; IEEE 9274.1.1 4.1.6.4).
#pragma once

#include "server/app/request.hpp"

namespace leerspoor::server::xapi {

// The Activity with the definition that the store made of all that statements told.
boost::asio::awaitable<Result<http::Response>> get_activity(const Services& services, const Request& request);

} // namespace leerspoor::server::xapi
