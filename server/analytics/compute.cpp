#include "server/analytics/compute.hpp"

#include "server/analytics/time_buckets.hpp"
#include "spec/base/uuid.hpp"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cmath>
#include <memory>
#include <thread>
#include <unordered_map>

namespace leerspoor::server::analytics {
namespace {

using storage::FactBlock;
using storage::FactColumn;
using storage::FactNumber;
using storage::FactText;
using storage::no_fact;

constexpr std::size_t most_groups = 200'000;
constexpr std::size_t most_keys = 4;

Error too_large() {
    return {"analytics_query_too_large", "",
            "This query has more groups or different values than fit in its memory. Narrow it by a filter, "
            "or ask for "
            "coarser dimensions."};
}

Error too_long() {
    return {"analytics_query_too_long", "",
            "This query takes longer than a query may. Narrow it by a filter, or ask for less at once."};
}

Error client_left() {
    return {"client_left", "", "Nobody waits for the answer any more."};
}

constexpr std::string_view passed_verb = "http://adlnet.gov/expapi/verbs/passed";
constexpr std::string_view failed_verb = "http://adlnet.gov/expapi/verbs/failed";
constexpr std::string_view completed_verb = "http://adlnet.gov/expapi/verbs/completed";

constexpr std::size_t most_lists = 1'000'000;

// Lists by their numbers, all of them read before: while facts are scanned the store is not asked.
using Lists = std::vector<std::vector<FactNumber>>;

Result<Lists> read_lists(storage::RecordStore& store, storage::StoreId tenant) {
    const auto last = store.last_fact_number(tenant, FactText::list);
    if (!last) return last.error();
    if (*last > most_lists) return too_large();
    Lists lists(1);
    for (FactNumber number = 1; number <= *last; ++number) {
        const auto text = store.fact_text(tenant, FactText::list, number);
        if (!text) return text.error();
        lists.push_back(storage::list_of(text->value_or("")));
    }
    return lists;
}

// Where the values of a dimension come from.
struct Source {
    FactColumn column = FactColumn::verb;
    FactText kind = FactText::iri;
    bool list = false;
    bool text = true; // a number of a text
};

Source source_of(DimensionKind kind) {
    switch (kind) {
    case DimensionKind::verb:
        return {FactColumn::verb};
    case DimensionKind::activity:
    case DimensionKind::course:
        return {FactColumn::object};
    case DimensionKind::activity_type:
        return {FactColumn::activity_type};
    case DimensionKind::parent:
        return {FactColumn::parents, FactText::iri, true};
    case DimensionKind::grouping:
        return {FactColumn::groupings, FactText::iri, true};
    case DimensionKind::category:
        return {FactColumn::categories, FactText::iri, true};
    case DimensionKind::learner:
        return {FactColumn::actor, FactText::actor};
    case DimensionKind::team:
        return {FactColumn::team, FactText::actor};
    case DimensionKind::instructor:
        return {FactColumn::instructor, FactText::actor};
    case DimensionKind::platform:
        return {FactColumn::platform, FactText::word};
    case DimensionKind::language:
        return {FactColumn::language, FactText::word};
    case DimensionKind::registration:
        return {FactColumn::registration, FactText::word, false, false};
    case DimensionKind::success:
        return {FactColumn::success, FactText::word, false, false};
    case DimensionKind::completion:
        return {FactColumn::completion, FactText::word, false, false};
    case DimensionKind::score_band:
        return {FactColumn::score_scaled, FactText::word, false, false};
    default:
        return {FactColumn::timestamp, FactText::word, false, false};
    }
}

bool is_time(DimensionKind kind) {
    return kind <= DimensionKind::hour_of_day;
}

// Which filter of GET statements finds a superset of the rows.
std::optional<spec::Filter> filter_of(DimensionKind kind) {
    switch (kind) {
    case DimensionKind::verb:
        return spec::Filter::verb;
    case DimensionKind::activity:
        return spec::Filter::activity;
    case DimensionKind::learner:
        return spec::Filter::agent;
    case DimensionKind::registration:
        return spec::Filter::registration;
    case DimensionKind::parent:
    case DimensionKind::grouping:
    case DimensionKind::category:
        return spec::Filter::related_activity;
    case DimensionKind::team:
    case DimensionKind::instructor:
        return spec::Filter::related_agent;
    default:
        return std::nullopt;
    }
}

// A filter with its texts as numbers.
struct Wanted {
    Source source;
    DimensionKind kind{};
    bool wanted = true;
    boost::unordered_flat_set<std::int64_t> numbers;
    boost::unordered_flat_set<std::string> registrations;
};

// What all threads of a query share.
struct Plan {
    const Query& query;
    Needs needs;
    storage::FactQuery facts = {};
    std::vector<Wanted> filters = {};
    Lists lists = {}; // where lists are asked for
    std::int64_t passed = 0;
    std::int64_t failed = 0;
    std::int64_t completed = 0;
    std::int64_t shift = 0; // added to times before they are put in buckets
    std::int64_t after = 0;
    std::int64_t until = 0;
    bool none = false; // no row can match
};

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
constexpr std::int64_t missing_key = std::numeric_limits<std::int64_t>::min();

// One thread's part.
class Counter {
  public:
    Counter(const Plan& plan, const Budget& budget) : plan_(plan), budget_(budget) {
        for (const auto& dimension : plan.query.dimensions) {
            if (is_time(dimension.kind))
                clocks_.push_back(std::make_unique<TimeBuckets>(dimension.kind, plan.query.zone));
            else
                clocks_.push_back(nullptr);
        }
    }

