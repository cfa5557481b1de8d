// How questions do: how hard each is, whether who is good answers it right, and what is answered.
#pragma once

#include "server/analytics/scan.hpp"
#include "server/analytics/table.hpp"

#include <boost/json/value.hpp>

namespace leerspoor::server::analytics {

// {"filter", "time", "limit"}. An answer is a statement about an Activity with result.response, or with
// result.success about one of the type cmi.interaction; of each learner the first to each question counts.
// Rows, the hardest first: question, learners, answers (all of them), right (their share), discrimination
// (the correlation of being right with the share right of the learner's other questions; of ten learners or
// more), median_seconds, and responses: [{"response", "learners", "share", "correct", "text"}], the most
// frequent 20, each choice of several by itself; correct and text where the Activity's definition tells them.
// Errors: as of compute().
Result<Table> questions(const std::shared_ptr<Lookups>& lookups, const boost::json::value& body,
                        const Budget& budget);

} // namespace leerspoor::server::analytics
