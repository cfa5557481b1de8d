// Signing in and out, and the sessions that one has.
#pragma once

#include "server/app/request.hpp"

namespace leerspoor::server::api {

// {"person", "role", "csrf"}: the page's first question.
boost::asio::awaitable<Result<http::Response>> get_session(const Services& services, const Request& request);
// {"name", "password"} → the same, and the cookie.
boost::asio::awaitable<Result<http::Response>> post_session(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> delete_session(const Services& services,
                                                              const Request& request);
boost::asio::awaitable<Result<http::Response>> get_sessions(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> delete_one_session(const Services& services,
                                                                  const Request& request);

} // namespace leerspoor::server::api
