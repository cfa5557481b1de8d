// GET statements: an intersection of postings, walked bucket by bucket from one end, so that a page costs
// what a page holds and not what matches.
#pragma once

#include "storage/rocksdb/index.hpp"

namespace leerspoor::storage {

// `visible`: the last sequence that readers may see. Any thread.
Result<Page> query_page(Database& database, const Segments& segments, StoreId store, const Query& query,
                        Sequence visible);
Result<Count> count_matches(Database& database, const Segments& segments, StoreId store, const Query& query,
                            Sequence visible);

} // namespace leerspoor::storage