    bool add(const FactBlock& block) {
        if (std::chrono::steady_clock::now() > budget_.end) return fail(too_long());
        if (budget_.client_left && *budget_.client_left) return fail(client_left());
        for (std::size_t i = 0; i < block.rows; ++i) {
            if (!is_wanted(block, i)) continue;
            const Row row = row_of(block, i);
            if (plan_.query.totals) totals_.add(row, plan_.needs);
            Keys keys{};
            add_to_groups(block, i, 0, 0, keys, row);
        }
        if (groups_.size() > most_groups) return fail(too_large());
        // Looked at now and then: to look costs as much as a block.
        if (++blocks_ % 64 == 0 && memory_bytes() > budget_.memory_bytes / budget_.threads)
            return fail(too_large());
        return true;
    }

    const Result<void>& outcome() const { return outcome_; }
    const auto& index() const { return index_; }
    const Group& group(std::size_t place) const { return groups_[place]; }
    const Group& totals() const { return totals_; }

    void merge(const Counter& other) {
        totals_.merge(other.totals_);
        for (const auto& [keys, place] : other.index_) group_of(keys).merge(other.groups_[place]);
    }
    std::size_t memory_bytes() const {
        std::size_t bytes = totals_.memory_bytes() + index_.size() * (sizeof(Keys) + 8);
        for (const auto& group : groups_) bytes += group.memory_bytes();
        return bytes;
    }

  private:
    bool fail(Error error) {
        outcome_ = std::move(error);
        return false;
    }

    bool is_wanted(const FactBlock& block, std::size_t i) const {
        const auto& query = plan_.query;
        const std::int64_t time = time_at(block, i);
        if (time <= plan_.after || time > plan_.until) return false;
        if (query.success && block[FactColumn::success][i] != (*query.success ? 2 : 1)) return false;
        if (query.completion && block[FactColumn::completion][i] != (*query.completion ? 2 : 1)) return false;
        if (query.score) {
            const auto fact = block[FactColumn::score_scaled][i];
            if (fact == no_fact) return false;
            const double score = storage::score_of(fact);
            if (!(score >= query.score->from && score <= query.score->to)) return false;
        }
        if (query.seconds) {
            const auto fact = block[FactColumn::duration][i];
            if (fact == no_fact) return false;
            const double seconds = static_cast<double>(fact - 1) / 100;
            if (!(seconds >= query.seconds->from && seconds <= query.seconds->to)) return false;
        }
        for (const auto& filter : plan_.filters) {
            if (has_one_of(filter, block, i) != filter.wanted) return false;
        }
        return true;
    }

