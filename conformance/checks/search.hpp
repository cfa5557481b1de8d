// Looking for statements, as the checks of filters and of pages do.
#pragma once

#include "conformance/probe/context.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::conformance::checks {

using Ids = std::vector<std::string>;

// GET statements, without a parameter yet.
inline Call query() {
    return get("/statements");
}

// The query gives exactly these, in any order.
Answer expect_found(Context& c, const Call& query, Ids wanted, std::string_view why);

// 200 with a StatementResult?
bool is_result(const Answer& answer);

} // namespace leerspoor::conformance::checks
