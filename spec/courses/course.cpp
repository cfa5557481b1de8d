#include "spec/courses/course.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <exception>

namespace leerspoor::spec::courses {
namespace {

namespace json = boost::json;

constexpr std::array kind_names{std::string_view("scorm_1_2"), std::string_view("scorm_2004"),
                                std::string_view("cmi5"), std::string_view("xapi")};
constexpr std::array<std::string_view, 5> move_on_names{"NotApplicable", "Passed", "Completed",
                                                        "CompletedAndPassed", "CompletedOrPassed"};

template <class Kind, std::size_t count>
std::optional<Kind> parse_name(const std::array<std::string_view, count>& names, std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<Kind>(found - names.begin());
}

void collect(const std::vector<CourseNode>& nodes, std::vector<const CourseNode*>& all) {
    for (const auto& node : nodes) {
        all.push_back(&node);
        collect(node.children, all);
    }
}

bool path_to(const std::vector<CourseNode>& nodes, std::string_view id,
             std::vector<const CourseNode*>& path) {
    for (const auto& node : nodes) {
        if (node.id == id) return true;
        path.push_back(&node);
        if (path_to(node.children, id, path)) return true;
        path.pop_back();
    }
    return false;
}

// Texts that are empty and what is usual are left out.
class Members {
  public:
    explicit Members(json::object& members) : members_(members) {}
    void text(std::string_view name, const std::string& value) {
        if (!value.empty()) members_[name] = value;
    }
    void object(std::string_view name, const json::object& value) {
        if (!value.empty()) members_[name] = value;
    }
    void number(std::string_view name, const std::optional<double>& value) {
        if (value) members_[name] = *value;
    }
    void flag(std::string_view name, bool value, bool usual) {
        if (value != usual) members_[name] = value;
    }

