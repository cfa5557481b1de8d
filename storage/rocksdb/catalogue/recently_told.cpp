#include "storage/rocksdb/catalogue/recently_told.hpp"

#include "storage/rocksdb/database/keyed_hash.hpp"

#include <algorithm>

namespace leerspoor::storage::engine {

namespace {

constexpr std::size_t generation_size = 32u << 10;

} // namespace

TellingMark mark_of(StoreId store, std::string_view bytes, const spec::Telling& telling) {
    static const KeyedHash hash;
    const auto kind = static_cast<std::uint64_t>(telling.subject);
    return {hash(telling.of.of(bytes), kind << 32 | store), hash(telling.told.of(bytes), 0)};
}

RecentlyTold::Told* RecentlyTold::find(std::uint64_t subject) {
    if (const auto found = young_.find(subject); found != young_.end()) return &found->second;
    const auto found = old_.find(subject);
    if (found == old_.end()) return nullptr;
    const Told told = found->second;
    if (young_.size() >= generation_size) {
        old_ = std::move(young_);
        young_ = {};
    }
    return &(young_[subject] = told);
}

bool RecentlyTold::adds_nothing(const TellingMark& telling) {
    const auto* const known = find(telling.subject);
    if (known == nullptr) return false;
    const auto end = known->hashes.begin() + std::min<std::size_t>(known->count, known->hashes.size());
    return std::find(known->hashes.begin(), end, telling.told) != end;
}

void RecentlyTold::note(const TellingMark& telling, bool changed) {
    if (find(telling.subject) == nullptr && young_.size() >= generation_size) {
        old_ = std::move(young_);
        young_ = {};
    }
    auto& known = young_[telling.subject];
    if (changed) known.count = 0;
    known.hashes[known.count++ % known.hashes.size()] = telling.told;
}

} // namespace leerspoor::storage::engine
