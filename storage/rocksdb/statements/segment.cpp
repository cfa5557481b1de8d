#include "storage/rocksdb/statements/segment.hpp"

#include <algorithm>
#include <mutex>

namespace leerspoor::storage::engine {

void Segment::Writer::add_statement(const IdKey& id, const IdEntry& entry) {
    segment_.ids_.insert_or_assign(id, entry);
    segment_.last_ = std::max(segment_.last_.load(), entry.sequence);
    ++segment_.statements_;
    segment_.memory_bytes_ += sizeof(IdKey) + sizeof(IdEntry) + 8;
}

void Segment::Writer::add_facts(const FactRow& row) {
    segment_.facts_.add(row);
    segment_.memory_bytes_ += sizeof(FactRow);
}

void Segment::Writer::add_awaited(const IdKey& id) {
    segment_.ids_.try_emplace(id);
}

void Segment::Writer::add_posting(const TermKey& term, Offset offset) {
    const auto [place, added] = segment_.postings_.try_emplace(term);
    if (added) segment_.memory_bytes_ += sizeof(TermKey) + sizeof(Posting) + 8;
    Posting& posting = place->second;
    if (posting.many) {
        posting.many->set(offset);
        return;
    }
    auto& few = posting.few;
    if (few.empty() || few.back() < offset) {
        few.push_back(offset);
    } else {
        const auto at = std::lower_bound(few.begin(), few.end(), offset);
        if (*at == offset) return;
        few.insert(at, offset);
    }
    if (few.size() <= few_limit) {
        if (few.size() > 4) segment_.memory_bytes_ += sizeof(Offset) * 2;
        return;
    }
    posting.many = std::make_unique<BucketBits>();
    for (const Offset each : few) posting.many->set(each);
    few = {};
    segment_.memory_bytes_ += sizeof(BucketBits) - few_limit * 2 * sizeof(Offset);
}

std::optional<IdEntry> Segment::find_id(const IdKey& id) const {
    const std::shared_lock lock(mutex_);
    const auto found = ids_.find(id);
    if (found == ids_.end()) return std::nullopt;
    return found->second;
}

bool Segment::contains(const TermKey& term) const {
    const std::shared_lock lock(mutex_);
    return postings_.contains(term);
}

void Segment::add_to(const TermKey& term, BucketBits& bits) const {
    const std::shared_lock lock(mutex_);
    const auto found = postings_.find(term);
    if (found == postings_.end()) return;
    if (found->second.many) {
        bits |= *found->second.many;
    } else {
        for (const Offset offset : found->second.few) bits.set(offset);
    }
}

std::vector<std::pair<IdKey, IdEntry>> Segment::sorted_ids() const {
    std::vector<std::pair<IdKey, IdEntry>> sorted(ids_.begin(), ids_.end());
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    return sorted;
}

std::vector<std::pair<TermKey, std::string>> Segment::sorted_postings() const {
    std::vector<std::pair<TermKey, const Posting*>> order;
    order.reserve(postings_.size());
    for (const auto& [term, posting] : postings_) order.emplace_back(term, &posting);
    std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::pair<TermKey, std::string>> sorted;
    sorted.reserve(order.size());
    for (const auto& [term, posting] : order) {
        sorted.emplace_back(
            term, posting->many ? encode(*posting->many)
                                : encode(std::vector<Offset>(posting->few.begin(), posting->few.end())));
    }
    return sorted;
}

} // namespace leerspoor::storage::engine
