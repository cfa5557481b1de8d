#include "conformance/registry.hpp"

#include "conformance/checks/groups.hpp"

#include <algorithm>
#include <utility>

namespace leerspoor::conformance {
namespace {

using Group = std::pair<std::string_view, Requirements (*)()>;

constexpr Group groups[] = {
    {"statements_data", checks::statements_data},
    {"statement_properties", checks::statement_properties},
    {"actors", checks::actors},
    {"verbs", checks::verbs},
    {"objects", checks::objects},
    {"interactions", checks::interactions},
    {"results", checks::results},
    {"contexts", checks::contexts},
    {"attachments", checks::attachments},
    {"signatures", checks::signatures},
    {"metadata", checks::metadata},
    {"voiding", checks::voiding},
    {"statement_resource", checks::statement_resource},
    {"queries", checks::queries},
    {"pages", checks::pages},
    {"formats", checks::formats},
    {"documents", checks::documents},
    {"state", checks::state},
    {"agent_profile", checks::agent_profile},
    {"activity_profile", checks::activity_profile},
    {"agents", checks::agents},
    {"activities", checks::activities},
    {"about", checks::about},
    {"concurrency", checks::concurrency},
    {"versioning", checks::versioning},
    {"alternate_syntax", checks::alternate_syntax},
    {"errors", checks::errors},
};

char folded(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool matches(std::string_view text, std::string_view pattern) {
    if (pattern.empty()) return text.empty();
    if (pattern[0] == '*') {
        return matches(text, pattern.substr(1)) || (!text.empty() && matches(text.substr(1), pattern));
    }
    if (text.empty()) return false;
    return (pattern[0] == '?' || folded(pattern[0]) == folded(text[0])) &&
           matches(text.substr(1), pattern.substr(1));
}

bool wanted(const Requirement& requirement, const std::vector<std::string>& patterns) {
    return patterns.empty() || std::any_of(patterns.begin(), patterns.end(), [&](const auto& pattern) {
               return matches(requirement.group, pattern) || matches(requirement.id, "*" + pattern + "*");
           });
}

} // namespace

Requirements all_requirements() {
    Requirements all;
    for (const auto& [name, requirements] : groups) {
        for (auto& requirement : requirements()) {
            requirement.group = name;
            all.push_back(std::move(requirement));
        }
    }
    return all;
}

Requirements requirements_of(Version version, const std::vector<std::string>& patterns) {
    auto chosen = all_requirements();
    std::erase_if(chosen, [&](const Requirement& requirement) {
        return requirement.clauses.of(version).empty() || !wanted(requirement, patterns);
    });
    return chosen;
}

const std::vector<Unchecked>& unchecked() {
    static constexpr std::string_view always_text =
        "a parameter of a URL is always a string: there is no way to send another type";
    static constexpr std::string_view no_since = "deleting State documents knows no \"since\"";
    static const std::vector<Unchecked> list = {
        {"XAPI-00136", "ADL gives no requirement this number"},
        {"XAPI-00137", "withdrawn by ADL: neither version asks for a MIME-Version field"},
        {"XAPI-00138", "withdrawn by ADL: the same as XAPI-00127"},
        {"XAPI-00205", no_since},
        {"XAPI-00223", no_since},
        {"XAPI-00224", always_text},
        {"XAPI-00225", always_text},
        {"XAPI-00226", always_text},
        {"XAPI-00228", always_text},
        {"XAPI-00276", always_text},
        {"XAPI-00277", always_text},
        {"XAPI-00305", always_text},
        {"XAPI-00306", always_text},
        {"XAPI-00307", always_text},
        {"XAPI-00327", "needs a second pair of credentials, that may do less"},
        {"XAPI-00328", "an LRS under test is to have no size limit that a check could reach"},
        {"XAPI-00329", "no request may bring an LRS into trouble of its own"},
    };
    return list;
}

} // namespace leerspoor::conformance
