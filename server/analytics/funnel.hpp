// How many learners get how far: ordered steps, within some time.
#pragma once

#include "server/analytics/scan.hpp"
#include "server/analytics/table.hpp"

#include <boost/json/value.hpp>

namespace leerspoor::server::analytics {

// {"steps": [{"name", "filter"}, …], "filter", "within_seconds", "time"}. A learner reaches a step when there
// is a statement of each step up to it, none earlier than that of the step before, all within that time of
// the first; one statement may be several steps. Rows: step, learners, of_first, of_previous. Errors: as of
// compute().
Result<Table> funnel(const std::shared_ptr<Lookups>& lookups, const boost::json::value& body,
                     const Budget& budget);

} // namespace leerspoor::server::analytics
