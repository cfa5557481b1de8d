// Counts rows in groups: one thread's part of a query.
#pragma once

#include "server/analytics/group.hpp"
#include "server/analytics/scan.hpp"
#include "server/analytics/time_buckets.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

namespace leerspoor::server::analytics {

inline constexpr std::size_t most_keys = 4;
using Keys = std::array<std::int64_t, most_keys + 1>; // a registration takes two places

struct KeysHash {
    std::size_t operator()(const Keys& keys) const noexcept {
        std::uint64_t hash = 0x243f6a8885a308d3u;
        for (const auto key : keys)
            hash = (hash ^ static_cast<std::uint64_t>(key)) * 0x9e3779b97f4a7c15u ^ (hash >> 31);
        return hash ^ (hash >> 32);
    }
};

// No bucket of time has this number.
inline constexpr std::int64_t missing_key = std::numeric_limits<std::int64_t>::min();

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
    bool timed = false;     // times are needed
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
    void add_to_groups(const storage::FactBlock& block, std::size_t i, std::size_t dimension,
                       std::size_t place, Keys& keys, const Row& row);
    Group& group_of(const Keys& keys);
    std::optional<std::size_t> dense_place(const Keys& keys) const;
    std::size_t memory_bytes() const;

    const Plan& plan_;
    const Budget& budget_;
    std::vector<std::unique_ptr<TimeBuckets>> clocks_; // null: no time
    boost::unordered_flat_map<Keys, std::size_t, KeysHash> index_;
    std::vector<Group> groups_;
    std::vector<std::uint32_t> dense_; // small keys: their place in groups_, and 1; 0: not there yet
    Keys last_keys_{};
    std::size_t last_place_ = 0;
    Group totals_;
    const bool everything_;
    const bool counts_only_;
    const std::optional<storage::FactColumn> one_column_;
    std::size_t blocks_ = 0;
    Result<void> outcome_;
};

} // namespace leerspoor::server::analytics
