// An answer as JSON and as CSV.
#pragma once

#include "server/analytics/compute.hpp"
#include "storage/record_store.hpp"

#include <boost/json/object.hpp>
#include <string>

namespace leerspoor::server::analytics {

// {"columns", "rows", "totals", "labels", "sequence", "as_of", "took_seconds", "groups", "ready"}. Labels are
// names of Activities in their languages, and of learners. Error: the store's.
Result<boost::json::object> as_json(storage::RecordStore& store, storage::StoreId tenant, const Query& query,
                                    const Answer& answer, double took_seconds);

// RFC 4180, with a line of names first. What a spreadsheet would take for a formula begins with an
// apostrophe.
std::string as_csv(const Query& query, const Answer& answer);

} // namespace leerspoor::server::analytics
