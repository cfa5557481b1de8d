// People, and the links by which they get their accounts.
#pragma once

#include "server/app/request.hpp"

namespace leerspoor::server::api {

boost::asio::awaitable<Result<http::Response>> get_people(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> delete_person(const Services& services,
                                                             const Request& request);
// {"role"}, or {"reset_of": a person's name} → {"token", "path", "role", "expires"}.
boost::asio::awaitable<Result<http::Response>> post_invitations(const Services& services,
                                                                const Request& request);
// {"role", "name"}: whom the link is for.
boost::asio::awaitable<Result<http::Response>> get_invitation(const Services& services,
                                                              const Request& request);
// {"name", "password"} → signed in, with the cookie.
boost::asio::awaitable<Result<http::Response>> post_invitation(const Services& services,
                                                               const Request& request);

} // namespace leerspoor::server::api
