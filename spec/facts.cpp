#include "spec/facts.hpp"

#include "spec/agent.hpp"
#include "spec/base/duration.hpp"
#include "spec/base/version.hpp"
#include "spec/walk.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <string_view>

namespace leerspoor::spec {
namespace {

namespace json = boost::json;

constexpr std::size_t most_of_a_list = 64;
constexpr std::size_t longest_response = 1024;

const json::object* object_in(const json::object& of, std::string_view key) {
    const auto* value = of.if_contains(key);
    return value == nullptr ? nullptr : value->if_object();
}

std::string text_in(const json::object& of, std::string_view key) {
    const auto* value = of.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string identity_in(const json::object& of, std::string_view key) {
    const auto* actor = object_in(of, key);
    return actor == nullptr ? std::string() : identity(*actor);
}

std::optional<bool> truth_in(const json::object& of, std::string_view key) {
    const auto* value = of.if_contains(key);
    return value != nullptr && value->is_bool() ? std::optional(value->get_bool()) : std::nullopt;
}

// A number that no double holds counts as none.
std::optional<double> number_in(const json::object& of, std::string_view key) {
    const auto* value = of.if_contains(key);
    if (value == nullptr || !value->is_number()) return std::nullopt;
    const double number = value->to_number<double>();
    return number == 0 ? 0.0 : number; // -0 is 0
}

// A single Activity or an array of them (2.4.6.2).
std::vector<std::string> ids_in(const json::object& of, std::string_view key) {
    std::vector<std::string> ids;
    const auto* value = of.if_contains(key);
    if (value == nullptr) return ids;
    if (const auto* one = value->if_object()) {
        ids.push_back(text_in(*one, "id"));
    } else if (const auto* many = value->if_array()) {
        for (const auto& each : *many) {
            if (ids.size() == most_of_a_list) break;
            if (each.is_object()) ids.push_back(text_in(each.get_object(), "id"));
        }
    }
    return ids;
}

void add_object(const json::object& statement, Facts& facts) {
    const auto* object = object_in(statement, "object");
    if (object == nullptr) return;
    switch (object_type(*object)) {
    case ObjectType::activity:
        facts.object = text_in(*object, "id");
        if (const auto* definition = object_in(*object, "definition"))
            facts.activity_type = text_in(*definition, "type");
        break;
    case ObjectType::agent:
    case ObjectType::group:
        facts.object = identity(*object);
        facts.object_is_actor = !facts.object.empty();
        break;
    case ObjectType::sub_statement:
    case ObjectType::statement_ref:
        break;
    }
}

void add_context(const json::object& context, Facts& facts) {
    if (const auto* activities = object_in(context, "contextActivities")) {
        facts.parents = ids_in(*activities, "parent");
        facts.groupings = ids_in(*activities, "grouping");
        facts.categories = ids_in(*activities, "category");
    }
    if (const auto registration = text_in(context, "registration"); !registration.empty())
        facts.registration = parse_uuid(registration);
    facts.team = identity_in(context, "team");
    facts.instructor = identity_in(context, "instructor");
    facts.platform = text_in(context, "platform");
    facts.language = text_in(context, "language");
}

void add_result(const json::object& result, Facts& facts) {
    facts.success = truth_in(result, "success");
    facts.completion = truth_in(result, "completion");
    if (const auto* score = object_in(result, "score")) {
        facts.score_scaled = number_in(*score, "scaled");
        facts.score_raw = number_in(*score, "raw");
    }
    if (const auto duration = parse_duration(text_in(result, "duration"))) {
        constexpr double seconds_of_month = 30.0 * 86'400;
        constexpr double seconds_of_year = 365.0 * 86'400;
        const double years = std::floor(duration->months / 12);
        const double seconds =
            years * seconds_of_year + (duration->months - 12 * years) * seconds_of_month + duration->seconds;
        constexpr double longest = 1e15; // of hundredths
        facts.duration = std::llround(std::min(seconds * 100, longest));
    }
    auto response = text_in(result, "response");
    if (response.size() <= longest_response) facts.response = std::move(response);
}

} // namespace

Facts facts_of(const json::object& statement) {
    Facts facts;
    if (const auto timestamp = text_in(statement, "timestamp"); !timestamp.empty()) {
        for (const auto version : {Version::v1_0_3, Version::v2_0_0}) {
            const auto instant = parse_timestamp(timestamp, version);
            if (instant && !facts.timestamp) facts.timestamp = *instant;
        }
    }
    facts.actor = identity_in(statement, "actor");
    if (const auto* verb = object_in(statement, "verb")) facts.verb = text_in(*verb, "id");
    add_object(statement, facts);
    if (const auto* context = object_in(statement, "context")) add_context(*context, facts);
    if (const auto* result = object_in(statement, "result")) add_result(*result, facts);
    return facts;
}

} // namespace leerspoor::spec
