// The Agent Profile and Activity Profile resources (xAPI 1.0.3 Part Three 2.6 and 2.7; IEEE 9274.1.1 4.1.6.5
// and 4.1.6.6).
#pragma once

#include "server/app/request.hpp"

namespace leerspoor::server::xapi {

boost::asio::awaitable<Result<http::Response>> put_activity_profile(const Services& services,
                                                                    const Request& request);
boost::asio::awaitable<Result<http::Response>> post_activity_profile(const Services& services,
                                                                     const Request& request);
// One document, or the ids of all.
boost::asio::awaitable<Result<http::Response>> get_activity_profile(const Services& services,
                                                                    const Request& request);
boost::asio::awaitable<Result<http::Response>> delete_activity_profile(const Services& services,
                                                                       const Request& request);

boost::asio::awaitable<Result<http::Response>> put_agent_profile(const Services& services,
                                                                 const Request& request);
boost::asio::awaitable<Result<http::Response>> post_agent_profile(const Services& services,
                                                                  const Request& request);
boost::asio::awaitable<Result<http::Response>> get_agent_profile(const Services& services,
                                                                 const Request& request);
boost::asio::awaitable<Result<http::Response>> delete_agent_profile(const Services& services,
                                                                    const Request& request);

} // namespace leerspoor::server::xapi
