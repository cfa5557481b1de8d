// Relays over HTTP.
#pragma once

#include "server/app/request.hpp"
#include "server/relay/relays.hpp"

namespace leerspoor::server::relay {

// {"kind": "pull" | "forward" | "webhook", "url": …, "key": …, "secret": …, "certificate": PEM, "filter":
// {…}, "rate": N}. Errors: relay_invalid, those of a filter.
Result<RelayConfig> parse_relay(const boost::json::object& body);

boost::asio::awaitable<Result<http::Response>> get_relays(const Services& services, const Request& request);
// POST /relays: 201, and it works already.
boost::asio::awaitable<Result<http::Response>> post_relays(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> get_relay(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> delete_relay(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> get_dead_letters(const Services& services,
                                                                const Request& request);
// POST /relays/{id}/retry: {"left": N}
boost::asio::awaitable<Result<http::Response>> post_retry(const Services& services, const Request& request);

} // namespace leerspoor::server::relay
