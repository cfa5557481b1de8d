#include "storage/rocksdb/recently_told.hpp"

#include <algorithm>

namespace leerspoor::storage {

namespace {

constexpr std::size_t generation_size = 32u << 10;

} // namespace

// An agent may have many names: each is a subject of its own.
std::uint64_t RecentlyTold::subject_of(StoreId store, const spec::Description& told) const {
    const auto kind = static_cast<std::uint64_t>(told.subject);
    const auto subject = hash_(told.of, kind << 32 | store);
    return told.subject == spec::Description::Subject::agent ? hash_(told.told, subject) : subject;
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

bool RecentlyTold::adds_nothing(StoreId store, const spec::Description& told) {
    const auto* const known = find(subject_of(store, told));
    if (known == nullptr) return false;
    if (told.subject == spec::Description::Subject::agent) return true;
    const auto hash = hash_(told.told, 0);
    const auto end = known->hashes.begin() + std::min<std::size_t>(known->count, known->hashes.size());
    return std::find(known->hashes.begin(), end, hash) != end;
}

void RecentlyTold::note(StoreId store, const spec::Description& told, bool changed) {
    const auto subject = subject_of(store, told);
    if (find(subject) == nullptr && young_.size() >= generation_size) {
        old_ = std::move(young_);
        young_ = {};
    }
    auto& known = young_[subject];
    if (told.subject == spec::Description::Subject::agent) return;
    if (changed) known.count = 0;
    known.hashes[known.count++ % known.hashes.size()] = hash_(told.told, 0);
}

} // namespace leerspoor::storage
