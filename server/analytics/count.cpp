#include "server/analytics/count.hpp"

#include <algorithm>

namespace leerspoor::server::analytics {
namespace {

using storage::FactBlock;
using storage::FactColumn;
using storage::FactText;
using storage::no_fact;

constexpr std::size_t most_groups = 200'000;

constexpr std::string_view passed_verb = "http://adlnet.gov/expapi/verbs/passed";
constexpr std::string_view failed_verb = "http://adlnet.gov/expapi/verbs/failed";
constexpr std::string_view completed_verb = "http://adlnet.gov/expapi/verbs/completed";

// Where a group's place is kept in a table rather than looked up: one small key, or two.
constexpr std::size_t most_of_one = 1u << 20;
constexpr std::size_t most_of_two = 1u << 10;

std::optional<std::size_t> dense_place(std::size_t places, const Keys& keys) {
    const auto first = static_cast<std::size_t>(keys[0]);
    const auto second = static_cast<std::size_t>(keys[1]);
    if (places == 1 && first < most_of_one) return first;
    if (places == 2 && first < most_of_two && second < most_of_two) return first * most_of_two + second;
    return std::nullopt;
}

} // namespace

Result<Outcomes> Outcomes::of(const Lookups& lookups) {
    Outcomes made;
    for (const auto& [verb, place] :
         {std::pair(passed_verb, &made.passed), std::pair(failed_verb, &made.failed),
          std::pair(completed_verb, &made.completed)}) {
        const auto number = lookups.number_of(FactText::iri, verb);
        if (!number) return number.error();
        if (*number != 0) *place = *number;
    }
    return made;
}

bool Outcomes::completes(const FactBlock& block, std::size_t row) const {
    return block[FactColumn::completion][row] == 2 || block[FactColumn::verb][row] == completed;
}

std::optional<bool> Outcomes::passes(const FactBlock& block, std::size_t row) const {
    const auto success = block[FactColumn::success][row];
    if (success != no_fact) return success == 2;
    const auto verb = block[FactColumn::verb][row];
    if (verb == passed || verb == failed) return verb == passed;
    return std::nullopt;
}

Result<Plan> Plan::make(const std::shared_ptr<Lookups>& lookups, const Query& query, const Needs& needs) {
    auto selection = Selection::make(lookups, query.filter);
    if (!selection) return selection.error();
    const auto outcomes = Outcomes::of(*lookups);
    if (!outcomes) return outcomes.error();
    if (needs.learners) selection->need({FactColumn::actor});
    if (needs.activities) selection->need({FactColumn::object, FactColumn::object_is_actor});
    if (needs.attempts)
        selection->need({FactColumn::actor, FactColumn::registration, FactColumn::registration_low});
    if (needs.pairs)
        selection->need({FactColumn::actor, FactColumn::object, FactColumn::object_is_actor,
                         FactColumn::completion, FactColumn::verb});
    if (needs.passes) selection->need({FactColumn::success, FactColumn::verb});
    if (needs.scores) selection->need({FactColumn::score_scaled});
    if (needs.durations) selection->need({FactColumn::duration});
    bool timed = needs.times;
    for (const auto& dimension : query.dimensions) {
        selection->need(dimension.kind);
        timed = timed || is_time(dimension.kind);
    }
    if (timed) selection->need_time();
    return Plan{.query = query, .selection = std::move(*selection), .needs = needs, .outcomes = *outcomes};
}

Counter::Counter(const Plan& plan, const Budget& budget)
    : plan_(plan), budget_(budget), keys_(plan.selection, plan.query, plan.shift),
      everything_(plan.selection.everything()), counts_only_(!plan.needs.any()) {}

Result<void> Counter::add(const FactBlock& block) {
    choose(block);
    auto read = keys_.read(block, rows_);
    if (!read) return read;
    count_rows(block);
    if (groups_.size() > most_groups) return query_too_large();
    // Looked at now and then: to look costs as much as a block.
    if (++blocks_ % 64 == 0 && memory_bytes() > budget_.of_thread()) return query_too_large();
    return {};
}

void Counter::choose(const FactBlock& block) {
    if (everything_) {
        while (rows_.size() < block.rows) rows_.push_back(static_cast<std::uint32_t>(rows_.size()));
        rows_.resize(block.rows);
        return;
    }
    rows_.clear();
    for (std::size_t i = 0; i < block.rows; ++i)
        if (plan_.selection.wants(block, i)) rows_.push_back(static_cast<std::uint32_t>(i));
}

// Gives each row the place of its group, by the quickest way that its keys allow.
template <class Take>
void Counter::each_place(Take take) {
    const auto known = [&](std::size_t at) { return at < dense_.size() && dense_[at] != 0; };
    const auto places = keys_.places();
    if (places == 1) {
        const std::int64_t* const keys = keys_.column(0);
        for (std::size_t k = 0; k < rows_.size(); ++k) {
            const auto at = static_cast<std::size_t>(keys[k]);
            take(k, known(at) ? dense_[at] - 1 : place_of(keys_.of(k)));
        }
        return;
    }
    if (places == 2) {
        const std::int64_t* const first = keys_.column(0);
        const std::int64_t* const second = keys_.column(1);
        for (std::size_t k = 0; k < rows_.size(); ++k) {
            const auto a = static_cast<std::size_t>(first[k]);
            const auto b = static_cast<std::size_t>(second[k]);
            const auto at = a * most_of_two + b;
            take(k, a < most_of_two && b < most_of_two && known(at) ? dense_[at] - 1 : place_of(keys_.of(k)));
        }
        return;
    }
    for (std::size_t k = 0; k < rows_.size(); ++k) take(k, place_of(keys_.of(k)));
}

void Counter::count_rows(const FactBlock& block) {
    const auto add = [&](std::size_t k, Group& group) {
        if (counts_only_) return group.count();
        group.add(row_of(block, rows_[k]), plan_.needs);
    };
    if (plan_.query.totals)
        for (std::size_t k = 0; k < rows_.size(); ++k) add(k, totals_);
    if (keys_.several()) {
        for (std::size_t k = 0; k < rows_.size(); ++k)
            keys_.each(k, [&](const Keys& keys) { add(k, groups_[place_of(keys)]); });
    } else if (counts_only_) {
        each_place([&](std::size_t, std::size_t place) { groups_[place].count(); });
    } else {
        each_place([&](std::size_t k, std::size_t place) { add(k, groups_[place]); });
    }
}

std::size_t Counter::memory_bytes() const {
    std::size_t bytes = totals_.memory_bytes() + index_.size() * (sizeof(Keys) + 8);
    for (const auto& group : groups_) bytes += group.memory_bytes();
    return bytes;
}

Row Counter::row_of(const FactBlock& block, std::size_t i) const {
    const Needs& needs = plan_.needs;
    Row row;
    if (needs.times) row.time = plan_.selection.time(block, i);
    if (needs.learners || needs.attempts || needs.pairs) row.learner = plan_.selection.learner(block, i);
    if (needs.activities || needs.pairs)
        row.activity = static_cast<std::uint32_t>(plan_.selection.activity(block, i));
    if (needs.attempts) {
        row.registration_high = block[FactColumn::registration][i];
        row.registration_low = block[FactColumn::registration_low][i];
    }
    if (needs.pairs) row.completes = plan_.outcomes.completes(block, i);
    if (needs.passes) row.passes = plan_.outcomes.passes(block, i);
    if (needs.scores) row.score = block[FactColumn::score_scaled][i];
    if (needs.durations) row.duration = block[FactColumn::duration][i];
    return row;
}

std::size_t Counter::place_of(const Keys& keys) {
    const auto dense = dense_place(keys_.places(), keys);
    if (dense && *dense < dense_.size() && dense_[*dense] != 0) return dense_[*dense] - 1;
    if (!dense && !groups_.empty() && keys == last_keys_) return last_place_;
    const auto [found, added] = index_.try_emplace(keys, groups_.size());
    if (added) groups_.emplace_back();
    if (dense) {
        if (*dense >= dense_.size()) dense_.resize(*dense + *dense / 2 + 1);
        dense_[*dense] = static_cast<std::uint32_t>(found->second + 1);
    }
    last_keys_ = keys;
    last_place_ = found->second;
    return found->second;
}

} // namespace leerspoor::server::analytics
