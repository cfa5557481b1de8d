#include "server/analytics/funnel.hpp"

#include "server/analytics/members.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

namespace leerspoor::server::analytics {
namespace {

namespace json = boost::json;
using storage::FactBlock;
using storage::FactColumn;

constexpr std::size_t most_steps = 20;
constexpr std::int64_t unlimited = std::numeric_limits<std::int64_t>::max();

struct Step {
    std::string name;
    Filter filter;
};

struct Funnel {
    std::vector<Step> steps;
    Filter filter;
    std::int64_t within = unlimited; // microseconds
};

Result<Funnel> parse_funnel(const json::value& body) {
    Funnel funnel;
    const auto step = [&](const json::value& value, const std::string& at) -> Result<void> {
        Step made;
        auto read = each_member(
            value, at, "name and filter",
            [&](std::string_view name, const json::value& member, const std::string& place) -> Result<bool> {
                if (name == "name" && member.is_string()) {
                    made.name = member.get_string();
                    return true;
                }
                if (name != "filter") return false;
                auto taken = parse_filter(member, place, made.filter);
                if (!taken) return taken.error();
                return true;
            });
        if (!read) return read;
        if (made.name.empty()) made.name = std::to_string(funnel.steps.size() + 1);
        funnel.steps.push_back(std::move(made));
        return {};
    };
    auto read = each_member(
        body, "", "steps, filter, within_seconds, zone and time",
        [&](std::string_view name, const json::value& member, const std::string& place) -> Result<bool> {
            Result<void> taken;
            if (name == "steps") {
                if (!member.is_array() || member.get_array().size() < 2 ||
                    member.get_array().size() > most_steps)
                    return invalid_query(place,
                                         "A funnel has 2 to " + std::to_string(most_steps) + " steps.");
                for (std::size_t i = 0; i < member.get_array().size() && taken; ++i)
                    taken = step(member.get_array()[i], spec::child_pointer(place, i));
            } else if (name == "filter") {
                taken = parse_filter(member, place, funnel.filter);
            } else if (name == "zone") {
                taken = parse_zone(member, place, funnel.filter.zone);
            } else if (name == "time") {
                taken = parse_time(member, place, funnel.filter);
            } else if (name == "within_seconds") {
                const auto seconds = parse_count(member, place, 100ul * 365 * 86'400);
                if (!seconds) return seconds.error();
                funnel.within = static_cast<std::int64_t>(*seconds) * 1'000'000;
            } else {
                return false;
            }
            if (!taken) return taken.error();
            return true;
        });
    if (!read) return read.error();
    if (funnel.steps.empty()) return invalid_query("/steps", "A funnel must have steps.");
    for (auto& one : funnel.steps) {
        one.filter.by_stored = funnel.filter.by_stored;
        one.filter.zone = funnel.filter.zone;
    }
    return funnel;
}

struct Happened {
    storage::FactNumber learner;
    std::uint32_t steps; // a bit each
    std::int64_t time;
};

class StepCollector {
  public:
    StepCollector(const Selection& all, const std::vector<Selection>& steps, const Budget& budget)
        : all_(all), steps_(steps), budget_(budget) {}

    Result<void> add(const FactBlock& block) {
        for (std::size_t i = 0; i < block.rows; ++i) {
            if (!all_.wants(block, i)) continue;
            std::uint32_t steps = 0;
            for (std::size_t step = 0; step < steps_.size(); ++step) {
                if (!steps_[step].nothing() && steps_[step].wants(block, i))
                    steps |= std::uint32_t{1} << step;
            }
            const auto learner = all_.learner(block, i);
            if (steps != 0 && learner != 0) happened.push_back({learner, steps, all_.time(block, i)});
        }
        if (happened.capacity() * sizeof(Happened) > budget_.of_thread()) return query_too_large();
        return {};
    }

    std::vector<Happened> happened;

  private:
    const Selection& all_;
    const std::vector<Selection>& steps_;
    const Budget& budget_;
};

// How many steps one learner reached. REQUIRES: in order of time.
std::size_t reached(const Happened* begin, const Happened* end, std::size_t steps, std::int64_t within) {
    // For each step the latest beginning from which it can have been reached so far: a later one leaves more
    // time.
    std::vector<std::optional<std::int64_t>> begins(steps);
    std::size_t most = 0;
    while (begin != end) {
        const auto* same = begin;
        std::uint32_t now = 0;
        for (; same != end && same->time == begin->time; ++same) now |= same->steps;
        for (std::size_t step = 0; step < steps; ++step) {
            if ((now >> step & 1) == 0) continue;
            const auto from = step == 0 ? std::optional(begin->time) : begins[step - 1];
            if (!from || begin->time - *from > within) continue;
            if (!begins[step] || *begins[step] < *from) begins[step] = from;
            most = std::max(most, step + 1);
        }
        begin = same;
    }
    return most;
}

} // namespace

Result<Table> funnel(const std::shared_ptr<Lookups>& lookups, const json::value& body, const Budget& budget) {
    const auto asked = parse_funnel(body);
    if (!asked) return asked.error();
    auto all = Selection::make(lookups, asked->filter);
    if (!all) return all.error();
    all->need({FactColumn::actor});
    all->need_time();
    std::vector<Selection> steps;
    for (const auto& step : asked->steps) {
        auto made = Selection::make(lookups, step.filter);
        if (!made) return made.error();
        all->need(*made);
        steps.push_back(std::move(*made));
    }
    Table table;
    table.columns = {{"step", "text"}, {"learners", "count"}, {"of_first", "rate"}, {"of_previous", "rate"}};
    table.sequence = lookups->store().visible_through();
    const auto facts = all->facts(table.sequence);
    if (!facts) return facts.error();
    std::vector<std::unique_ptr<StepCollector>> collectors;
    for (std::size_t i = 0; i < budget.threads; ++i)
        collectors.push_back(std::make_unique<StepCollector>(*all, steps, budget));
    if (!all->nothing()) {
        auto scanned = scan(*lookups, *facts, budget, collectors);
        if (!scanned) return scanned.error();
    }
    auto& happened = collectors.front()->happened;
    for (std::size_t i = 1; i < collectors.size(); ++i)
        happened.insert(happened.end(), collectors[i]->happened.begin(), collectors[i]->happened.end());
    std::sort(happened.begin(), happened.end(), [](const Happened& a, const Happened& b) {
        return a.learner != b.learner ? a.learner < b.learner : a.time < b.time;
    });
    std::vector<std::size_t> learners(steps.size() + 1);
    const Happened* const end = happened.data() + happened.size();
    for (const Happened* from = happened.data(); from != end;) {
        const Happened* to = from;
        while (to != end && to->learner == from->learner) ++to;
        const auto most = reached(from, to, steps.size(), asked->within);
        for (std::size_t step = 0; step < most; ++step) ++learners[step];
        from = to;
    }
    const auto share = [](std::size_t part, std::size_t whole) -> json::value {
        if (whole == 0) return nullptr;
        return static_cast<double>(part) / static_cast<double>(whole);
    };
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (learners[i] > 0 && lookups->hides(learners[i])) {
            table.rows.push_back({json::string(asked->steps[i].name), nullptr, nullptr, nullptr});
            ++table.hidden;
            continue;
        }
        table.rows.push_back({json::string(asked->steps[i].name), learners[i],
                              share(learners[i], learners[0]),
                              share(learners[i], learners[i == 0 ? 0 : i - 1])});
    }
    table.groups = table.rows.size();
    return table;
}

} // namespace leerspoor::server::analytics
