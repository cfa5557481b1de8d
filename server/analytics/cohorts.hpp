// Who comes back: learners by the period of their first activity, and how many are active so many periods
// later.
#pragma once

#include "server/analytics/scan.hpp"
#include "server/analytics/table.hpp"

#include <boost/json/value.hpp>

namespace leerspoor::server::analytics {

// {"period": "day"|"week"|"month"|"quarter"|"year", "zone", "filter", "time", "periods"}. The first activity
// is the first statement that the filter finds. Rows: cohort, after (periods, 0 is the first), learners,
// share of the cohort; up to `periods` later (12 unless said). Errors: as of compute().
Result<Table> cohorts(const std::shared_ptr<Lookups>& lookups, const boost::json::value& body,
                      const Budget& budget);

} // namespace leerspoor::server::analytics
