// The State resource (xAPI 1.0.3 Part Three 2.3; IEEE 9274.1.1 4.1.6.2).
#pragma once

#include "server/app/request.hpp"

namespace leerspoor::server::xapi {

boost::asio::awaitable<Result<http::Response>> put_state(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> post_state(const Services& services, const Request& request);
// One document, or the ids of all; one is deleted, or all.
boost::asio::awaitable<Result<http::Response>> get_state(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> delete_state(const Services& services, const Request& request);

} // namespace leerspoor::server::xapi
