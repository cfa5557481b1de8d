// RocksDB's slices and the standard's string views are the same thing.
#pragma once

#include <rocksdb/slice.h>

#include <string_view>

namespace leerspoor::storage::engine {

inline rocksdb::Slice slice(std::string_view text) {
    return {text.data(), text.size()};
}
inline std::string_view view(const rocksdb::Slice& text) {
    return {text.data(), text.size()};
}

} // namespace leerspoor::storage::engine
