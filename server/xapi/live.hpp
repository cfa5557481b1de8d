// Statements as they arrive: server-sent events (WHATWG HTML 9.2) with the filters of GET statements.
#pragma once

#include "server/app/request.hpp"

namespace leerspoor::server::xapi {

// An event for each statement that the filters find, its sequence as the id. Begins after Last-Event-ID or
// the parameter `after`, without them with what comes from now on; so whoever comes back with the id that
// came last has missed nothing and gets nothing twice. Every 15 seconds the id alone, though nothing was
// found. Ends after five minutes, and is to be asked for again: so a key that was revoked, or a session that
// was ended, sees no more.
boost::asio::awaitable<Result<http::Response>> get_live_statements(const Services& services,
                                                                   const Request& request);

} // namespace leerspoor::server::xapi
