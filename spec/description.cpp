#include "spec/description.hpp"

#include "spec/agent.hpp"
#include "spec/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace leerspoor::spec {

namespace {

namespace json = boost::json;

std::string_view type_of(const json::object& object) {
    const auto* type = object.if_contains("objectType");
    return type == nullptr ? std::string_view{} : std::string_view(type->get_string());
}

class Collector {
  public:
    void statement(const json::object& statement) {
        actor(statement.at("actor").get_object());
        object(statement.at("object").get_object());
        if (const auto* found = statement.if_contains("context")) context(found->get_object());
    }

    std::vector<Description> take() {
        std::sort(told_.begin(), told_.end());
        told_.erase(std::unique(told_.begin(), told_.end()), told_.end());
        return std::move(told_);
    }

  private:
    void actor(const json::object& actor) {
        if (const auto* name = actor.if_contains("name")) {
            if (auto who = identity(actor); !who.empty()) {
                told_.push_back(
                    {Description::Subject::agent, std::move(who), std::string(name->get_string())});
            }
        }
        if (const auto* members = actor.if_contains("member")) {
            for (const auto& member : members->get_array()) this->actor(member.get_object());
        }
    }

    void activity(const json::object& activity) {
        const auto* definition = activity.if_contains("definition");
        if (definition == nullptr || definition->get_object().empty()) return;
        Description description{
            Description::Subject::activity, std::string(activity.at("id").get_string()), {}};
        write_json(*definition, description.told);
        told_.push_back(std::move(description));
    }

    void object(const json::object& object) {
        const auto type = type_of(object);
        if (type.empty() || type == "Activity") {
            activity(object);
        } else if (type == "Agent" || type == "Group") {
            actor(object);
        } else if (type == "SubStatement") {
            statement(object);
        }
    }

    void context(const json::object& context) {
        for (const auto& member : context) {
            const std::string_view key = member.key();
            if (key == "instructor" || key == "team") {
                actor(member.value().get_object());
            } else if (key == "contextActivities") {
                for (const auto& list : member.value().get_object()) activities(list.value());
            } else if (key == "contextAgents" || key == "contextGroups") {
                const std::string_view inner = key == "contextAgents" ? "agent" : "group";
                for (const auto& element : member.value().get_array()) actor(element.at(inner).get_object());
            }
        }
    }

    void activities(const json::value& list) {
        if (const auto* single = list.if_object()) return activity(*single);
        for (const auto& element : list.get_array()) activity(element.get_object());
    }

    std::vector<Description> told_;
};

bool set(json::object& known, std::string_view key, const json::value& told) {
    auto* present = known.if_contains(key);
    if (present != nullptr && *present == told) return false;
    known.insert_or_assign(key, told);
    return true;
}

// Language by language; keys of extensions are none.
bool merge_languages(json::object& known, std::string_view key, const json::value& told) {
    auto* present = known.if_contains(key);
    if (present == nullptr || !present->is_object()) return set(known, key, told);
    bool changed = false;
    for (const auto& [language, text] : told.get_object()) {
        const bool added = set(present->get_object(), language, text);
        changed = changed || added;
    }
    return changed;
}

bool is_component_list(std::string_view key) {
    constexpr std::array<std::string_view, 5> lists{"choices", "scale", "source", "target", "steps"};
    return std::find(lists.begin(), lists.end(), key) != lists.end();
}

// The list stays as first told; what its components are called may change.
bool merge_components(json::value& known, const json::value& told) {
    std::unordered_map<std::string_view, const json::value*> described;
    for (const auto& component : told.get_array()) {
        const auto& members = component.get_object();
        if (const auto* description = members.if_contains("description")) {
            described.emplace(members.at("id").get_string(), description);
        }
    }
    bool changed = false;
    for (auto& component : known.get_array()) {
        auto& members = component.get_object();
        const auto found = described.find(members.at("id").get_string());
        if (found == described.end()) continue;
        const bool merged = merge_languages(members, "description", *found->second);
        changed = changed || merged;
    }
    return changed;
}

bool merge_member(json::object& known, std::string_view key, const json::value& told) {
    if (key == "name" || key == "description") return merge_languages(known, key, told);
    if (key == "type" || key == "moreInfo" || key == "extensions") return set(known, key, told);
    auto* present = known.if_contains(key);
    // What belongs to an interaction is taken whole from the first definition that had one.
    if (present == nullptr) return !known.contains("interactionType") && set(known, key, told);
    return is_component_list(key) && merge_components(*present, told);
}

} // namespace

std::vector<Description> descriptions(const json::object& statement) {
    Collector collector;
    collector.statement(statement);
    return collector.take();
}

bool merge_definition(json::object& known, const json::object& told) {
    bool changed = false;
    for (const auto& member : told) {
        if (member.key() == "interactionType") continue;
        const bool merged = merge_member(known, member.key(), member.value());
        changed = changed || merged;
    }
    // Last, because it closes the interaction.
    if (const auto* type = told.if_contains("interactionType")) {
        const bool merged = merge_member(known, "interactionType", *type);
        changed = changed || merged;
    }
    return changed;
}

} // namespace leerspoor::spec
