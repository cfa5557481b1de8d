// Where things are: this server as others reach it, and the origin that each version of a course has.
#pragma once

#include "server/app/request.hpp"
#include "server/app/settings.hpp"
#include "server/http/message.hpp"

#include <string>
#include <string_view>

namespace leerspoor::server::courses {

// This server's origin, "https://academy.example": as the operator says, or as the request asks for it.
std::string public_origin(const Settings& settings, const http::RequestHead& head);
// The origin of a version's content, beside `origin`: "https://VERSION.content.localhost:8443", or where all
// content has one name that one.
std::string content_origin(const Settings& settings, std::string_view origin, std::string_view version);
bool shares_origin(const Settings& settings);
// Whether a request for this version's content came to its origin.
bool is_at_content(const Request& request, std::string_view version);
// Percent-encoded as a value in a query.
std::string as_query_value(std::string_view text);
// A path or its segment, percent-encoded where it must be.
std::string as_path(std::string_view path);

} // namespace leerspoor::server::courses
