// What can be asked of analytics.
#pragma once

#include "server/app/request.hpp"

namespace leerspoor::server::analytics {

// The query as the body: JSON, or CSV where Accept prefers it. With an ETag of the store's sequence: a
// dashboard that asks again with If-None-Match is answered 304 while nothing was stored.
boost::asio::awaitable<Result<http::Response>> post_query(const Services& services, const Request& request);

// Other kinds of question, answered likewise: see funnel.hpp, cohorts.hpp, matrix.hpp, questions.hpp.
boost::asio::awaitable<Result<http::Response>> post_funnel(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> post_cohorts(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> post_matrix(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> post_questions(const Services& services,
                                                              const Request& request);

// The same with the query as the parameter `query` and `format` json or csv: a link that a spreadsheet
// refreshes.
boost::asio::awaitable<Result<http::Response>> get_query(const Services& services, const Request& request);

// The measures and dimensions there are, each with what it means.
boost::asio::awaitable<Result<http::Response>> get_measures(const Services& services, const Request& request);

} // namespace leerspoor::server::analytics
