// The SCORM run-time's two requests, of the player on the content's own origin: /{token}/-/run.
#pragma once

#include "server/app/request.hpp"

namespace leerspoor::server::courses {

boost::asio::awaitable<Result<http::Response>> get_run(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> post_run(const Services& services, const Request& request);

} // namespace leerspoor::server::courses
