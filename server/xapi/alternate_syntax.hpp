// Alternate Request Syntax (xAPI 1.0.3 Part Three 1.3): everything of a request in the form body of a POST
// with the one query parameter `method`. IEEE 9274.1.1 has done away with it.
#pragma once

#include "server/http/message.hpp"
#include "spec/base/error.hpp"

namespace leerspoor::server::xapi {

// A POST with a `method` in its query that does not ask for 2.0 in its header.
bool is_alternate(const http::RequestHead& head);

// Makes of head and body those of the request that the form describes. Errors: alternate_request_invalid,
// query_invalid; then both are as they were.
Result<void> unfold_alternate(http::RequestHead& head, std::string& body);

} // namespace leerspoor::server::xapi
