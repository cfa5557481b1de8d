// What operators and their machines ask: is it alive, does it take statements, how is it doing.
#pragma once

#include "server/services.hpp"

namespace leerspoor::server {

// 200 as long as the process answers.
boost::asio::awaitable<http::Response> get_healthz(const Services& services, Exchange exchange);

// 200 when statements would be stored now, else 503 with the reason.
boost::asio::awaitable<http::Response> get_readyz(const Services& services, Exchange exchange);

// Prometheus' text format.
boost::asio::awaitable<http::Response> get_metrics(const Services& services, Exchange exchange);

} // namespace leerspoor::server
