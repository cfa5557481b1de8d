#include "spec/description.hpp"

#include "spec/agent.hpp"
#include "spec/base/json.hpp"
#include "spec/statement_writer.hpp"

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

std::vector<Telling> tellings(const json::object& statement, std::string& bytes) {
    StatementWriter writer(Version::v1_0_3, bytes);
    writer.begin(statement);
    return writer.take_tellings();
}

Description description_at(std::string_view bytes, const Telling& telling) {
    const auto subject = parse_stored_json(telling.of.of(bytes));
    if (const auto* iri = subject->if_string()) {
        return {telling.subject, std::string(*iri), std::string(telling.told.of(bytes))};
    }
    const auto& actor = subject->get_object();
    return {telling.subject, identity(actor), std::string(actor.at("name").get_string())};
}

std::vector<Description> descriptions(const json::object& statement) {
    std::string bytes;
    std::vector<Description> told;
    for (const auto& telling : tellings(statement, bytes)) told.push_back(description_at(bytes, telling));
    return told;
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
