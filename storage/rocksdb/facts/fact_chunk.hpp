// Rows of facts that were sealed together, as they lie in the database: a value a column, and one for the
// places of the rows.
#pragma once

#include "storage/rocksdb/database/format.hpp"
#include "storage/rocksdb/facts/fact_row.hpp"

#include <string>
#include <utility>
#include <vector>

namespace leerspoor::storage::engine {

// Keys, ascending, and values: a chunk for each store that has rows. REQUIRES: nothing is added any more.
std::vector<std::pair<std::string, std::string>> encode_facts(const FactRows& rows, Bucket bucket);

} // namespace leerspoor::storage::engine