    bool has_one_of(const Wanted& filter, const FactBlock& block, std::size_t i) const {
        if (filter.kind == DimensionKind::registration) {
            const auto high = block[FactColumn::registration][i];
            const auto low = block[FactColumn::registration_low][i];
            return filter.registrations.contains(spec::to_string(storage::registration_of(high, low)));
        }
        if (filter.kind == DimensionKind::course) {
            return filter.numbers.contains(course_of(block, i));
        }
        const auto number = block[filter.source.column][i];
        if (number == no_fact) return false;
        if (filter.kind == DimensionKind::activity && block[FactColumn::object_is_actor][i] != no_fact)
            return false;
        if (!filter.source.list) return filter.numbers.contains(number);
        const auto& list = list_at(number);
        return std::any_of(list.begin(), list.end(),
                           [&](FactNumber one) { return filter.numbers.contains(one); });
    }

    const std::vector<FactNumber>& list_at(std::int64_t number) const {
        return plan_.lists[static_cast<std::size_t>(number)];
    }

    std::int64_t course_of(const FactBlock& block, std::size_t i) const {
        for (const auto column : {FactColumn::groupings, FactColumn::parents}) {
            const auto number = block[column][i];
            if (number != no_fact && !list_at(number).empty()) return list_at(number).front();
        }
        return block[FactColumn::object_is_actor][i] == no_fact ? block[FactColumn::object][i] : no_fact;
    }

    std::int64_t time_at(const FactBlock& block, std::size_t i) const {
        return block[plan_.query.by_stored ? FactColumn::stored : FactColumn::timestamp][i];
    }

    Row row_of(const FactBlock& block, std::size_t i) const {
        const Needs& needs = plan_.needs;
        Row row;
        row.time = time_at(block, i);
        if (needs.learners || needs.attempts || needs.pairs)
            row.learner = static_cast<std::uint32_t>(block[FactColumn::actor][i]);
        if ((needs.activities || needs.pairs) && block[FactColumn::object_is_actor][i] == no_fact)
            row.activity = static_cast<std::uint32_t>(block[FactColumn::object][i]);
        if (needs.attempts) {
            row.registration_high = block[FactColumn::registration][i];
            row.registration_low = block[FactColumn::registration_low][i];
        }
        if (needs.pairs) {
            const auto verb = block[FactColumn::verb][i];
            row.completes =
                block[FactColumn::completion][i] == 2 || (verb != no_fact && verb == plan_.completed);
        }
        if (needs.passes) {
            const auto success = block[FactColumn::success][i];
            const auto verb = block[FactColumn::verb][i];
            if (success != no_fact) {
                row.passes = success == 2;
            } else if (verb != no_fact && (verb == plan_.passed || verb == plan_.failed)) {
                row.passes = verb == plan_.passed;
            }
        }
        if (needs.scores) row.score = block[FactColumn::score_scaled][i];
        if (needs.durations) row.duration = block[FactColumn::duration][i];
        return row;
    }

