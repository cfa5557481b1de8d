// GET statements: an intersection of postings, walked bucket by bucket from one end, so that a page costs
// what a page holds and not what matches.
#pragma once

#include "storage/rocksdb/statements/index.hpp"

namespace leerspoor::storage::engine {

// Any thread.
Result<Page> query_page(const ReadView& seen, StoreId store, const Query& query);
Result<Count> count_matches(const ReadView& seen, StoreId store, const Query& query);

} // namespace leerspoor::storage::engine
