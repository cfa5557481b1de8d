// RocksDB's merge operator of the postings family: what was written about one (term, bucket) at different
// times is united.
#pragma once

#include <memory>

namespace rocksdb {
class MergeOperator;
}

namespace leerspoor::storage::engine {

std::shared_ptr<rocksdb::MergeOperator> posting_union();

} // namespace leerspoor::storage::engine