    // A row is of several groups where a dimension has several values.
    void add_to_groups(const FactBlock& block, std::size_t i, std::size_t dimension, std::size_t place,
                       Keys& keys, const Row& row) {
        const auto& dimensions = plan_.query.dimensions;
        if (dimension == dimensions.size()) {
            group_of(keys).add(row, plan_.needs);
            return;
        }
        const auto kind = dimensions[dimension].kind;
        const auto next = [&](std::int64_t key) {
            keys[place] = key;
            add_to_groups(block, i, dimension + 1, place + 1, keys, row);
        };
        if (is_time(kind)) return next(clocks_[dimension]->bucket(row.time + plan_.shift));
        const Source source = source_of(kind);
        if (kind == DimensionKind::course) {
            const auto course = course_of(block, i);
            return next(course == no_fact ? missing_key : course);
        }
        const auto value = block[source.column][i];
        if (kind == DimensionKind::registration) {
            keys[place] = value;
            keys[place + 1] = block[FactColumn::registration_low][i];
            return add_to_groups(block, i, dimension + 1, place + 2, keys, row);
        }
        if (value == no_fact) return next(missing_key);
        if (kind == DimensionKind::activity && block[FactColumn::object_is_actor][i] != no_fact)
            return next(missing_key);
        if (kind == DimensionKind::score_band)
            return next(static_cast<std::int64_t>(std::floor(storage::score_of(value) * 10 + 1e-9)));
        if (!source.list) return next(value);
        const auto& numbers = list_at(value);
        for (std::size_t at = 0; at < numbers.size(); ++at) {
            // Named twice counts once.
            if (std::find(numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(at), numbers[at]) !=
                numbers.begin() + static_cast<std::ptrdiff_t>(at))
                continue;
            next(numbers[at]);
        }
    }

    Group& group_of(const Keys& keys) {
        if (!groups_.empty() && keys == last_keys_) return groups_[last_place_];
        const auto [found, added] = index_.try_emplace(keys, groups_.size());
        if (added) groups_.emplace_back();
        last_keys_ = keys;
        last_place_ = found->second;
        return groups_[found->second];
    }

    const Plan& plan_;
    const Budget& budget_;
    std::vector<std::unique_ptr<TimeBuckets>> clocks_; // null: no time
    boost::unordered_flat_map<Keys, std::size_t, KeysHash> index_;
    std::vector<Group> groups_;
    Keys last_keys_{};
    std::size_t last_place_ = 0;
    Group totals_;
    std::size_t blocks_ = 0;
    Result<void> outcome_;
};

class Computation {
  public:
    Computation(storage::RecordStore& store, storage::StoreId tenant, const Query& query,
                const Budget& budget)
        : store_(store), tenant_(tenant), query_(query), budget_(budget) {}

    Result<Answer> run() {
        Answer answer;
        answer.sequence = store_.visible_through();
        auto now = count(answer.sequence, 0, query_.after, query_.until);
        if (!now) return now.error();
        std::unique_ptr<Counter> before;
        if (query_.compare != Comparison::none) {
            const auto shift = shift_back();
            const bool open = query_.after == std::numeric_limits<std::int64_t>::min();
            const bool endless = query_.until == std::numeric_limits<std::int64_t>::max();
            auto counted = count(answer.sequence, shift, open ? query_.after : query_.after - shift,
                                 endless ? query_.until : query_.until - shift);
            if (!counted) return counted.error();
            before = std::move(*counted);
        }
        auto made = rows(**now, before.get(), answer);
        if (!made) return made.error();
        return answer;
    }

  private:
    // From the period before to this one.
    std::int64_t shift_back() const {
        constexpr std::int64_t day = 86'400'000'000;
        if (query_.compare == Comparison::previous_period) return query_.until - query_.after;
        // 52 weeks: the same weekdays.
        return 364 * day;
    }

    Result<std::unique_ptr<Counter>> count(storage::Sequence snapshot, std::int64_t shift, std::int64_t after,
                                           std::int64_t until) {
        auto plan = make_plan(snapshot, shift, after, until);
        if (!plan) return plan.error();
        plans_.push_back(std::make_unique<Plan>(std::move(*plan)));
        const Plan& shared = *plans_.back();
        std::vector<std::unique_ptr<Counter>> counters;
        for (std::size_t i = 0; i < budget_.threads; ++i)
            counters.push_back(std::make_unique<Counter>(shared, budget_));
        if (shared.none) return std::move(counters.front());
        std::vector<Result<void>> outcomes(budget_.threads);
        const auto work = [&](std::size_t part) {
            auto facts = shared.facts;
            facts.part = part;
            facts.parts = budget_.threads;
            outcomes[part] = store_.scan_facts(
                tenant_, facts, [&](const FactBlock& block) { return counters[part]->add(block); });
            if (outcomes[part]) outcomes[part] = counters[part]->outcome();
        };
        {
            std::vector<std::jthread> threads;
            for (std::size_t part = 1; part < budget_.threads; ++part)
                threads.emplace_back([&work, part] { work(part); });
            work(0);
        }
        for (const auto& outcome : outcomes) {
            if (!outcome) return outcome.error();
        }
        for (std::size_t i = 1; i < counters.size(); ++i) counters.front()->merge(*counters[i]);
        return std::move(counters.front());
    }

