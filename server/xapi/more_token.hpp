// The token in a page's `more` link: the whole request and where it goes on, so that the server keeps nothing
// between pages. It gives no rights; a client that makes one up gets what it could have asked for.
#pragma once

#include "server/xapi/statements_request.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace leerspoor::server::xapi {

// REQUIRES: a page's request with query.after and query.snapshot set.
std::string make_more_token(const StatementsRequest& request);

// Error: more_invalid.
Result<StatementsRequest> parse_more_token(std::string_view token, std::size_t max_page);

} // namespace leerspoor::server::xapi
