// The statements resource (xAPI 1.0.3 Part Three 2.1; IEEE 9274.1.1 4.1.6.1).
#pragma once

#include "server/app/request.hpp"

namespace leerspoor::server::xapi {

// One statement, its id in the query (2.1.1). 204.
boost::asio::awaitable<Result<http::Response>> put_statement(const Services& services,
                                                             const Request& request);

// One statement or an array (2.1.2). 200 with the ids in order.
boost::asio::awaitable<Result<http::Response>> post_statements(const Services& services,
                                                               const Request& request);

// One statement by its id, or a page (2.1.3, 2.1.4). HEAD too.
boost::asio::awaitable<Result<http::Response>> get_statements(const Services& services,
                                                              const Request& request);

// The bytes of an attachment of one statement, voided or not: /api/v1/statements/{id}/attachments/{sha2}.
// Errors: statement_unknown, attachment_unknown.
boost::asio::awaitable<Result<http::Response>> get_attachment(const Services& services,
                                                              const Request& request);

} // namespace leerspoor::server::xapi
