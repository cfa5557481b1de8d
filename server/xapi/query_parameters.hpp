// The query string of GET statements (xAPI 1.0.3 Part Three 2.1.3; IEEE 9274.1.1 4.1.6.1), read strictly:
// what is not in the specification, not in its spelling or not of its type is refused.
#pragma once

#include "server/xapi/statements_request.hpp"
#include "spec/base/version.hpp"

#include <cstddef>
#include <string_view>

namespace leerspoor::server::xapi {

struct PageLimits {
    std::size_t preset = 100;   // without `limit`
    std::size_t maximum = 1000; // for limit=0 and everything larger
};

// Errors: query_invalid, query_parameter_unknown, query_parameter_case, query_parameter_repeated,
// query_parameter_conflict, query_parameter_invalid, more_invalid, and those of spec::parse_agent (their
// pointer points into the agent).
Result<StatementsRequest> parse_statements_request(std::string_view query_string, spec::Version version,
                                                   const PageLimits& limits);

// What a live stream of statements is asked for.
struct LiveRequest {
    storage::Query query;
    spec::Format format = spec::Format::exact;
    std::optional<storage::Sequence> after;
};

// The filters, `format` and `after`. Errors: as above.
Result<LiveRequest> parse_live_request(std::string_view query_string, spec::Version version);

std::optional<storage::Sequence> parse_sequence(std::string_view text);

} // namespace leerspoor::server::xapi
