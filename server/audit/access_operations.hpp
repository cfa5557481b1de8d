// The access log over HTTP.
#pragma once

#include "server/app/request.hpp"

namespace leerspoor::server::audit {

// GET /accesses?agent={…}&by=…&what=…&since=…&until=…&limit=N&after=N: the newest first; `next` is the
// `after` of those before. `agent`: whose records; all identities of a person. Errors:
// query_parameter_invalid, those of an Agent.
boost::asio::awaitable<Result<http::Response>> get_accesses(const Services& services, const Request& request);

} // namespace leerspoor::server::audit
