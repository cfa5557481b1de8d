#include "server/analytics/compute.hpp"

#include "server/analytics/count.hpp"
#include "spec/base/uuid.hpp"

#include <algorithm>
#include <boost/container/static_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

namespace leerspoor::server::analytics {
namespace {

// One group's share of each thread that has any.
using Parts = boost::container::static_vector<const Group*, most_threads>;

Group whole(const Parts& parts) {
    if (parts.size() == 1) return *parts.front();
    Group made;
    for (const auto* part : parts) made.merge(*part);
    return made;
}

// What the threads have counted. Most groups are ranked and no more: they are put together when they are
// shown.
class Counted {
  public:
    explicit Counted(std::vector<std::unique_ptr<Counter>> counters) : counters_(std::move(counters)) {
        for (const auto& counter : counters_) {
            for (const auto& [keys, place] : counter->index())
                groups_[keys].push_back(&counter->group(place));
        }
    }

    const auto& groups() const { return groups_; }
    Group totals() const {
        Group made;
        for (const auto& counter : counters_) made.merge(counter->totals());
        return made;
    }

  private:
    std::vector<std::unique_ptr<Counter>> counters_;
    boost::unordered_flat_map<Keys, Parts, KeysHash> groups_;
};

class Computation {
  public:
    Computation(std::shared_ptr<Lookups> lookups, const Query& query, const Budget& budget)
        : lookups_(std::move(lookups)), query_(query), budget_(budget) {}

    Result<Answer> run() {
        Answer answer;
        answer.sequence = lookups_->store().visible_through();
        const auto& filter = query_.filter;
        if (lookups_->hides_persons() &&
            std::any_of(query_.dimensions.begin(), query_.dimensions.end(),
                        [](const Dimension& one) { return tells_persons(one.kind); }))
            return persons_hidden();
        auto now = count(answer.sequence, 0, filter.after, filter.until);
        if (!now) return now.error();
        std::unique_ptr<Counted> before;
        if (query_.compare != Comparison::none) {
            const auto shift = shift_back();
            auto counted =
                count(answer.sequence, shift, filter.has_begin() ? filter.after - shift : filter.after,
                      filter.has_end() ? filter.until - shift : filter.until);
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
        if (query_.compare == Comparison::previous_period) return query_.filter.until - query_.filter.after;
        // 52 weeks: the same weekdays.
        return 364 * day;
    }

    Result<std::unique_ptr<Counted>> count(storage::Sequence snapshot, std::int64_t shift, std::int64_t after,
                                           std::int64_t until) {
        auto needs = Needs::of(query_.measures);
        needs.learners = needs.learners || lookups_->hides_persons();
        auto plan = Plan::make(lookups_, query_, needs);
        if (!plan) return plan.error();
        plan->shift = shift;
        plan->selection.set_period(after, until);
        const auto facts = plan->selection.facts(snapshot);
        if (!facts) return facts.error();
        plans_.push_back(std::make_unique<Plan>(std::move(*plan)));
        const Plan& shared = *plans_.back();
        std::vector<std::unique_ptr<Counter>> counters;
        for (std::size_t i = 0; i < budget_.threads; ++i)
            counters.push_back(std::make_unique<Counter>(shared, budget_));
        if (!shared.selection.nothing()) {
            auto scanned = scan(*lookups_, *facts, budget_, counters);
            if (!scanned) return scanned.error();
        }
        return std::make_unique<Counted>(std::move(counters));
    }

    std::vector<std::optional<double>> values_of(const Group& group) const {
        std::vector<std::optional<double>> values;
        for (const auto& measure : query_.measures) values.push_back(group.value(measure));
        return values;
    }

    static std::size_t learners_of(const Group& group) {
        static const Measure learners{MeasureKind::learners, "learners", "count", 0};
        return static_cast<std::size_t>(group.value(learners).value_or(0));
    }
    // Has it statements of fewer persons than may be shown?
    bool is_small(const Group& group) const {
        static const Measure statements{MeasureKind::statements, "statements", "count", 0};
        return group.value(statements).value_or(0) > 0 && lookups_->hides(learners_of(group));
    }
    bool hides(const Group& group) const { return lookups_->hides_persons() && is_small(group); }
    std::vector<std::optional<double>> values_unless_small(const Group& group) const {
        return hides(group) ? std::vector<std::optional<double>>(query_.measures.size()) : values_of(group);
    }

    // The values that rows are ordered by, and no others: of most groups nothing else is asked.
    std::vector<std::optional<double>> ranking_of(const Parts& parts) const {
        std::vector<std::optional<double>> values(query_.measures.size());
        std::optional<Group> group;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto& measure = query_.measures[i];
            const bool named = std::any_of(query_.order.begin(), query_.order.end(),
                                           [&](const Order& order) { return order.by == measure.name; });
            if (!named && !(i == 0 && query_.order.empty())) continue;
            if (measure.kind == MeasureKind::statements) {
                values[i] = 0;
                for (const auto* part : parts) *values[i] += part->value(measure).value_or(0);
                continue;
            }
            if (!group) group = whole(parts);
            values[i] = group->value(measure);
        }
        return values;
    }

