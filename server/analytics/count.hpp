// Counts rows in groups: one thread's part of a query.
#pragma once

#include "server/analytics/group.hpp"
#include "server/analytics/row_keys.hpp"
#include "server/analytics/scan.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

namespace leerspoor::server::analytics {

// The verbs that say of themselves how it ended, as numbers; -1 where the store has none.
struct Outcomes {
    std::int64_t passed = -1;
    std::int64_t failed = -1;
    std::int64_t completed = -1;

    static Result<Outcomes> of(const Lookups& lookups);
    bool completes(const storage::FactBlock& block, std::size_t row) const;
    std::optional<bool> passes(const storage::FactBlock& block, std::size_t row) const;
};

// What all threads of a count share.
struct Plan {
    const Query& query;
    Selection selection;
    Needs needs;
    Outcomes outcomes = {};
    std::int64_t shift = 0; // added to times before they are put in buckets

    // Error: the store's.
    static Result<Plan> make(const std::shared_ptr<Lookups>& lookups, const Query& query, const Needs& needs);
};

class Counter {
  public:
    Counter(const Plan& plan, const Budget& budget);

    Result<void> add(const storage::FactBlock& block);

    const auto& index() const { return index_; }
    const Group& group(std::size_t place) const { return groups_[place]; }
    const Group& totals() const { return totals_; }

  private:
    Row row_of(const storage::FactBlock& block, std::size_t i) const;
    void choose(const storage::FactBlock& block);
    void count_rows(const storage::FactBlock& block);
    template <class Take>
    void each_place(Take take);
    std::size_t place_of(const Keys& keys);
    std::size_t memory_bytes() const;

    const Plan& plan_;
    const Budget& budget_;
    RowKeys keys_;
    std::vector<std::uint32_t> rows_; // of a block, those that are wanted
    boost::unordered_flat_map<Keys, std::size_t, KeysHash> index_;
    std::vector<Group> groups_;
    std::vector<std::uint32_t> dense_; // small keys: their place in groups_, and 1; 0: not there yet
    Keys last_keys_{};
    std::size_t last_place_ = 0;
    Group totals_;
    const bool everything_;
    const bool counts_only_;
    std::size_t blocks_ = 0;
};

} // namespace leerspoor::server::analytics
