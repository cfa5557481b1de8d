// Learners by activities: how far each is with each.
#pragma once

#include "server/analytics/scan.hpp"
#include "server/analytics/table.hpp"

#include <boost/json/value.hpp>

namespace leerspoor::server::analytics {

// {"of": "activity"|"parent"|"course", "measures", "filter", "time", "learners", "activities"}: of the
// learners and the activities with the most statements so many (100 and 20 unless said), a row for each pair
// that has any: learner, activity, and the measures (statements, completions, best_score, last unless said).
// Errors: as of compute().
Result<Table> matrix(const std::shared_ptr<Lookups>& lookups, const boost::json::value& body,
                     const Budget& budget);

} // namespace leerspoor::server::analytics
