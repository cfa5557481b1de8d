#include "server/audit/courses.hpp"

#include "spec/facts.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

namespace leerspoor::server::audit {
namespace {

namespace json = boost::json;

constexpr std::size_t most_courses = 100'000;

// The first name that the statement has for the activity.
std::string name_in(const json::object& statement, std::string_view id) {
    const auto name_of = [&](const json::value* activity) -> std::string {
        const auto* object = activity ? activity->if_object() : nullptr;
        if (!object) return {};
        const auto* own = object->if_contains("id");
        const auto* definition = object->if_contains("definition");
        if (!own || !own->is_string() || std::string_view(own->get_string()) != id || !definition ||
            !definition->is_object())
            return {};
        const auto* names = definition->get_object().if_contains("name");
        if (!names || !names->is_object() || names->get_object().empty()) return {};
        const auto& first = names->get_object().begin()->value();
        return first.is_string() ? std::string(first.get_string()) : std::string();
    };
    if (auto name = name_of(statement.if_contains("object")); !name.empty()) return name;
    const auto* context = statement.if_contains("context");
    const auto* activities =
        context && context->is_object() ? context->get_object().if_contains("contextActivities") : nullptr;
    if (!activities || !activities->is_object()) return {};
    for (const auto& [kind, list] : activities->get_object()) {
        if (!list.is_array()) continue;
        for (const auto& one : list.get_array())
            if (auto name = name_of(&one); !name.empty()) return name;
    }
    return {};
}

} // namespace

void Courses::add(const json::object& statement, spec::Instant stored) {
    const auto facts = spec::facts_of(statement);
    std::string course;
    if (!facts.groupings.empty()) {
        course = facts.groupings.front();
    } else if (!facts.parents.empty()) {
        course = facts.parents.front();
    } else if (!facts.object_is_actor) {
        course = facts.object;
    }
    if (course.empty()) return;
    auto found = courses_.find(course);
    if (found == courses_.end()) {
        if (courses_.size() == most_courses) return;
        found = courses_.emplace(course, CourseRow()).first;
        found->second.course = course;
    }
    auto& row = found->second;
    const auto when = facts.timestamp.value_or(stored);
    if (row.statements++ == 0) row.first = row.last = when;
    row.first = std::min(row.first, when);
    row.last = std::max(row.last, when);
    if (facts.completion.value_or(false)) ++row.completions;
    if (facts.success.value_or(false)) ++row.passes;
    if (facts.score_scaled) row.best = std::max(row.best.value_or(*facts.score_scaled), *facts.score_scaled);
    row.centiseconds += facts.duration.value_or(0);
    if (auto name = name_in(statement, course); !name.empty()) row.name = std::move(name);
}

std::vector<CourseRow> Courses::rows() const {
    std::vector<CourseRow> rows;
    for (const auto& [course, row] : courses_) rows.push_back(row);
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    return rows;
}

} // namespace leerspoor::server::audit
