// Is it alive, does it take statements, how is it doing.
#pragma once

#include "server/app/request.hpp"

namespace leerspoor::server::operations {

// 200 as long as the process answers.
boost::asio::awaitable<Result<http::Response>> get_healthz(const Services& services, const Request& request);

// 200 when statements would be stored now, else 503 with the reason.
boost::asio::awaitable<Result<http::Response>> get_readyz(const Services& services, const Request& request);

// Prometheus' text format.
boost::asio::awaitable<Result<http::Response>> get_metrics(const Services& services, const Request& request);

} // namespace leerspoor::server::operations