    Result<std::int64_t> number_of(FactText kind, std::string_view text) {
        const auto number = store_.fact_number(tenant_, kind, text);
        if (!number) return number.error();
        return std::int64_t{number->value_or(0)};
    }

    Result<Plan> make_plan(storage::Sequence snapshot, std::int64_t shift, std::int64_t after,
                           std::int64_t until) {
        Plan plan{.query = query_, .needs = Needs::of(query_.measures)};
        plan.shift = shift;
        plan.after = after;
        plan.until = until;
        plan.facts.snapshot = snapshot;
        if (!query_.by_stored) {
            if (after != std::numeric_limits<std::int64_t>::min()) plan.facts.timestamp_from = after + 1;
            plan.facts.timestamp_to = until;
        }
        for (const auto& [verb, place] :
             {std::pair(passed_verb, &plan.passed), std::pair(failed_verb, &plan.failed),
              std::pair(completed_verb, &plan.completed)}) {
            const auto number = number_of(FactText::iri, verb);
            if (!number) return number.error();
            *place = *number == 0 ? -1 : *number;
        }
        for (const auto& filter : query_.filters) {
            Wanted wanted;
            wanted.source = source_of(filter.kind);
            wanted.kind = filter.kind;
            wanted.wanted = filter.wanted;
            for (const auto& text : filter.values) {
                if (filter.kind == DimensionKind::registration) {
                    wanted.registrations.insert(text);
                    continue;
                }
                const auto number = number_of(wanted.source.kind, text);
                if (!number) return number.error();
                if (*number != 0) wanted.numbers.insert(*number);
            }
            if (filter.wanted && wanted.numbers.empty() && wanted.registrations.empty()) plan.none = true;
            const auto term = filter_of(filter.kind);
            if (term && filter.wanted && filter.values.size() == 1)
                plan.facts.terms.push_back({*term, filter.values[0]});
            plan.filters.push_back(std::move(wanted));
        }
        need_columns(plan);
        const auto& columns = plan.facts.columns;
        const auto is_list = [](FactColumn column) {
            return column == FactColumn::parents || column == FactColumn::groupings ||
                   column == FactColumn::categories;
        };
        if (std::any_of(columns.begin(), columns.end(), is_list)) {
            auto lists = read_lists(store_, tenant_);
            if (!lists) return lists.error();
            plan.lists = std::move(*lists);
        }
        return plan;
    }

