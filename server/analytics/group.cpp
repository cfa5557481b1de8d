#include "server/analytics/group.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace leerspoor::server::analytics {
namespace {

constexpr double hundredths = 100;
constexpr double microseconds = 1e6;

double score_value(std::int64_t fact) {
    return storage::score_of(fact);
}
double seconds_value(std::int64_t fact) {
    return static_cast<double>(fact - 1) / hundredths;
}

// Between the two values that lie around that place, in proportion (Hyndman and Fan, type 7).
template <class Read>
std::optional<double> percentile(const Values& values, double at, Read read) {
    const auto sorted = values.sorted();
    const auto count = values.size();
    if (count == 0) return std::nullopt;
    const double place = at * static_cast<double>(count - 1);
    const auto below = static_cast<std::uint64_t>(std::floor(place));
    const auto nth = [&](std::uint64_t n) {
        for (const auto& [value, often] : sorted) {
            if (n < often) return read(value);
            n -= often;
        }
        return read(sorted.back().first);
    };
    const double lower = nth(below);
    const double upper = nth(std::min(below + 1, count - 1));
    return lower + (place - static_cast<double>(below)) * (upper - lower);
}

template <class Set>
void add_all(Set& to, const Set& from) {
    to.insert(from.begin(), from.end());
}

} // namespace

void NumberSet::add(std::uint32_t number) {
    if (!bits_.empty()) {
        if (number / 64 >= bits_.size())
            bits_.resize(std::max<std::size_t>(number / 64 + 1, bits_.size() + bits_.size() / 2));
        bits_[number / 64] |= std::uint64_t{1} << (number % 64);
        return;
    }
    few_.insert(number);
    greatest_ = std::max(greatest_, number);
    // Numbers are dense, so that bits soon take little more than a table, and are quicker to add and to
    // merge.
    constexpr std::size_t many = 64;
    constexpr std::size_t words_of_one = 4;
    if (few_.size() >= many && greatest_ / 64 < few_.size() * words_of_one) make_bits();
}

void NumberSet::make_bits() {
    bits_.resize(greatest_ / 64 + 1);
    for (const auto number : few_) bits_[number / 64] |= std::uint64_t{1} << (number % 64);
    few_ = {};
}

void NumberSet::merge(const NumberSet& other) {
    if (!other.bits_.empty() && bits_.empty()) {
        auto mine = std::move(few_);
        few_ = {};
        bits_ = other.bits_;
        for (const auto number : mine) add(number);
        return;
    }
    for (const auto number : other.few_) add(number);
    if (other.bits_.size() > bits_.size()) bits_.resize(other.bits_.size());
    for (std::size_t i = 0; i < other.bits_.size(); ++i) bits_[i] |= other.bits_[i];
}

std::size_t NumberSet::size() const {
    std::size_t count = few_.size();
    for (const auto word : bits_) count += static_cast<std::size_t>(std::popcount(word));
    return count;
}

void Values::merge(const Values& other) {
    for (const auto& [value, often] : other.counts_) counts_[value] += often;
}

std::uint64_t Values::size() const {
    std::uint64_t count = 0;
    for (const auto& [value, often] : counts_) count += often;
    return count;
}

std::vector<std::pair<std::int64_t, std::uint64_t>> Values::sorted() const {
    std::vector<std::pair<std::int64_t, std::uint64_t>> all(counts_.begin(), counts_.end());
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    return all;
}

Needs Needs::of(const std::vector<Measure>& measures) {
    using Kind = MeasureKind;
    Needs needs;
    for (const auto& measure : measures) {
        switch (measure.kind) {
        case Kind::statements:
            break;
        case Kind::learners:
            needs.learners = true;
            break;
        case Kind::activities:
            needs.activities = true;
            break;
        case Kind::attempts:
            needs.attempts = true;
            break;
        case Kind::completions:
        case Kind::completion_rate:
            needs.pairs = true;
            break;
        case Kind::passes:
        case Kind::pass_rate:
            needs.passes = true;
            break;
        case Kind::mean_score:
        case Kind::median_score:
        case Kind::best_score:
        case Kind::score_percentile:
            needs.scores = true;
            break;
        case Kind::total_duration:
        case Kind::median_duration:
        case Kind::duration_percentile:
            needs.durations = true;
            break;
        case Kind::first_time:
        case Kind::last_time:
            needs.times = true;
            break;
        }
    }
    return needs;
}

std::size_t Group::AttemptHash::operator()(const std::array<std::uint64_t, 3>& attempt) const noexcept {
    std::uint64_t hash = attempt[0];
    for (const auto part : {attempt[1], attempt[2]})
        hash = (hash ^ part) * 0x9e3779b97f4a7c15u ^ (hash >> 29);
    return hash ^ (hash >> 32);
}

