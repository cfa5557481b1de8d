#include "server/analytics/query.hpp"

#include "server/analytics/zone.hpp"
#include "spec/agent.hpp"
#include "spec/base/ascii.hpp"
#include "spec/base/json.hpp"
#include "spec/base/timestamp.hpp"
#include "spec/base/uuid.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>

namespace leerspoor::server::analytics {
namespace {

namespace json = boost::json;

constexpr std::size_t most_measures = 16;
constexpr std::size_t most_dimensions = 4;
constexpr std::size_t most_values = 1000;

Error invalid(std::string pointer, std::string message) {
    return {"analytics_query_invalid", std::move(pointer), std::move(message)};
}

template <class Table>
std::string names_of(const Table& table) {
    std::string names;
    for (const auto& row : table) names.append(names.empty() ? "" : ", ").append(row.name);
    return names;
}

class Parser {
  public:
    Result<Query> parse(const json::value& body) {
        if (!body.is_object()) return invalid("", "A query must be a JSON object.");
        for (const auto& [key, value] : body.get_object()) {
            auto taken = take(std::string_view(key), value, spec::child_pointer("", std::string_view(key)));
            if (!taken) return taken.error();
        }
        if (query_.measures.empty())
            return invalid("/measures", "A query must have a measure, such as \"statements\".");
        if (query_.compare != Comparison::none &&
            (query_.after == std::numeric_limits<std::int64_t>::min() ||
             query_.until == std::numeric_limits<std::int64_t>::max()) &&
            query_.compare == Comparison::previous_period) {
            return invalid(
                "/compare",
                "To compare with the period before, filter.since and filter.until must say which this is.");
        }
        for (std::size_t i = 0; i < query_.order.size(); ++i) {
            const auto& by = query_.order[i].by;
            const auto is_it = [&](const auto& column) { return column.name == by; };
            if (std::none_of(query_.measures.begin(), query_.measures.end(), is_it) &&
                std::none_of(query_.dimensions.begin(), query_.dimensions.end(), is_it)) {
                return invalid("/order/" + std::to_string(i) + "/by",
                               "There is no column \"" + by + "\" to order by.");
            }
        }
        return std::move(query_);
    }

  private:
    Result<void> take(std::string_view key, const json::value& value, const std::string& at) {
        if (key == "measures")
            return each(value, at, most_measures,
                        [&](const auto& one, const auto& place) { return measure(one, place); });
        if (key == "dimensions")
            return each(value, at, most_dimensions,
                        [&](const auto& one, const auto& place) { return dimension(one, place); });
        if (key == "filter") return filter(value, at);
        if (key == "time") return time(value, at);
        if (key == "zone") return zone(value, at);
        if (key == "order")
            return each(value, at, most_dimensions,
                        [&](const auto& one, const auto& place) { return order(one, place); });
        if (key == "limit") return limit(value, at);
        if (key == "others") return truth(value, at, query_.others);
        if (key == "totals") return truth(value, at, query_.totals);
        if (key == "compare") return compare(value, at);
        return invalid(at, "A query has no member of this name; there are measures, dimensions, filter, "
                           "time, zone, order, limit, others, totals and compare.");
    }

    template <class Take>
    Result<void> each(const json::value& value, const std::string& at, std::size_t most, Take take) {
        if (!value.is_array()) return invalid(at, "This must be an array.");
        const auto& all = value.get_array();
        if (all.size() > most)
            return invalid(at, "There must not be more than " + std::to_string(most) + " of these.");
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto taken = take(all[i], spec::child_pointer(at, i));
            if (!taken) return taken;
        }
        return {};
    }

    Result<void> measure(const json::value& value, const std::string& at) {
        if (const auto* object = value.if_object()) return percentile(*object, at);
        if (!value.is_string()) return invalid(at, "A measure is a name, or {\"percentile\": …, \"at\": …}.");
        const std::string_view name = value.get_string();
        for (const auto& known : measures()) {
            if (known.name != name || known.kind == MeasureKind::score_percentile ||
                known.kind == MeasureKind::duration_percentile)
                continue;
            query_.measures.push_back({known.kind, std::string(name), known.unit, 0.5});
            return {};
        }
        return invalid(at, "There is no measure \"" + std::string(name) + "\"; there are " +
                               names_of(measures()) + ".");
    }