    void need_columns(Plan& plan) const {
        std::array<bool, storage::fact_columns> needed{};
        const auto need = [&](std::initializer_list<FactColumn> columns) {
            for (const auto column : columns) needed[static_cast<std::size_t>(column)] = true;
        };
        const auto need_dimension = [&](DimensionKind kind) {
            if (is_time(kind)) return;
            need({source_of(kind).column});
            if (kind == DimensionKind::activity) need({FactColumn::object_is_actor});
            if (kind == DimensionKind::course)
                need({FactColumn::object_is_actor, FactColumn::parents, FactColumn::groupings});
            if (kind == DimensionKind::registration) need({FactColumn::registration_low});
        };
        need({query_.by_stored ? FactColumn::stored : FactColumn::timestamp});
        const auto& needs = plan.needs;
        if (needs.learners) need({FactColumn::actor});
        if (needs.activities) need({FactColumn::object, FactColumn::object_is_actor});
        if (needs.attempts) need({FactColumn::actor, FactColumn::registration, FactColumn::registration_low});
        if (needs.pairs)
            need({FactColumn::actor, FactColumn::object, FactColumn::object_is_actor, FactColumn::completion,
                  FactColumn::verb});
        if (needs.passes) need({FactColumn::success, FactColumn::verb});
        if (needs.scores || query_.score) need({FactColumn::score_scaled});
        if (needs.durations || query_.seconds) need({FactColumn::duration});
        if (query_.success) need({FactColumn::success});
        if (query_.completion) need({FactColumn::completion});
        for (const auto& dimension : query_.dimensions) need_dimension(dimension.kind);
        for (const auto& filter : query_.filters) need_dimension(filter.kind);
        for (std::size_t i = 0; i < needed.size(); ++i) {
            if (needed[i]) plan.facts.columns.push_back(static_cast<FactColumn>(i));
        }
    }

    std::vector<std::optional<double>> values_of(const Group& group) const {
        std::vector<std::optional<double>> values;
        for (const auto& measure : query_.measures) values.push_back(group.value(measure));
        return values;
    }

    // The values that rows are ordered by, and no others: of most groups nothing else is asked.
    std::vector<std::optional<double>> ranking_of(const Group& group) const {
        std::vector<std::optional<double>> values(query_.measures.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto& measure = query_.measures[i];
            const bool named = std::any_of(query_.order.begin(), query_.order.end(),
                                           [&](const Order& order) { return order.by == measure.name; });
            if (named || (i == 0 && query_.order.empty())) values[i] = group.value(measure);
        }
        return values;
    }

    Result<void> rows(const Counter& now, const Counter* before, Answer& answer) {
        struct Ranked {
            const Keys* keys;
            const Group* group; // null: only before
            const Group* before = nullptr;
            std::vector<std::optional<double>> values;
        };
        static const Group nothing;
        std::vector<Ranked> ranked;
        boost::unordered_flat_map<Keys, std::size_t, KeysHash> places;
        for (const auto& [keys, place] : now.index()) {
            places.emplace(keys, ranked.size());
            ranked.push_back({&keys, &now.group(place), nullptr, ranking_of(now.group(place))});
        }
        if (before) {
            for (const auto& [keys, place] : before->index()) {
                const auto [found, added] = places.try_emplace(keys, ranked.size());
                if (added) ranked.push_back({&keys, &nothing, nullptr, ranking_of(nothing)});
                ranked[found->second].before = &before->group(place);
            }
        }
        answer.groups = ranked.size();
        const auto less = [&](const Ranked& a, const Ranked& b) {
            return comes_first(*a.keys, a.values, *b.keys, b.values);
        };
        std::sort(ranked.begin(), ranked.end(), less);
        Group others;
        Group others_before;
        for (std::size_t i = 0; i < ranked.size(); ++i) {
            if (i >= query_.limit) {
                if (!query_.others) break;
                others.merge(*ranked[i].group);
                if (ranked[i].before) others_before.merge(*ranked[i].before);
                continue;
            }
            ResultRow row;
            auto keys = keys_of(*ranked[i].keys);
            if (!keys) return keys.error();
            row.keys = std::move(*keys);
            row.values = values_of(*ranked[i].group);
            if (before) row.before = values_of(ranked[i].before ? *ranked[i].before : nothing);
            answer.rows.push_back(std::move(row));
        }
        if (query_.others && ranked.size() > query_.limit) {
            ResultRow row;
            row.keys.resize(query_.dimensions.size());
            for (auto& key : row.keys) key.others = true;
            row.values = values_of(others);
            if (before) row.before = values_of(others_before);
            answer.rows.push_back(std::move(row));
        }
        if (query_.totals) {
            ResultRow row;
            row.keys.resize(query_.dimensions.size());
            row.values = values_of(now.totals());
            if (before) row.before = values_of(before->totals());
            answer.totals = std::move(row);
        }
        // Without dimensions there is one row, also of nothing.
        if (query_.dimensions.empty() && answer.rows.empty()) {
            ResultRow row;
            row.values = values_of(nothing);
            if (before) row.before = values_of(nothing);
            answer.rows.push_back(std::move(row));
        }
        return {};
    }

