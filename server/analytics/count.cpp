#include "server/analytics/count.hpp"

#include "server/analytics/extension.hpp"

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

// The column whose numbers are the groups of a query that only counts rows, where it is so simple.
std::optional<FactColumn> one_column(const Plan& plan) {
    const auto& dimensions = plan.query.dimensions;
    if (dimensions.size() != 1 || plan.needs.any() || plan.query.totals) return std::nullopt;
    switch (dimensions.front().kind) {
    case DimensionKind::verb:
    case DimensionKind::activity_type:
    case DimensionKind::team:
    case DimensionKind::instructor:
    case DimensionKind::platform:
    case DimensionKind::language:
    case DimensionKind::success:
    case DimensionKind::completion:
        return source_of(dimensions.front().kind).column;
    default:
        return std::nullopt;
    }
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
    return Plan{.query = query,
                .selection = std::move(*selection),
                .needs = needs,
                .outcomes = *outcomes,
                .timed = timed};
}

Counter::Counter(const Plan& plan, const Budget& budget)
    : plan_(plan), budget_(budget), everything_(plan.selection.everything()), counts_only_(!plan.needs.any()),
      one_column_(one_column(plan)) {
    for (const auto& dimension : plan.query.dimensions) {
        clocks_.push_back(is_time(dimension.kind)
                              ? std::make_unique<TimeBuckets>(dimension.kind, plan.query.filter.zone)
                              : nullptr);
    }
}

Result<void> Counter::add(const FactBlock& block) {
    const std::int64_t* const numbers = one_column_ ? block[*one_column_] : nullptr;
    for (std::size_t i = 0; i < block.rows; ++i) {
        if (!everything_ && !plan_.selection.wants(block, i)) continue;
        // Most rows of the quickest queries are done here.
        if (numbers != nullptr) {
            const auto number = static_cast<std::size_t>(numbers[i]);
            if (number < dense_.size() && dense_[number] != 0) {
                groups_[dense_[number] - 1].count();
                continue;
            }
        }
        Row row;
        if (!counts_only_) row = row_of(block, i);
        if (plan_.timed) row.time = plan_.selection.time(block, i);
        if (plan_.query.totals) totals_.add(row, plan_.needs);
        Keys keys{};
        add_to_groups(block, i, 0, 0, keys, row);
    }
    if (!outcome_) return outcome_;
    if (groups_.size() > most_groups) return query_too_large();
    // Looked at now and then: to look costs as much as a block.
    if (++blocks_ % 64 == 0 && memory_bytes() > budget_.of_thread()) return query_too_large();
    return {};
}

std::size_t Counter::memory_bytes() const {
    std::size_t bytes = totals_.memory_bytes() + index_.size() * (sizeof(Keys) + 8);
    for (const auto& group : groups_) bytes += group.memory_bytes();
    return bytes;
}

Row Counter::row_of(const FactBlock& block, std::size_t i) const {
    const Needs& needs = plan_.needs;
    Row row;
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

// A row is of several groups where a dimension has several values.
void Counter::add_to_groups(const FactBlock& block, std::size_t i, std::size_t dimension, std::size_t place,
                            Keys& keys, const Row& row) {
    const auto& dimensions = plan_.query.dimensions;
    if (dimension == dimensions.size()) {
        Group& group = group_of(keys);
        if (counts_only_) {
            group.count();
        } else {
            group.add(row, plan_.needs);
        }
        return;
    }
    const auto kind = dimensions[dimension].kind;
    const auto next = [&](std::int64_t key) {
        keys[place] = key;
        add_to_groups(block, i, dimension + 1, place + 1, keys, row);
    };
    if (is_time(kind)) return next(clocks_[dimension]->bucket(row.time + plan_.shift));
    if (kind == DimensionKind::extension) {
        const auto text = find_extension(block.statements[i].bytes, dimensions[dimension].name);
        if (!text) return next(missing_key);
        const auto number = plan_.selection.lookups().extension_number(*text);
        if (!number) outcome_ = number.error();
        return next(number ? *number : missing_key);
    }
    const Source source = source_of(kind);
    if (kind == DimensionKind::course) {
        const auto course = plan_.selection.course(block, i);
        return next(course == no_fact ? missing_key : course);
    }
    const auto value = block[source.column][i];
    if (kind == DimensionKind::registration) {
        keys[place] = value;
        keys[place + 1] = block[FactColumn::registration_low][i];
        return add_to_groups(block, i, dimension + 1, place + 2, keys, row);
    }
    if (value == no_fact) return next(missing_key);
    if (kind == DimensionKind::learner) return next(plan_.selection.learner(block, i));
    if (kind == DimensionKind::activity && block[FactColumn::object_is_actor][i] != no_fact)
        return next(missing_key);
    if (kind == DimensionKind::score_band) return next(score_band(value));
    if (!source.list) return next(value);
    const auto& numbers = plan_.selection.lookups().list(value);
    for (std::size_t at = 0; at < numbers.size(); ++at) {
        // Named twice counts once.
        if (std::find(numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(at), numbers[at]) !=
            numbers.begin() + static_cast<std::ptrdiff_t>(at))
            continue;
        next(numbers[at]);
    }
}

// Where a group's place is kept in a table rather than looked up: one small key, or two.
std::optional<std::size_t> Counter::dense_place(const Keys& keys) const {
    constexpr std::size_t most_of_one = 1u << 20;
    constexpr std::size_t most_of_two = 1u << 10;
    const auto dimensions = plan_.query.dimensions.size();
    const auto first = static_cast<std::size_t>(keys[0]);
    const auto second = static_cast<std::size_t>(keys[1]);
    if (dimensions == 1 && first < most_of_one && second == 0) return first;
    if (dimensions == 2 && first < most_of_two && second < most_of_two && keys[2] == 0)
        return first * most_of_two + second;
    return std::nullopt;
}

Group& Counter::group_of(const Keys& keys) {
    const auto dense = dense_place(keys);
    if (dense && *dense < dense_.size() && dense_[*dense] != 0) return groups_[dense_[*dense] - 1];
    if (!dense && !groups_.empty() && keys == last_keys_) return groups_[last_place_];
    const auto [found, added] = index_.try_emplace(keys, groups_.size());
    if (added) groups_.emplace_back();
    if (dense) {
        if (*dense >= dense_.size()) dense_.resize(*dense + *dense / 2 + 1);
        dense_[*dense] = static_cast<std::uint32_t>(found->second + 1);
    }
    last_keys_ = keys;
    last_place_ = found->second;
    return groups_[found->second];
}

} // namespace leerspoor::server::analytics
