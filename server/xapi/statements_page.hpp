// A page of statements: found, rendered, and sent while it is made (xAPI 1.0.3 Part Three 2.1.3;
// IEEE 9274.1.1 4.1.6.1).
#pragma once

#include "server/app/request.hpp"
#include "server/xapi/statements_request.hpp"

namespace leerspoor::server::xapi {

// statements/read/mine alone: only what this key itself has stored. People see all.
bool sees_only_its_own(const auth::Principal& principal);
// Is it there, but not for this key?
bool is_hidden(const auth::Principal& principal, const storage::StoredStatement& statement);

// What this key may see of what the query finds.
Result<storage::Page> find_page(storage::RecordStore& store, const auth::Principal& principal,
                                const storage::Query& query);

// A page ends with the statement that reaches Settings::max_page_bytes, if not before. What goes beyond a
// piece of some 256 KiB is made while it is sent, so that a slow reader holds no more than that; where a
// header field needs the last statement, or attachments follow, the page is made whole, and ends at 1 MiB.
// REQUIRES: `request` lives until the response was sent.
Result<http::Response> answer_page(const Services& services, const Request& request, StatementsRequest asked);

} // namespace leerspoor::server::xapi
