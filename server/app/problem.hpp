// Refusals as HTTP says them: an Error becomes a status (error_codes.hpp) and an RFC 9457 body.
#pragma once

#include "server/http/message.hpp"
#include "spec/base/error.hpp"

#include <string_view>

namespace leerspoor::server {

// Says what went wrong inside: names of files and disks, which are for the log and not for clients.
bool is_for_operators(std::string_view code);

// The response to a refused request: application/problem+json with type, title, status, detail, code, pointer
// and request_id. Retry-After where waiting helps, WWW-Authenticate where a key does.
http::Response problem(int status, const Error& error, std::string_view request_id);

// The reason phrase of RFC 9110 for the statuses that Leerspoor answers.
std::string_view title_of(int status);

} // namespace leerspoor::server
