// Which groups the rows of a block belong to: the values of each dimension, column by column.
#pragma once

#include "server/analytics/selection.hpp"
#include "server/analytics/time_buckets.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

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

// One thread.
class RowKeys {
  public:
    // REQUIRES: both live as long; `selection` needs what the dimensions need. `shift` is added to times.
    RowKeys(const Selection& selection, const Query& query, std::int64_t shift);

    // Of these rows of the block, ascending. Error: analytics_query_too_large.
    Result<void> read(const storage::FactBlock& block, std::span<const std::uint32_t> rows);

    // Has a row several values of some dimension? Then columns do not tell all.
    bool several() const { return several_; }
    // How many places of Keys are taken; the rest are 0.
    std::size_t places() const { return columns_.size(); }
    // The keys at one place, of the rows that were read.
    const std::int64_t* column(std::size_t place) const { return columns_[place].data(); }

    Keys of(std::size_t row) const {
        Keys keys{};
        for (std::size_t place = 0; place < columns_.size(); ++place) keys[place] = columns_[place][row];
        return keys;
    }

    // Gives the Keys of every group that the row belongs to.
    template <class Take>
    void each(std::size_t row, Take take) const {
        Keys keys = of(row);
        each_from(0, keys, take);
    }

  private:
    void read_dimension(const storage::FactBlock& block, std::span<const std::uint32_t> rows,
                        std::size_t dimension, std::size_t place);
    void read_extension(const storage::FactBlock& block, std::span<const std::uint32_t> rows,
                        const std::string& iri, std::vector<std::int64_t>& keys);
    bool first_there(const std::vector<storage::FactNumber>& list, std::size_t at) const;

    template <class Take>
    void each_from(std::size_t place, Keys& keys, Take& take) const {
        while (place < lists_.size() && (!lists_[place] || keys[place] == missing_key)) ++place;
        if (place == lists_.size()) {
            take(keys);
            return;
        }
        const auto number = keys[place];
        const auto& list = selection_.lookups().list(number);
        for (std::size_t at = 0; at < list.size(); ++at) {
            if (!first_there(list, at)) continue; // named twice counts once
            keys[place] = list[at];
            each_from(place + 1, keys, take);
        }
        keys[place] = number;
    }

    const Selection& selection_;
    const Query& query_;
    const std::int64_t shift_;
    std::vector<std::unique_ptr<TimeBuckets>> clocks_; // of each dimension; null: no time
    std::vector<std::vector<std::int64_t>> columns_;
    std::vector<bool> lists_; // of each place: its keys are numbers of lists
    bool several_ = false;
    Result<void> outcome_;
};

} // namespace leerspoor::server::analytics
