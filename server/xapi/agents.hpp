// The Agents resource (xAPI 1.0.3 Part Three 2.4; IEEE 9274.1.1 4.1.6.3).
#pragma once

#include "server/app/request.hpp"

namespace leerspoor::server::xapi {

// A Person: everything the store knows of an Agent.
boost::asio::awaitable<Result<http::Response>> get_agent(const Services& services, const Request& request);

} // namespace leerspoor::server::xapi
