// Launches: links, what they start, and the registrations behind them.
#pragma once

#include "server/app/request.hpp"

namespace leerspoor::server::courses {

// Of those who launch: /api/v1/launches and /api/v1/courses/{id}/registrations.
boost::asio::awaitable<Result<http::Response>> post_launches(const Services& services,
                                                             const Request& request);
boost::asio::awaitable<Result<http::Response>> get_registrations(const Services& services,
                                                                 const Request& request);
// {"registration": a UUID, of one only}. Answers {"moved": how many}.
boost::asio::awaitable<Result<http::Response>> post_move(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> post_waive(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> post_abandon(const Services& services, const Request& request);

// Of who has signed in, for themselves: /api/v1/my/courses.
boost::asio::awaitable<Result<http::Response>> get_my_courses(const Services& services,
                                                              const Request& request);
boost::asio::awaitable<Result<http::Response>> post_my_launch(const Services& services,
                                                              const Request& request);

// Of whoever has a link: /api/v1/launches/{token}.
boost::asio::awaitable<Result<http::Response>> get_launch(const Services& services, const Request& request);
// The link as a QR code, for a classroom.
boost::asio::awaitable<Result<http::Response>> get_launch_code(const Services& services,
                                                               const Request& request);
boost::asio::awaitable<Result<http::Response>> post_start(const Services& services, const Request& request);

// The fetch URL (cmi5 8.2): of content, from its own origin.
boost::asio::awaitable<Result<http::Response>> post_token(const Services& services, const Request& request);

} // namespace leerspoor::server::courses
