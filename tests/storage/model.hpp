// A record store that is slow and obviously right: a list of statements, looked through for every question.
// Random tests hold the engine against it.
#pragma once

#include "tests/storage/store_fixture.hpp"

#include <map>
#include <set>
#include <utility>
#include <vector>

namespace leerspoor::tests {

class Model {
  public:
    // A statement that a store has taken, in the order of storing.
    void add(storage::StoreId tenant, const spec::PreparedStatement& statement, storage::Sequence sequence,
             spec::Instant stored);

    std::vector<spec::Uuid> matches(storage::StoreId tenant, const storage::Query& query) const;
    bool voided(storage::StoreId tenant, const spec::Uuid& id) const;
    bool contains(storage::StoreId tenant, const spec::Uuid& id) const;
    // When one of them was stored.
    spec::Instant stored_at(std::size_t place) const { return all_.at(place).stored; }
    std::size_t size() const { return all_.size(); }

  private:
    struct Item {
        storage::StoreId tenant;
        spec::Uuid id;
        storage::Sequence sequence;
        spec::Instant stored;
        std::set<spec::Term> terms;
        std::optional<spec::Uuid> refers_to;
        bool voids;
    };
    const Item* find(storage::StoreId tenant, const spec::Uuid& id) const;
    // By itself, or by what it refers to, however far away.
    bool has_term(const Item& item, const spec::Term& term) const;

    std::vector<Item> all_;
    std::map<std::pair<storage::StoreId, spec::Uuid>, std::size_t> places_;
    std::map<std::pair<storage::StoreId, spec::Uuid>, std::vector<std::size_t>> voiders_;
};

} // namespace leerspoor::tests
