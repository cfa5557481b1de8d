// Persons with several identities, and who might be one.
#pragma once

#include "server/app/request.hpp"

namespace leerspoor::server::api {

boost::asio::awaitable<Result<http::Response>> get_personas(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> post_personas(const Services& services,
                                                             const Request& request);
boost::asio::awaitable<Result<http::Response>> delete_persona(const Services& services,
                                                              const Request& request);
// Identities that agree in address (the mailbox, its SHA-1, or an account of that name) or in name, and are
// not joined.
boost::asio::awaitable<Result<http::Response>> get_proposals(const Services& services,
                                                             const Request& request);

} // namespace leerspoor::server::api
