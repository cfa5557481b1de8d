// The Agent Profile and Activity Profile resources (xAPI 1.0.3 Part Three 2.6 and 2.7; IEEE 9274.1.1 4.1.6.5
// and 4.1.6.6).
#pragma once

#include "server/services.hpp"

namespace leerspoor::server::xapi {

boost::asio::awaitable<http::Response> put_activity_profile(const Services& services, Exchange exchange);
boost::asio::awaitable<http::Response> post_activity_profile(const Services& services, Exchange exchange);
// One document, or the ids of all.
boost::asio::awaitable<http::Response> get_activity_profile(const Services& services, Exchange exchange);
boost::asio::awaitable<http::Response> delete_activity_profile(const Services& services, Exchange exchange);

boost::asio::awaitable<http::Response> put_agent_profile(const Services& services, Exchange exchange);
boost::asio::awaitable<http::Response> post_agent_profile(const Services& services, Exchange exchange);
boost::asio::awaitable<http::Response> get_agent_profile(const Services& services, Exchange exchange);
boost::asio::awaitable<http::Response> delete_agent_profile(const Services& services, Exchange exchange);

} // namespace leerspoor::server::xapi
