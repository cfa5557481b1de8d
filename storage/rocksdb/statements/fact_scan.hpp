// Facts as one thing: sealed columns and the rows of the segments in memory, a bucket at a time, with the
// postings as filters.
#pragma once

#include "storage/facts.hpp"
#include "storage/rocksdb/statements/index.hpp"

#include <functional>

namespace leerspoor::storage::engine {

// As FactStore says.
Result<void> scan_facts(const ReadView& seen, StoreId store, const FactQuery& query,
                        const std::function<bool(const FactBlock&)>& each);

} // namespace leerspoor::storage::engine
