#include "tests/server/analytics_checker.hpp"

#include "spec/agent.hpp"
#include "spec/base/duration.hpp"
#include "spec/base/timestamp.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <date/iso_week.h>
#include <date/tz.h>
#include <set>
#include <sstream>

namespace leerspoor::test {
namespace {

namespace json = boost::json;
using Statement = json::object;

const json::value* at(const json::object& object, std::initializer_list<std::string_view> path) {
    const json::object* here = &object;
    const json::value* found = nullptr;
    for (const auto key : path) {
        if (here == nullptr) return nullptr;
        found = here->if_contains(key);
        if (found == nullptr) return nullptr;
        here = found->if_object();
    }
    return found;
}

std::string quoted(std::string_view text) {
    return json::serialize(json::value(text));
}

std::optional<std::string> text_at(const Statement& statement, std::initializer_list<std::string_view> path) {
    const auto* value = at(statement, path);
    if (value == nullptr) return std::nullopt;
    return std::string(value->get_string());
}

std::optional<std::string> agent_at(const Statement& statement,
                                    std::initializer_list<std::string_view> path) {
    const auto* value = at(statement, path);
    if (value == nullptr) return std::nullopt;
    const auto identity = spec::identity(value->get_object());
    if (identity.empty()) return std::nullopt;
    return json::serialize(spec::identifier_of(identity));
}

std::optional<std::string> activity_of(const Statement& statement) {
    const auto type = text_at(statement, {"object", "objectType"});
    if (type && *type != "Activity") return std::nullopt;
    return text_at(statement, {"object", "id"});
}

std::vector<std::string> activities_at(const Statement& statement, std::string_view kind) {
    std::vector<std::string> ids;
    const auto* value = at(statement, {"context", "contextActivities", kind});
    if (value == nullptr) return ids;
    for (const auto& one : value->get_array()) {
        std::string id(one.at("id").get_string());
        if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(std::move(id));
    }
    return ids;
}

std::optional<double> number_at(const Statement& statement, std::initializer_list<std::string_view> path) {
    const auto* value = at(statement, path);
    if (value == nullptr) return std::nullopt;
    return value->to_number<double>();
}

std::optional<bool> truth_at(const Statement& statement, std::initializer_list<std::string_view> path) {
    const auto* value = at(statement, path);
    if (value == nullptr) return std::nullopt;
    return value->get_bool();
}

std::optional<double> seconds_of(const Statement& statement) {
    const auto text = text_at(statement, {"result", "duration"});
    if (!text) return std::nullopt;
    return std::round(spec::parse_duration(*text)->seconds * 100) / 100;
}

spec::Instant instant_of(const Statement& statement, std::string_view member) {
    return *spec::parse_timestamp(*text_at(statement, {member}), spec::Version::v1_0_3);
}

std::string time_label(std::string_view unit, std::string_view zone, spec::Instant instant) {
    const auto zoned = date::make_zoned(std::string(zone), instant);
    const auto local = zoned.get_local_time();
    const auto day = date::floor<date::days>(local);
    const date::year_month_day date(day);
    if (unit == "hour") return date::format("%FT%H:00%Ez", zoned);
    if (unit == "day") return date::format("%F", date);
    if (unit == "week") {
        const iso_week::year_weeknum_weekday week{date::local_days(day)};
        std::ostringstream text;
        text << week.year() << '-' << week.weeknum();
        return text.str();
    }
    if (unit == "month") return date::format("%Y-%m", date);
    if (unit == "quarter")
        return date::format("%Y", date) + "-Q" + std::to_string((unsigned(date.month()) - 1) / 3 + 1);
    if (unit == "year") return date::format("%Y", date);
    if (unit == "weekday") return std::to_string(date::weekday(day).iso_encoding());
    return std::to_string(date::floor<std::chrono::hours>(local - day).count()); // hour_of_day
}

bool is_time(std::string_view name) {
    static const std::set<std::string_view> all{"hour",    "day",  "week",    "month",
                                                "quarter", "year", "weekday", "hour_of_day"};
    return all.contains(name);
}

constexpr std::string_view extension = "extension:"; // and its key

std::string value_of_extension(const Statement& statement, std::string_view key) {
    for (const auto path : {std::initializer_list<std::string_view>{"result", "extensions", key},
                            {"context", "extensions", key},
                            {"object", "definition", "extensions", key}}) {
        const auto* value = at(statement, path);
        if (value == nullptr) continue;
        return value->is_string() ? json::serialize(*value) : quoted(json::serialize(*value));
    }
    return "null";
}

// The values of a dimension, as JSON texts.
std::vector<std::string> values_of(const Statement& statement, std::string_view name, std::string_view zone,
                                   std::string_view time) {
    const auto one = [](const std::optional<std::string>& text) {
        return std::vector<std::string>{text ? quoted(*text) : "null"};
    };
    const auto all = [](const std::vector<std::string>& texts) {
        std::vector<std::string> values;
        for (const auto& text : texts) values.push_back(quoted(text));
        if (values.empty()) values.emplace_back("null");
        return values;
    };
    if (name.starts_with(extension)) return {value_of_extension(statement, name.substr(extension.size()))};
    if (name == "weekday" || name == "hour_of_day")
        return {time_label(name, zone, instant_of(statement, time))};
    if (is_time(name)) return one(time_label(name, zone, instant_of(statement, time)));
    if (name == "verb") return one(text_at(statement, {"verb", "id"}));
    if (name == "activity") return one(activity_of(statement));
    if (name == "activity_type") return one(text_at(statement, {"object", "definition", "type"}));
    if (name == "parent" || name == "grouping" || name == "category")
        return all(activities_at(statement, name));
    if (name == "course") {
        for (const auto* kind : {"grouping", "parent"}) {
            const auto found = activities_at(statement, kind);
            if (!found.empty()) return one(found.front());
        }
        return one(activity_of(statement));
    }
    if (name == "learner") return one(agent_at(statement, {"actor"}));
    if (name == "team" || name == "instructor") return one(agent_at(statement, {"context", name}));
    if (name == "platform" || name == "language" || name == "registration")
        return one(text_at(statement, {"context", name}));
    if (name == "success" || name == "completion") {
        const auto truth = truth_at(statement, {"result", name});
        return {truth ? (*truth ? "true" : "false") : "null"};
    }
    const auto score = number_at(statement, {"result", "score", "scaled"});
    if (!score) return {"null"};
    return {json::serialize(json::value(std::floor(*score * 10 + 1e-9) / 10))};
}

double percentile(std::vector<double> values, double where) {
    std::sort(values.begin(), values.end());
    const double place = where * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const auto above = std::min(below + 1, values.size() - 1);
    return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}

std::optional<double> measure(const std::vector<const Statement*>& rows, const json::value& asked,
                              std::string_view time) {
    const std::string verbs = "http://adlnet.gov/expapi/verbs/";
    std::set<std::string> learners;
    std::set<std::string> activities;
    std::set<std::string> attempts;
    std::set<std::pair<std::string, std::string>> begun;
    std::set<std::pair<std::string, std::string>> completed;
    double passes = 0;
    double fails = 0;
    std::vector<double> scores;
    std::vector<double> seconds;
    std::vector<double> times;
    for (const auto* row : rows) {
        const auto learner = agent_at(*row, {"actor"});
        const auto activity = activity_of(*row);
        const auto verb = *text_at(*row, {"verb", "id"});
        if (learner) learners.insert(*learner);
        if (activity) activities.insert(*activity);
        if (const auto registration = text_at(*row, {"context", "registration"}))
            attempts.insert(learner.value_or("") + *registration);
        if (learner && activity) {
            begun.insert({*learner, *activity});
            if (truth_at(*row, {"result", "completion"}) == true || verb == verbs + "completed")
                completed.insert({*learner, *activity});
        }
        if (const auto success = truth_at(*row, {"result", "success"})) {
            ++(*success ? passes : fails);
        } else if (verb == verbs + "passed") {
            ++passes;
        } else if (verb == verbs + "failed") {
            ++fails;
        }
        if (const auto score = number_at(*row, {"result", "score", "scaled"})) scores.push_back(*score);
        if (const auto took = seconds_of(*row)) seconds.push_back(*took);
        times.push_back(static_cast<double>(instant_of(*row, time).time_since_epoch().count()) / 1e6);
    }
    const auto count = [](std::size_t number) { return std::optional(static_cast<double>(number)); };
    const auto share = [](double part, double whole) {
        return whole == 0 ? std::nullopt : std::optional(part / whole);
    };
    if (asked.is_object()) {
        const auto& values = asked.at("percentile").get_string() == "duration" ? seconds : scores;
        if (values.empty()) return std::nullopt;
        return percentile(values, asked.at("at").to_number<double>());
    }
    const std::string_view name = asked.get_string();
    if (name == "statements") return count(rows.size());
    if (name == "learners") return count(learners.size());
    if (name == "activities") return count(activities.size());
    if (name == "attempts") return count(attempts.size());
    if (name == "completions") return count(completed.size());
    if (name == "completion_rate")
        return share(static_cast<double>(completed.size()), static_cast<double>(begun.size()));
    if (name == "passes") return passes;
    if (name == "pass_rate") return share(passes, passes + fails);
    double sum = 0;
    if (name == "mean_score") {
        for (const double score : scores) sum += score;
        return share(sum, static_cast<double>(scores.size()));
    }
    if (name == "median_score") return scores.empty() ? std::nullopt : std::optional(percentile(scores, 0.5));
    if (name == "median_seconds")
        return seconds.empty() ? std::nullopt : std::optional(percentile(seconds, 0.5));
    if (name == "total_seconds") {
        for (const double took : seconds) sum += took;
        return sum;
    }
    if (times.empty()) return std::nullopt;
    return name == "first" ? *std::min_element(times.begin(), times.end())
                           : *std::max_element(times.begin(), times.end());
}

bool has_one_of(const Statement& statement, std::string_view name, const json::value& wanted,
                std::string_view zone, std::string_view time) {
    if (name == "extension") {
        const auto& all = wanted.get_object();
        return std::all_of(all.begin(), all.end(), [&](const auto& one) {
            return has_one_of(statement, std::string(extension) + std::string(one.key()), one.value(), zone,
                              time);
        });
    }
    std::set<std::string> texts;
    const auto add = [&](const json::value& one) {
        if (one.is_object() && !name.starts_with(extension)) {
            texts.insert(quoted(json::serialize(spec::identifier_of(spec::identity(one.get_object())))));
        } else if (one.is_number() && !name.starts_with(extension)) {
            texts.insert(json::serialize(one));
        } else {
            texts.insert(one.is_string() ? json::serialize(one) : quoted(json::serialize(one)));
        }
    };
    if (wanted.is_array()) {
        for (const auto& one : wanted.get_array()) add(one);
    } else {
        add(wanted);
    }
    for (const auto& value : values_of(statement, name == "agent" ? "learner" : name, zone, time))
        if (texts.contains(value)) return true;
    return false;
}

bool in_interval(std::optional<double> value, const json::object& interval) {
    if (!value) return false;
    if (const auto* from = interval.if_contains("from"); from && *value < from->to_number<double>())
        return false;
    const auto* to = interval.if_contains("to");
    return !to || *value <= to->to_number<double>();
}

bool matches(const Statement& statement, const json::object& filter, std::string_view zone,
             std::string_view time) {
    for (const auto& [key, value] : filter) {
        const std::string_view name = key;
        if (name == "since") {
            if (instant_of(statement, time) <=
                *spec::parse_timestamp(value.get_string(), spec::Version::v2_0_0))
                return false;
        } else if (name == "until") {
            if (instant_of(statement, time) >
                *spec::parse_timestamp(value.get_string(), spec::Version::v2_0_0))
                return false;
        } else if (name == "success" || name == "completion") {
            if (truth_at(statement, {"result", name}) != value.get_bool()) return false;
        } else if (name == "score_scaled") {
            if (!in_interval(number_at(statement, {"result", "score", "scaled"}), value.get_object()))
                return false;
        } else if (name == "duration_seconds") {
            if (!in_interval(seconds_of(statement), value.get_object())) return false;
        } else if (name == "not") {
            for (const auto& [of, unwanted] : value.get_object())
                if (has_one_of(statement, of, unwanted, zone, time)) return false;
        } else if (!has_one_of(statement, name, value, zone, time)) {
            return false;
        }
    }
    return true;
}

using Groups = std::map<std::vector<std::string>, std::vector<const Statement*>>;

// Each measure of all statements up to the group's time that have its other keys.
void add_running(const Groups& groups, const std::vector<std::string>& names, const json::object& query,
                 std::string_view time, CheckedRows& rows) {
    const auto along = static_cast<std::size_t>(std::find_if(names.begin(), names.end(),
                                                             [](const auto& name) {
                                                                 return is_time(name) && name != "weekday" &&
                                                                        name != "hour_of_day";
                                                             }) -
                                                names.begin());
    const auto begin_of = [&](const std::vector<const Statement*>& members) {
        auto earliest = instant_of(*members.front(), time);
        for (const auto* one : members) earliest = std::min(earliest, instant_of(*one, time));
        return earliest;
    };
    for (const auto& [key, members] : groups) {
        std::vector<const Statement*> so_far;
        for (const auto& [other, those] : groups) {
            auto same = other;
            same[along] = key[along];
            if (same == key && begin_of(those) <= begin_of(members))
                so_far.insert(so_far.end(), those.begin(), those.end());
        }
        for (const auto& asked : query.at("measures").get_array())
            rows[key].push_back(measure(so_far, asked, time));
    }
}

} // namespace

CheckedRows check_query(const std::vector<Statement>& statements, const json::object& query) {
    const auto* filter = query.if_contains("filter");
    const auto* by = query.if_contains("time");
    const std::string time(by ? std::string_view(by->get_string()) : "timestamp");
    const auto* dimensions = query.if_contains("dimensions");
    std::string zone = "UTC";
    std::vector<std::string> names;
    if (dimensions) {
        for (const auto& one : dimensions->get_array()) {
            if (one.is_object() && one.get_object().contains("extension")) {
                names.push_back(std::string(extension) + std::string(one.at("extension").get_string()));
                continue;
            }
            names.emplace_back(one.is_object() ? one.at("time").get_string() : one.get_string());
            if (one.is_object() && one.get_object().contains("zone"))
                zone = std::string(one.at("zone").get_string());
        }
    }
    if (const auto* named = query.if_contains("zone")) zone = std::string(named->get_string());
    Groups groups;
    if (names.empty()) groups[{}];
    for (const auto& statement : statements) {
        if (filter && !matches(statement, filter->get_object(), zone, time)) continue;
        std::vector<std::vector<std::string>> keys{{}};
        for (const auto& name : names) {
            std::vector<std::vector<std::string>> longer;
            for (const auto& key : keys) {
                for (const auto& value : values_of(statement, name, zone, time)) {
                    longer.push_back(key);
                    longer.back().push_back(value);
                }
            }
            keys = std::move(longer);
        }
        for (const auto& key : keys) groups[key].push_back(&statement);
    }
    CheckedRows rows;
    for (const auto& [key, members] : groups) {
        for (const auto& asked : query.at("measures").get_array())
            rows[key].push_back(measure(members, asked, time));
    }
    if (query.contains("running")) add_running(groups, names, query, time, rows);
    return rows;
}

} // namespace leerspoor::test
