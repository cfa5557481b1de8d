// Erasures, legal holds and retention rules over HTTP.
#pragma once

#include "server/app/request.hpp"
#include "server/app/services.hpp"
#include "server/audit/erasures.hpp"
#include "server/http/message.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

namespace leerspoor::server::audit {

// {"agent": {…} or [{…}, …], "kind": "erase" | "pseudonymise", "reason": …, "purpose": …}; of a person all
// identities, where `personas` knows them. Errors: erasure_invalid, those of an Agent.
Result<ErasureRequest> parse_erasure_request(const Personas* personas, const boost::json::object& body);

// POST /erasures: 202, a preview.
boost::asio::awaitable<Result<http::Response>> post_erasures(const Services& services,
                                                             const Request& request);
boost::asio::awaitable<Result<http::Response>> get_erasures(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> get_erasure(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> delete_erasure(const Services& services,
                                                              const Request& request);
// POST /erasures/{id}/confirm: 202, does it.
boost::asio::awaitable<Result<http::Response>> post_confirm(const Services& services, const Request& request);

// {"agent": …, "reason": …}; without an agent: of everybody.
boost::asio::awaitable<Result<http::Response>> post_holds(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> get_holds(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> delete_hold(const Services& services, const Request& request);

// {"filter": {…}, "days": N, "reason": …}
boost::asio::awaitable<Result<http::Response>> post_retention(const Services& services,
                                                              const Request& request);
boost::asio::awaitable<Result<http::Response>> get_retention(const Services& services,
                                                             const Request& request);
boost::asio::awaitable<Result<http::Response>> delete_rule(const Services& services, const Request& request);
// POST /retention/apply: 202, the rules are applied now instead of within a day.
boost::asio::awaitable<Result<http::Response>> post_apply(const Services& services, const Request& request);

} // namespace leerspoor::server::audit