    Result<void> percentile(const json::object& object, const std::string& at) {
        const auto* of = object.if_contains("percentile");
        const auto* place = object.if_contains("at");
        if (!of || !of->is_string() || !place || !place->is_number() || object.size() != 2)
            return invalid(
                at, "A percentile is {\"percentile\": \"score_scaled\" or \"duration\", \"at\": 0 to 1}.");
        const double where = place->to_number<double>();
        if (!(where >= 0 && where <= 1))
            return invalid(at + "/at", "A percentile is between 0 and 1: 0.9 is the 90th.");
        const std::string name(of->get_string());
        const bool score = name == "score_scaled";
        if (!score && name != "duration")
            return invalid(at + "/percentile", "There are percentiles of score_scaled and of duration.");
        std::string shown = json::serialize(json::value(where * 100));
        const auto hundredth = std::llround(where * 10'000);
        shown = std::to_string(hundredth / 100);
        if (hundredth % 100 != 0) shown += "_" + std::to_string(hundredth % 100);
        query_.measures.push_back({score ? MeasureKind::score_percentile : MeasureKind::duration_percentile,
                                   (score ? "score_p" : "seconds_p") + shown, score ? "score" : "seconds",
                                   where});
        return {};
    }

    Result<void> dimension(const json::value& value, const std::string& at) {
        std::string name;
        if (const auto* object = value.if_object()) {
            const auto* unit = object->if_contains("time");
            if (!unit || !unit->is_string())
                return invalid(
                    at, "A dimension is a name, or {\"time\": \"day\", \"zone\": \"Europe/Amsterdam\"}.");
            name = std::string(unit->get_string());
            for (const auto& [key, member] : *object) {
                const std::string_view of = key;
                if (of == "time") continue;
                if (of != "zone")
                    return invalid(spec::child_pointer(at, of), "A time has a unit and a zone.");
                auto set = zone(member, spec::child_pointer(at, of));
                if (!set) return set;
            }
        } else if (value.is_string()) {
            name = std::string(value.get_string());
        }
        for (const auto& known : dimensions()) {
            if (known.name != name) continue;
            if (std::any_of(query_.dimensions.begin(), query_.dimensions.end(),
                            [&](const auto& before) { return before.kind == known.kind; }))
                return invalid(at, "This dimension is there already.");
            query_.dimensions.push_back({known.kind, name, known.value});
            return {};
        }
        return invalid(at,
                       "There is no dimension \"" + name + "\"; there are " + names_of(dimensions()) + ".");
    }

    Result<void> zone(const json::value& value, const std::string& at) {
        if (!value.is_string()) return invalid(at, "A zone is a name such as \"Europe/Amsterdam\".");
        query_.zone = std::string(value.get_string());
        if (!is_zone(query_.zone))
            return invalid(at, "There is no time zone of this name; they are like \"Europe/Amsterdam\".");
        return {};
    }

    Result<void> filter(const json::value& value, const std::string& at) {
        if (!value.is_object()) return invalid(at, "A filter must be an object.");
        for (const auto& [key, member] : value.get_object()) {
            const std::string_view name = key;
            const auto place = spec::child_pointer(at, name);
            Result<void> taken;
            if (name == "since") {
                taken = instant(member, place, query_.after);
            } else if (name == "until") {
                taken = instant(member, place, query_.until);
            } else if (name == "success") {
                taken = truth(member, place, query_.success.emplace());
            } else if (name == "completion") {
                taken = truth(member, place, query_.completion.emplace());
            } else if (name == "score_scaled") {
                taken = interval(member, place, query_.score.emplace());
            } else if (name == "duration_seconds") {
                taken = interval(member, place, query_.seconds.emplace());
            } else if (name == "not") {
                if (!member.is_object()) return invalid(place, "A filter must be an object.");
                for (const auto& [of, values] : member.get_object()) {
                    taken = values_of(std::string_view(of), values,
                                      spec::child_pointer(place, std::string_view(of)), false);
                    if (!taken) return taken;
                }
            } else {
                taken = values_of(name, member, place, true);
            }
            if (!taken) return taken;
        }
        return {};
    }

    Result<void> values_of(std::string_view name, const json::value& value, const std::string& at,
                           bool wanted) {
        ValueFilter filter;
        filter.wanted = wanted;
        const std::string_view wanted_name = name == "agent" ? "learner" : name;
        const auto known = std::find_if(dimensions().begin(), dimensions().end(),
                                        [&](const auto& row) { return row.name == wanted_name; });
        if (known == dimensions().end() || known->value == "time" || known->value == "number" ||
            known->value == "boolean" || known->value == "score")
            return invalid(at, "There is no filter of this name.");
        filter.kind = known->kind;
        const auto add = [&](const json::value& one, const std::string& place) -> Result<void> {
            if (known->value == "agent") {
                if (!one.is_object())
                    return invalid(place,
                                   "This must be an Agent or Group, such as {\"mbox\": \"mailto:…\"}.");
                const auto agent = spec::parse_agent(json::serialize(one), spec::Version::v2_0_0);
                if (!agent)
                    return Error{agent.error().code, place + agent.error().pointer, agent.error().message};
                filter.values.push_back(spec::identity(*agent));
                return {};
            }
            if (!one.is_string()) return invalid(place, "This must be a text.");
            std::string text(one.get_string());
            if (filter.kind == DimensionKind::registration) {
                if (!spec::parse_uuid(text)) return invalid(place, "A registration is a UUID.");
                text = spec::lower_case(text);
            }
            filter.values.push_back(std::move(text));
            return {};
        };
        auto taken = value.is_array() ? each(value, at, most_values, add) : add(value, at);
        if (!taken) return taken;
        query_.filters.push_back(std::move(filter));
        return {};
    }

    static Result<void> instant(const json::value& value, const std::string& at, std::int64_t& out) {
        if (!value.is_string())
            return invalid(at, "This must be an instant such as \"2026-01-01T00:00:00Z\".");
        const auto parsed = spec::parse_timestamp(value.get_string(), spec::Version::v2_0_0);
        if (!parsed) return Error{parsed.error().code, at, parsed.error().message};
        out = parsed->time_since_epoch().count();
        return {};
    }

    static Result<void> interval(const json::value& value, const std::string& at, Interval& out) {
        if (!value.is_object()) return invalid(at, "This must be {\"from\": …, \"to\": …}.");
        for (const auto& [key, member] : value.get_object()) {
            const std::string_view name = key;
            if ((name != "from" && name != "to") || !member.is_number())
                return invalid(spec::child_pointer(at, name),
                               "This must be {\"from\": a number, \"to\": a number}, or one of them.");
            (name == "from" ? out.from : out.to) = member.to_number<double>();
        }
        return {};
    }

    template <class Flag>
    static Result<void> truth(const json::value& value, const std::string& at, Flag& out) {
        if (!value.is_bool()) return invalid(at, "This must be true or false.");
        out = value.get_bool();
        return {};
    }

    Result<void> time(const json::value& value, const std::string& at) {
        if (value.is_string() && (value.get_string() == "timestamp" || value.get_string() == "stored")) {
            query_.by_stored = value.get_string() == "stored";
            return {};
        }
        return invalid(at, "The time that counts is \"timestamp\" or \"stored\".");
    }

    Result<void> order(const json::value& value, const std::string& at) {
        const auto* object = value.if_object();
        const auto* by = object ? object->if_contains("by") : nullptr;
        if (!by || !by->is_string())
            return invalid(at, "An order is {\"by\": a column, \"descending\": true or false}.");
        Order order{std::string(by->get_string()), false};
        if (const auto* descending = object->if_contains("descending")) {
            auto taken = truth(*descending, at + "/descending", order.descending);
            if (!taken) return taken;
        }
        query_.order.push_back(std::move(order));
        return {};
    }

    Result<void> limit(const json::value& value, const std::string& at) {
        if (!value.is_int64() || value.get_int64() < 1 ||
            value.get_int64() > static_cast<std::int64_t>(most_rows))
            return invalid(at, "The limit is a number of rows from 1 to " + std::to_string(most_rows) + ".");
        query_.limit = static_cast<std::size_t>(value.get_int64());
        return {};
    }

    Result<void> compare(const json::value& value, const std::string& at) {
        if (value.is_string() && value.get_string() == "previous_period") {
            query_.compare = Comparison::previous_period;
        } else if (value.is_string() && value.get_string() == "year_before") {
            query_.compare = Comparison::year_before;
        } else {
            return invalid(at, "A comparison is with the \"previous_period\" or the \"year_before\".");
        }
        return {};
    }

    Query query_;
};

} // namespace

const std::vector<MeasureInfo>& measures() {
    using Kind = MeasureKind;
    static const std::vector<MeasureInfo> table = {
        {Kind::statements, "statements", "count", "Statements that are not voided."},
        {Kind::learners, "learners", "count", "Different actors."},
        {Kind::activities, "activities", "count", "Different Activities that are the object of a statement."},
        {Kind::attempts, "attempts", "count", "Different registrations, each learner's own."},
        {Kind::completions, "completions", "count",
         "Pairs of a learner and an Activity with a statement whose result.completion is true or whose verb "
         "completes "
         "(ADL's completed, SCORM's and cmi5's the same): each pair counts once."},
        {Kind::completion_rate, "completion_rate", "rate",
         "Completions, as a share of all pairs of a learner and an Activity that have a statement."},
        {Kind::passes, "passes", "count",
         "Statements whose result.success is true or, when it says nothing, whose verb is ADL's passed."},
        {Kind::pass_rate, "pass_rate", "rate",
         "Passes, as a share of passes and fails: of statements whose result.success is false or, when it "
         "says nothing, "
         "whose verb is ADL's failed."},
        {Kind::mean_score, "mean_score", "score", "The mean of result.score.scaled, where there is one."},
        {Kind::median_score, "median_score", "score",
         "The median of result.score.scaled, where there is one."},
        {Kind::total_duration, "total_seconds", "seconds", "The sum of result.duration."},
        {Kind::median_duration, "median_seconds", "seconds",
         "The median of result.duration, where there is one."},
        {Kind::first_time, "first", "time", "The earliest time of a statement."},
        {Kind::last_time, "last", "time", "The latest time of a statement."},
        {Kind::score_percentile, "score_pN", "score",
         "The value of result.score.scaled below which that share of the values lies, between two values the "
         "one in between."},
        {Kind::duration_percentile, "seconds_pN", "seconds", "The same of result.duration."},
    };
    return table;
}

const std::vector<DimensionInfo>& dimensions() {
    using Kind = DimensionKind;
    static const std::vector<DimensionInfo> table = {
        {Kind::hour, "hour", "time", "The hour, in the zone."},
        {Kind::day, "day", "time", "The day, in the zone."},
        {Kind::week, "week", "time", "The ISO week, in the zone."},
        {Kind::month, "month", "time", "The month, in the zone."},
        {Kind::quarter, "quarter", "time", "The quarter, in the zone."},
        {Kind::year, "year", "time", "The year, in the zone."},
        {Kind::weekday, "weekday", "number", "1 is Monday, 7 is Sunday, in the zone."},
        {Kind::hour_of_day, "hour_of_day", "number", "0 to 23, in the zone."},
        {Kind::verb, "verb", "iri", "The verb."},
        {Kind::activity, "activity", "iri", "The object, where it is an Activity."},
        {Kind::activity_type, "activity_type", "iri", "The type of the object, as the statement tells it."},
        {Kind::parent, "parent", "iri", "Each of context.contextActivities.parent."},
        {Kind::grouping, "grouping", "iri", "Each of context.contextActivities.grouping."},
        {Kind::category, "category", "iri", "Each of context.contextActivities.category."},
        {Kind::course, "course", "iri",
         "The first grouping; without one the first parent; without that the object."},
        {Kind::learner, "learner", "agent", "The actor."},
        {Kind::team, "team", "agent", "context.team."},
        {Kind::instructor, "instructor", "agent", "context.instructor."},
        {Kind::platform, "platform", "text", "context.platform."},
        {Kind::language, "language", "text", "context.language."},
        {Kind::registration, "registration", "text", "context.registration."},
        {Kind::success, "success", "boolean", "result.success."},
        {Kind::completion, "completion", "boolean", "result.completion."},
        {Kind::score_band, "score_band", "score",
         "result.score.scaled in tenths: 0.8 is from 0.8 to below 0.9; 1 by itself."},
    };
    return table;
}

Result<Query> parse_query(const boost::json::value& body) {
    return Parser().parse(body);
}

} // namespace leerspoor::server::analytics
