#include "tests/storage/model.hpp"

#include <algorithm>

namespace leerspoor::tests {

void Model::add(storage::StoreId tenant, const spec::PreparedStatement& statement, storage::Sequence sequence,
                spec::Instant stored) {
    places_[{tenant, statement.id}] = all_.size();
    if (statement.voids) voiders_[{tenant, *statement.refers_to}].push_back(all_.size());
    all_.push_back({tenant, statement.id, sequence, stored,
                    std::set<spec::Term>(statement.terms.begin(), statement.terms.end()), statement.refers_to,
                    statement.voids});
}

const Model::Item* Model::find(storage::StoreId tenant, const spec::Uuid& id) const {
    const auto place = places_.find({tenant, id});
    return place == places_.end() ? nullptr : &all_[place->second];
}

bool Model::contains(storage::StoreId tenant, const spec::Uuid& id) const {
    return find(tenant, id) != nullptr;
}

bool Model::voided(storage::StoreId tenant, const spec::Uuid& id) const {
    const Item* item = find(tenant, id);
    return item != nullptr && !item->voids && voiders_.contains({tenant, id});
}

bool Model::has_term(const Item& item, const spec::Term& term) const {
    std::set<spec::Uuid> seen;
    for (const Item* link = &item; link != nullptr && seen.insert(link->id).second;
         link = link->refers_to ? find(link->tenant, *link->refers_to) : nullptr) {
        if (link->terms.contains(term)) return true;
    }
    return false;
}

std::vector<spec::Uuid> Model::matches(storage::StoreId tenant, const storage::Query& query) const {
    std::vector<spec::Uuid> found;
    for (const auto& item : all_) {
        if (item.tenant != tenant || voided(tenant, item.id)) continue;
        if (query.since && item.stored <= *query.since) continue;
        if (query.until && item.stored > *query.until) continue;
        if (std::all_of(query.terms.begin(), query.terms.end(),
                        [&](const auto& term) { return has_term(item, term); })) {
            found.push_back(item.id);
        }
    }
    if (!query.ascending) std::reverse(found.begin(), found.end());
    return found;
}

} // namespace leerspoor::tests
