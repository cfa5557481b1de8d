// The files of a course, on its own origin, for who has a session's secret.
#pragma once

#include "server/app/request.hpp"

#include <string_view>

namespace leerspoor::server::courses {

// /{token}/{path...} of *.CONTENT-HOST.
boost::asio::awaitable<Result<http::Response>> get_content(const Services& services, const Request& request);

// By the name's ending, "application/octet-stream" for others.
std::string_view media_type_of(std::string_view path);

} // namespace leerspoor::server::courses
