// An answer as a table.
#pragma once

#include "server/analytics/compute.hpp"
#include "server/analytics/table.hpp"

namespace leerspoor::server::analytics {

Table table_of(const Query& query, const Answer& answer);

} // namespace leerspoor::server::analytics
