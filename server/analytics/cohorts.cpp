#include "server/analytics/cohorts.hpp"

#include "server/analytics/members.hpp"
#include "server/analytics/time_buckets.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <map>

namespace leerspoor::server::analytics {
namespace {

namespace json = boost::json;
using storage::FactBlock;
using storage::FactColumn;

constexpr std::size_t usual_periods = 12;
constexpr std::size_t most_periods = 60;

struct Cohorts {
    DimensionKind period = DimensionKind::month;
    Filter filter;
    std::size_t periods = usual_periods;
};

Result<Cohorts> parse_cohorts(const json::value& body) {
    Cohorts asked;
    const auto period = [&](const json::value& member, const std::string& place) -> Result<void> {
        for (const auto& known : dimensions()) {
            if (member.is_string() && known.name == std::string_view(member.get_string()) &&
                known.kind >= DimensionKind::day && known.kind <= DimensionKind::year) {
                asked.period = known.kind;
                return {};
            }
        }
        return invalid_query(place, "A period is a day, week, month, quarter or year.");
    };
    auto read = each_member(
        body, "", "period, zone, filter, time and periods",
        [&](std::string_view name, const json::value& member, const std::string& place) -> Result<bool> {
            Result<void> taken;
            if (name == "period") {
                taken = period(member, place);
            } else if (name == "zone") {
                taken = parse_zone(member, place, asked.filter.zone);
            } else if (name == "filter") {
                taken = parse_filter(member, place, asked.filter);
            } else if (name == "time") {
                taken = parse_time(member, place, asked.filter);
            } else if (name == "periods") {
                const auto count = parse_count(member, place, most_periods);
                if (!count) return count.error();
                asked.periods = *count;
            } else {
                return false;
            }
            if (!taken) return taken.error();
            return true;
        });
    if (!read) return read.error();
    return asked;
}

// A learner and a period in which they were active.
using Active = std::pair<storage::FactNumber, std::int64_t>;

class ActiveCollector {
  public:
    ActiveCollector(const Selection& selection, const Cohorts& asked, const Budget& budget)
        : selection_(selection), clock_(asked.period, asked.filter.zone), budget_(budget) {}

    Result<void> add(const FactBlock& block) {
        for (std::size_t i = 0; i < block.rows; ++i) {
            if (!selection_.wants(block, i)) continue;
            const auto learner = selection_.learner(block, i);
            if (learner != 0) active.insert({learner, clock_.bucket(selection_.time(block, i))});
        }
        if (active.size() * sizeof(Active) * 2 > budget_.of_thread()) return query_too_large();
        return {};
    }

    boost::unordered_flat_set<Active> active;

  private:
    const Selection& selection_;
    TimeBuckets clock_;
    const Budget& budget_;
};

} // namespace

Result<Table> cohorts(const std::shared_ptr<Lookups>& lookups, const json::value& body,
                      const Budget& budget) {
    const auto asked = parse_cohorts(body);
    if (!asked) return asked.error();
    auto selection = Selection::make(lookups, asked->filter);
    if (!selection) return selection.error();
    selection->need({FactColumn::actor});
    selection->need_time();
    Table table;
    table.columns = {{"cohort", "time"}, {"after", "number"}, {"learners", "count"}, {"share", "rate"}};
    table.sequence = lookups->store().visible_through();
    const auto facts = selection->facts(table.sequence);
    if (!facts) return facts.error();
    std::vector<std::unique_ptr<ActiveCollector>> collectors;
    for (std::size_t i = 0; i < budget.threads; ++i)
        collectors.push_back(std::make_unique<ActiveCollector>(*selection, *asked, budget));
    if (!selection->nothing()) {
        auto scanned = scan(*lookups, *facts, budget, collectors);
        if (!scanned) return scanned.error();
    }
    std::vector<Active> active;
    for (const auto& one : collectors) active.insert(active.end(), one->active.begin(), one->active.end());
    std::sort(active.begin(), active.end());
    active.erase(std::unique(active.begin(), active.end()), active.end());
    std::map<std::pair<std::int64_t, std::int64_t>, std::size_t> learners; // by cohort and periods after
    std::map<std::int64_t, std::size_t> sizes;
    for (std::size_t i = 0, first = 0; i < active.size(); ++i) {
        if (active[i].first != active[first].first) first = i;
        const auto cohort = active[first].second;
        const auto after = active[i].second - cohort;
        if (after == 0) ++sizes[cohort];
        if (after <= static_cast<std::int64_t>(asked->periods)) ++learners[{cohort, after}];
    }
    const TimeBuckets labels(asked->period, asked->filter.zone);
    for (const auto& [key, count] : learners) {
        if (lookups->hides(count)) {
            ++table.hidden;
            continue;
        }
        const auto share = static_cast<double>(count) / static_cast<double>(sizes[key.first]);
        table.rows.push_back({json::string(labels.label(key.first)), key.second, count, share});
    }
    table.groups = sizes.size();
    return table;
}

} // namespace leerspoor::server::analytics
