// Bodies and answers of /api/v1.
#pragma once

#include "server/app/request.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace leerspoor::server {

// The body as an object. Its type must be said, because a form of another site cannot say it (cross-site
// requests). Errors: api_body_invalid, those of JSON.
Result<boost::json::object> object_of(const Request& request);

// "" when it is missing. Error: api_body_invalid, when it is something else.
Result<std::string> text_of(const boost::json::object& body, std::string_view name);

http::Response json_response(const boost::json::value& body, int status = 200);

} // namespace leerspoor::server
