// What is counted of one group of rows, mergeable, so that threads count side by side. Only what the measures
// of the query need is kept.
#pragma once

#include "server/analytics/query.hpp"
#include "storage/facts.hpp"

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace leerspoor::server::analytics {

// Different numbers from 1 on, few as a table, many as bits.
class NumberSet {
  public:
    void add(std::uint32_t number);
    void merge(const NumberSet& other);
    std::size_t size() const;
    std::size_t memory_bytes() const { return few_.bucket_count() * 5 + bits_.capacity() * 8; }

  private:
    void make_bits();

    std::uint32_t greatest_ = 0; // of few_
    boost::unordered_flat_set<std::uint32_t> few_;
    std::vector<std::uint64_t> bits_; // instead of them, once they are many
};

// How often each value occurs: mean, median and percentiles are then exact, and the same in any order.
class Values {
  public:
    void add(std::int64_t value) { ++counts_[value]; }
    void merge(const Values& other);
    std::uint64_t size() const;
    // Values and how often, ascending.
    std::vector<std::pair<std::int64_t, std::uint64_t>> sorted() const;
    std::size_t memory_bytes() const { return counts_.size() * 20; }

  private:
    boost::unordered_flat_map<std::int64_t, std::uint64_t> counts_;
};

// What the measures of a query need of the rows.
struct Needs {
    bool learners = false;
    bool activities = false;
    bool attempts = false;
    bool pairs = false; // of learner and activity: completions, and their rate
    bool passes = false;
    bool scores = false;
    bool durations = false;
    bool times = false;

    bool any() const {
        return learners || activities || attempts || pairs || passes || scores || durations || times;
    }
    static Needs of(const std::vector<Measure>& measures);
};

// A row as measures see it.
struct Row {
    std::int64_t time = 0;
    std::uint32_t learner = 0;
    std::uint32_t activity = 0; // 0: the object is none
    std::int64_t registration_high = 0;
    std::int64_t registration_low = 0;
    bool completes = false;
    std::optional<bool> passes;
    std::int64_t score = storage::no_fact;
    std::int64_t duration = storage::no_fact;
};

class Group {
  public:
    void add(const Row& row, const Needs& needs);
    void count() { ++statements_; } // where nothing else is needed
    void merge(const Group& other);
    std::size_t memory_bytes() const;
    // Nothing where there is no value: the mean of no scores.
    std::optional<double> value(const Measure& measure) const;

  private:
    struct AttemptHash {
        std::size_t operator()(const std::array<std::uint64_t, 3>& attempt) const noexcept;
    };
    // Beside the count, which every query needs.
    struct More {
        NumberSet learners;
        NumberSet activities;
        boost::unordered_flat_set<std::array<std::uint64_t, 3>, AttemptHash> attempts;
        boost::unordered_flat_set<std::uint64_t> begun;     // learner and activity
        boost::unordered_flat_set<std::uint64_t> completed; // the same
        std::uint64_t passes = 0;
        std::uint64_t fails = 0;
        Values scores;
        Values durations;
        std::int64_t first = std::numeric_limits<std::int64_t>::max();
        std::int64_t last = std::numeric_limits<std::int64_t>::min();
    };

    std::uint64_t statements_ = 0;
    std::shared_ptr<More> more_;
};

} // namespace leerspoor::server::analytics
