// Browser content comes from other origins than the record store: what the Fetch standard's CORS protocol
// wants to hear.
#pragma once

#include "server/http/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server {

// Adds Access-Control-Allow-Origin and -Expose-Headers when the request's Origin is among `origins` ("*":
// every one), or one of content (`content_host`: Settings).
void allow_origin(const http::RequestHead& head, const std::vector<std::string>& origins,
                  const std::string& content_host, http::Response& response);

// The answer to OPTIONS: which methods and header fields may be used. `methods`: "GET, HEAD, PUT, POST".
http::Response preflight(std::string_view methods);

} // namespace leerspoor::server
