// The query string of GET statements (xAPI 1.0.3 Part Three 2.1.3; IEEE 9274.1.1 4.1.6.1), read strictly:
// what is not in the specification, not in its spelling or not of its type is refused.
#pragma once

#include "spec/format.hpp"
#include "spec/uuid.hpp"
#include "spec/version.hpp"
#include "storage/record_store.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace leerspoor::server::xapi {

// What a client asks for: one statement, or a page of them.
struct StatementsRequest {
    std::optional<spec::Uuid> statement_id;
    std::optional<spec::Uuid> voided_statement_id;
    storage::Query query;
    spec::Format format = spec::Format::exact;
    bool attachments = false;
};

struct PageLimits {
    std::size_t preset = 100;   // without `limit`
    std::size_t maximum = 1000; // for limit=0 and everything larger
};

// Errors: query_invalid, query_parameter_unknown, query_parameter_case, query_parameter_repeated,
// query_parameter_conflict, query_parameter_invalid, more_invalid, and those of spec::parse_agent (their
// pointer points into the agent).
Result<StatementsRequest> parse_statements_request(std::string_view query_string, spec::Version version,
                                                   const PageLimits& limits);

} // namespace leerspoor::server::xapi