  private:
    json::object& members_;
};

json::object to_json(const CourseNode& node) {
    json::object kept{{"id", node.id}};
    Members members(kept);
    members.object("title", node.title);
    members.object("description", node.description);
    members.text("href", node.href);
    members.flag("sco", node.is_sco, false);
    members.flag("visible", node.is_visible, true);
    members.text("prerequisites", node.prerequisites);
    members.text("max_time_allowed", node.max_time_allowed);
    members.text("time_limit_action", node.time_limit_action);
    members.text("data_from_lms", node.data_from_lms);
    members.number("mastery_score", node.mastery_score);
    members.number("completion_threshold", node.completion_threshold);
    members.object("sequencing", node.sequencing);
    if (node.move_on != MoveOn::not_applicable) kept["move_on"] = name_of(node.move_on);
    members.flag("own_window", node.own_window, false);
    members.text("launch_parameters", node.launch_parameters);
    members.text("entitlement_key", node.entitlement_key);
    members.text("activity_type", node.activity_type);
    if (!node.objectives.empty()) {
        json::array ids;
        for (const auto& id : node.objectives) ids.push_back(json::string(id));
        kept["objectives"] = std::move(ids);
    }
    if (!node.children.empty()) {
        json::array children;
        for (const auto& child : node.children) children.push_back(to_json(child));
        kept["children"] = std::move(children);
    }
    return kept;
}

std::string text_in(const json::object& kept, std::string_view name) {
    const auto* value = kept.if_contains(name);
    return value ? std::string(value->as_string()) : std::string();
}
json::object object_in(const json::object& kept, std::string_view name) {
    const auto* value = kept.if_contains(name);
    return value ? value->as_object() : json::object();
}
std::optional<double> number_in(const json::object& kept, std::string_view name) {
    const auto* value = kept.if_contains(name);
    return value ? std::optional(value->to_number<double>()) : std::nullopt;
}
bool flag_in(const json::object& kept, std::string_view name, bool usual) {
    const auto* value = kept.if_contains(name);
    return value ? value->as_bool() : usual;
}

CourseNode node_from_json(const json::object& kept) {
    CourseNode node;
    node.id = text_in(kept, "id");
    node.title = object_in(kept, "title");
    node.description = object_in(kept, "description");
    node.href = text_in(kept, "href");
    node.is_sco = flag_in(kept, "sco", false);
    node.is_visible = flag_in(kept, "visible", true);
    node.prerequisites = text_in(kept, "prerequisites");
    node.max_time_allowed = text_in(kept, "max_time_allowed");
    node.time_limit_action = text_in(kept, "time_limit_action");
    node.data_from_lms = text_in(kept, "data_from_lms");
    node.mastery_score = number_in(kept, "mastery_score");
    node.completion_threshold = number_in(kept, "completion_threshold");
    node.sequencing = object_in(kept, "sequencing");
    node.move_on = parse_move_on(text_in(kept, "move_on")).value_or(MoveOn::not_applicable);
    node.own_window = flag_in(kept, "own_window", false);
    node.launch_parameters = text_in(kept, "launch_parameters");
    node.entitlement_key = text_in(kept, "entitlement_key");
    node.activity_type = text_in(kept, "activity_type");
    if (const auto* ids = kept.if_contains("objectives"))
        for (const auto& id : ids->as_array()) node.objectives.emplace_back(id.as_string());
    if (const auto* children = kept.if_contains("children"))
        for (const auto& child : children->as_array())
            node.children.push_back(node_from_json(child.as_object()));
    return node;
}

} // namespace

std::string_view name_of(CourseKind kind) {
    return kind_names[static_cast<std::size_t>(kind)];
}
std::optional<CourseKind> parse_course_kind(std::string_view name) {
    return parse_name<CourseKind>(kind_names, name);
}
std::string_view name_of(MoveOn move_on) {
    return move_on_names[static_cast<std::size_t>(move_on)];
}
std::optional<MoveOn> parse_move_on(std::string_view name) {
    return parse_name<MoveOn>(move_on_names, name);
}

std::vector<const CourseNode*> all_nodes(const Course& course) {
    std::vector<const CourseNode*> all;
    collect(course.nodes, all);
    return all;
}

std::vector<const CourseNode*> launchable_nodes(const Course& course) {
    auto nodes = all_nodes(course);
    std::erase_if(nodes, [](const CourseNode* node) { return node->href.empty(); });
    return nodes;
}

const CourseNode* find_node(const Course& course, std::string_view id) {
    for (const auto* node : all_nodes(course))
        if (node->id == id) return node;
    return nullptr;
}

std::vector<const CourseNode*> ancestors_of(const Course& course, std::string_view id) {
    std::vector<const CourseNode*> path;
    path_to(course.nodes, id, path);
    return path;
}

json::object to_json(const Course& course) {
    json::object kept{{"kind", name_of(course.kind)}, {"edition", course.edition}, {"id", course.id}};
    Members members(kept);
    members.object("title", course.title);
    members.object("description", course.description);
    members.object("sequencing", course.sequencing);
    members.flag("objectives_global_to_system", course.objectives_global_to_system, true);
    json::array objectives;
    for (const auto& objective : course.objectives)
        objectives.push_back(json::object{
            {"id", objective.id}, {"title", objective.title}, {"description", objective.description}});
    kept["objectives"] = std::move(objectives);
    json::array nodes;
    for (const auto& node : course.nodes) nodes.push_back(to_json(node));
    kept["nodes"] = std::move(nodes);
    return kept;
}

Result<Course> course_from_json(const json::object& kept) {
    try {
        Course course;
        course.kind = parse_course_kind(text_in(kept, "kind")).value();
        course.edition = text_in(kept, "edition");
        course.id = text_in(kept, "id");
        course.title = object_in(kept, "title");
        course.description = object_in(kept, "description");
        course.sequencing = object_in(kept, "sequencing");
        course.objectives_global_to_system = flag_in(kept, "objectives_global_to_system", true);
        for (const auto& value : kept.at("objectives").as_array()) {
            const auto& objective = value.as_object();
            course.objectives.push_back({text_in(objective, "id"), object_in(objective, "title"),
                                         object_in(objective, "description")});
        }
        for (const auto& node : kept.at("nodes").as_array())
            course.nodes.push_back(node_from_json(node.as_object()));
        return course;
    } catch (const std::exception&) {
        return Error{"course_unreadable", "", "What is kept of this course cannot be read."};
    }
}

} // namespace leerspoor::spec::courses