    std::size_t place_of(std::size_t dimension) const {
        std::size_t place = dimension;
        for (std::size_t i = 0; i < dimension; ++i)
            place += query_.dimensions[i].kind == DimensionKind::registration ? 1 : 0;
        return place;
    }

    // By what is asked for; else by time, then by the first measure, the greatest first. Equal rows by their
    // keys.
    bool comes_first(const Keys& a, const std::vector<std::optional<double>>& values_a, const Keys& b,
                     const std::vector<std::optional<double>>& values_b) const {
        const auto by_measure = [&](std::size_t i, bool descending) -> int {
            const auto& one = values_a[i];
            const auto& other = values_b[i];
            if (one == other) return 0;
            if (!one || !other) return one ? -1 : 1; // what has none comes last
            return (*one < *other) != descending ? -1 : 1;
        };
        const auto by_dimension = [&](std::size_t i, bool descending) -> int {
            const auto one = a[place_of(i)];
            const auto other = b[place_of(i)];
            if (one == other) return 0;
            return (one < other) != descending ? -1 : 1;
        };
        const auto& dimensions = query_.dimensions;
        for (const auto& order : query_.order) {
            int compared = 0;
            for (std::size_t i = 0; i < dimensions.size(); ++i)
                if (dimensions[i].name == order.by && compared == 0)
                    compared = by_dimension(i, order.descending);
            for (std::size_t i = 0; i < query_.measures.size(); ++i)
                if (query_.measures[i].name == order.by && compared == 0)
                    compared = by_measure(i, order.descending);
            if (compared != 0) return compared < 0;
        }
        for (std::size_t i = 0; i < dimensions.size() && query_.order.empty(); ++i) {
            if (!is_time(dimensions[i].kind)) continue;
            if (const int compared = by_dimension(i, false); compared != 0) return compared < 0;
        }
        if (query_.order.empty()) {
            if (const int compared = by_measure(0, true); compared != 0) return compared < 0;
        }
        return a < b;
    }

    Result<std::vector<Key>> keys_of(const Keys& keys) {
        std::vector<Key> made;
        for (std::size_t i = 0; i < query_.dimensions.size(); ++i) {
            const auto kind = query_.dimensions[i].kind;
            const auto number = keys[place_of(i)];
            Key key;
            key.number = number;
            if (kind == DimensionKind::registration) {
                const auto low = keys[place_of(i) + 1];
                key.missing = (number | low) == 0;
                if (!key.missing) key.text = spec::to_string(storage::registration_of(number, low));
            } else if (number != missing_key) {
                key.missing = false;
                if (is_time(kind)) {
                    key.text = TimeBuckets(kind, query_.zone).label(number);
                } else if (kind == DimensionKind::success || kind == DimensionKind::completion) {
                    key.text = number == 2 ? "true" : "false";
                } else if (kind != DimensionKind::score_band) {
                    const auto text =
                        store_.fact_text(tenant_, source_of(kind).kind, static_cast<FactNumber>(number));
                    if (!text) return text.error();
                    key.text = text->value_or("");
                }
            }
            made.push_back(std::move(key));
        }
        return made;
    }

    storage::RecordStore& store_;
    const storage::StoreId tenant_;
    const Query& query_;
    const Budget& budget_;
    std::vector<std::unique_ptr<Plan>> plans_; // that counters refer to
};

} // namespace

Result<Answer> compute(storage::RecordStore& store, storage::StoreId tenant, const Query& query,
                       const Budget& budget) {
    return Computation(store, tenant, query, budget).run();
}

} // namespace leerspoor::server::analytics
