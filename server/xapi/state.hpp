// The State resource (xAPI 1.0.3 Part Three 2.3; IEEE 9274.1.1 4.1.6.2).
#pragma once

#include "server/services.hpp"

namespace leerspoor::server::xapi {

boost::asio::awaitable<http::Response> put_state(const Services& services, Exchange exchange);
boost::asio::awaitable<http::Response> post_state(const Services& services, Exchange exchange);
// One document, or the ids of all; one is deleted, or all.
boost::asio::awaitable<http::Response> get_state(const Services& services, Exchange exchange);
boost::asio::awaitable<http::Response> delete_state(const Services& services, Exchange exchange);

} // namespace leerspoor::server::xapi
