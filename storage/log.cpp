#include "storage/log.hpp"

#include "spec/log/tile.hpp"

namespace leerspoor::storage {
namespace {

constexpr std::size_t most_tiles = 256; // 2 MiB

} // namespace

Result<spec::Hash> LogHashes::subtree(unsigned level, std::uint64_t index) {
    const auto place = spec::place_of(level, index);
    const std::pair key(place.tile.level, place.tile.index);
    auto known = tiles_.find(key);
    auto hash = known == tiles_.end() ? std::nullopt : spec::subtree_in(place, known->second);
    if (!hash) {
        // It may have grown.
        auto read = store_.log_tile(place.tile.level, place.tile.index);
        if (!read) return read.error();
        if (tiles_.size() >= most_tiles) tiles_.clear();
        known = tiles_.insert_or_assign(key, std::move(*read)).first;
        hash = spec::subtree_in(place, known->second);
    }
    if (!hash) return Error{"store_damaged", "", "The log lacks a hash that it should have."};
    return *hash;
}

} // namespace leerspoor::storage