void Group::add(const Row& row, const Needs& needs) {
    ++statements_;
    if (!more_) more_ = std::make_shared<More>();
    auto& more = *more_;
    if (needs.learners && row.learner != 0) more.learners.add(row.learner);
    if (needs.activities && row.activity != 0) more.activities.add(row.activity);
    if (needs.attempts && (row.registration_high | row.registration_low) != 0) {
        more.attempts.insert({row.learner, static_cast<std::uint64_t>(row.registration_high),
                              static_cast<std::uint64_t>(row.registration_low)});
    }
    if (needs.pairs && row.learner != 0 && row.activity != 0) {
        const auto pair = std::uint64_t{row.learner} << 32 | row.activity;
        more.begun.insert(pair);
        if (row.completes) more.completed.insert(pair);
    }
    if (needs.passes && row.passes) ++(*row.passes ? more.passes : more.fails);
    if (needs.scores && row.score != storage::no_fact) more.scores.add(row.score);
    if (needs.durations && row.duration != storage::no_fact) more.durations.add(row.duration);
    if (needs.times) {
        more.first = std::min(more.first, row.time);
        more.last = std::max(more.last, row.time);
    }
}

void Group::merge(const Group& other) {
    statements_ += other.statements_;
    if (!other.more_) return;
    if (!more_) more_ = std::make_shared<More>();
    auto& more = *more_;
    const auto& from = *other.more_;
    more.learners.merge(from.learners);
    more.activities.merge(from.activities);
    add_all(more.attempts, from.attempts);
    add_all(more.begun, from.begun);
    add_all(more.completed, from.completed);
    more.passes += from.passes;
    more.fails += from.fails;
    more.scores.merge(from.scores);
    more.durations.merge(from.durations);
    more.first = std::min(more.first, from.first);
    more.last = std::max(more.last, from.last);
}

std::size_t Group::memory_bytes() const {
    std::size_t bytes = sizeof *this;
    if (!more_) return bytes;
    bytes += sizeof(More) + more_->learners.memory_bytes() + more_->activities.memory_bytes();
    bytes += more_->attempts.size() * 30 + (more_->begun.size() + more_->completed.size()) * 10;
    return bytes + more_->scores.memory_bytes() + more_->durations.memory_bytes();
}

std::optional<double> Group::value(const Measure& measure) const {
    using Kind = MeasureKind;
    static const More nothing;
    const More& more = more_ ? *more_ : nothing;
    const auto count = [](std::size_t number) { return std::optional(static_cast<double>(number)); };
    const auto share = [](double part, double whole) {
        return whole == 0 ? std::nullopt : std::optional(part / whole);
    };
    switch (measure.kind) {
    case Kind::statements:
        return count(statements_);
    case Kind::learners:
        return count(more.learners.size());
    case Kind::activities:
        return count(more.activities.size());
    case Kind::attempts:
        return count(more.attempts.size());
    case Kind::completions:
        return count(more.completed.size());
    case Kind::completion_rate:
        return share(static_cast<double>(more.completed.size()), static_cast<double>(more.begun.size()));
    case Kind::passes:
        return count(more.passes);
    case Kind::pass_rate:
        return share(static_cast<double>(more.passes), static_cast<double>(more.passes + more.fails));
    case Kind::mean_score: {
        double sum = 0;
        for (const auto& [value, often] : more.scores.sorted())
            sum += score_value(value) * static_cast<double>(often);
        return share(sum, static_cast<double>(more.scores.size()));
    }
    case Kind::best_score: {
        const auto sorted = more.scores.sorted();
        return sorted.empty() ? std::nullopt : std::optional(score_value(sorted.back().first));
    }
    case Kind::median_score:
    case Kind::score_percentile:
        return percentile(more.scores, measure.at, score_value);
    case Kind::total_duration: {
        std::int64_t sum = 0;
        for (const auto& [value, often] : more.durations.sorted())
            sum += (value - 1) * static_cast<std::int64_t>(often);
        return static_cast<double>(sum) / hundredths;
    }
    case Kind::median_duration:
    case Kind::duration_percentile:
        return percentile(more.durations, measure.at, seconds_value);
    case Kind::first_time:
        return statements_ == 0 ? std::nullopt
                                : std::optional(static_cast<double>(more.first) / microseconds);
    case Kind::last_time:
        return statements_ == 0 ? std::nullopt : std::optional(static_cast<double>(more.last) / microseconds);
    }
    return std::nullopt;
}

} // namespace leerspoor::server::analytics