    Result<void> rows(const Counted& now, const Counted* before, Answer& answer) {
        struct Ranked {
            const Keys* keys;
            Parts group; // empty: only before
            Parts before;
            std::vector<std::optional<double>> values;
            std::vector<std::optional<double>> running;
            std::vector<std::optional<double>> running_before;
        };
        static const Group nothing;
        std::vector<Ranked> ranked;
        boost::unordered_flat_map<Keys, std::size_t, KeysHash> places;
        for (const auto& [keys, parts] : now.groups()) {
            if (before) places.emplace(keys, ranked.size());
            ranked.push_back({&keys, parts, {}, ranking_of(parts), {}, {}});
        }
        if (before) {
            for (const auto& [keys, parts] : before->groups()) {
                const auto [found, added] = places.try_emplace(keys, ranked.size());
                if (added) ranked.push_back({&keys, {}, {}, ranking_of({}), {}, {}});
                ranked[found->second].before = parts;
            }
        }
        answer.groups = ranked.size();
        Group hidden;
        Group hidden_before;
        const auto less = [&](const Ranked& a, const Ranked& b) {
            return comes_first(*a.keys, a.values, *b.keys, b.values);
        };
        std::sort(ranked.begin(), ranked.end(), less);
        if (lookups_->hides_persons()) {
            const auto small = [&](const Ranked& one) {
                return is_small(whole(one.group)) || is_small(whole(one.before));
            };
            const auto hide = [&](const Ranked& one) {
                hidden.merge(whole(one.group));
                hidden_before.merge(whole(one.before));
                ++answer.hidden;
            };
            const auto from = std::stable_partition(ranked.begin(), ranked.end(),
                                                    [&](const Ranked& one) { return !small(one); });
            std::for_each(from, ranked.end(), hide);
            ranked.erase(from, ranked.end());
            // What is left of a total would tell of them: the smallest of the others hides with them.
            while (answer.hidden > 0 && !ranked.empty() && is_small(hidden)) {
                const auto least =
                    std::min_element(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
                        return learners_of(whole(a.group)) < learners_of(whole(b.group));
                    });
                hide(*least);
                ranked.erase(least);
            }
        }
        if (query_.running) {
            auto run = run_on(ranked, &Ranked::group, &Ranked::running);
            if (run && before) run = run_on(ranked, &Ranked::before, &Ranked::running_before);
            if (!run) return run;
        }
        Group others = hidden;
        Group others_before = hidden_before;
        for (std::size_t i = 0; i < ranked.size(); ++i) {
            if (i >= query_.limit) {
                if (!query_.others) break;
                others.merge(whole(ranked[i].group));
                others_before.merge(whole(ranked[i].before));
                continue;
            }
            ResultRow row;
            auto keys = keys_of(*ranked[i].keys);
            if (!keys) return keys.error();
            row.keys = std::move(*keys);
            row.values = values_of(whole(ranked[i].group));
            if (before) row.before = values_of(whole(ranked[i].before));
            row.running = std::move(ranked[i].running);
            row.running_before = std::move(ranked[i].running_before);
            answer.rows.push_back(std::move(row));
        }
        if (query_.others && (ranked.size() > query_.limit || answer.hidden > 0) && !hides(others)) {
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
            row.values = values_unless_small(now.totals());
            if (before) row.before = values_unless_small(before->totals());
            answer.totals = std::move(row);
        }
        // Without dimensions there is one row, also of nothing.
        if (query_.dimensions.empty() && answer.rows.empty()) {
            ResultRow row;
            if (answer.hidden > 0) {
                row.values.resize(query_.measures.size());
                if (before) row.before.resize(query_.measures.size());
            } else {
                row.values = values_of(nothing);
                if (before) row.before = values_of(nothing);
            }
            answer.rows.push_back(std::move(row));
        }
        return {};
    }

    // All up to a row's time, of those with the same other keys. What is hidden is not in it.
    template <class Ranked>
    Result<void> run_on(std::vector<Ranked>& rows, Parts Ranked::*parts,
                        std::vector<std::optional<double>> Ranked::*running) const {
        const auto along =
            static_cast<std::size_t>(std::find_if(query_.dimensions.begin(), query_.dimensions.end(),
                                                  [](const Dimension& one) { return rises(one.kind); }) -
                                     query_.dimensions.begin());
        const auto place = place_of(along);
        const auto series_of = [&](const Ranked& row) {
            Keys keys = *row.keys;
            keys[place] = 0;
            return keys;
        };
        std::vector<Ranked*> in_time;
        for (auto& row : rows) in_time.push_back(&row);
        std::sort(in_time.begin(), in_time.end(), [&](const Ranked* a, const Ranked* b) {
            const auto series_a = series_of(*a);
            const auto series_b = series_of(*b);
            return series_a != series_b ? series_a < series_b : (*a->keys)[place] < (*b->keys)[place];
        });
        Group so_far;
        std::optional<Keys> series;
        for (auto* row : in_time) {
            auto checked = budget_.check();
            if (!checked) return checked;
            if (series != series_of(*row)) so_far = Group();
            series = series_of(*row);
            so_far.merge(whole(row->*parts));
            row->*running = values_of(so_far);
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
                    key.text = TimeBuckets(kind, query_.filter.zone).label(number);
                } else if (kind == DimensionKind::success || kind == DimensionKind::completion) {
                    key.text = number == 2 ? "true" : "false";
                } else if (kind == DimensionKind::extension) {
                    key.text = lookups_->extension_text(number);
                } else if (kind != DimensionKind::score_band) {
                    const auto text = lookups_->text_of(source_of(kind).kind, number);
                    if (!text) return text.error();
                    key.text = *text;
                }
            }
            made.push_back(std::move(key));
        }
        return made;
    }

    const std::shared_ptr<Lookups> lookups_;
    const Query& query_;
    const Budget& budget_;
    std::vector<std::unique_ptr<Plan>> plans_; // that counters refer to
};

} // namespace

Result<Answer> compute(const std::shared_ptr<Lookups>& lookups, const Query& query, const Budget& budget) {
    return Computation(lookups, query, budget).run();
}

} // namespace leerspoor::server::analytics
