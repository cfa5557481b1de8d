// The About resource (xAPI 1.0.3 Part Three 2.8; IEEE 9274.1.1 4.1.6.7).
#include "conformance/checks/groups.hpp"
#include "conformance/probe/context.hpp"

#include <algorithm>

namespace leerspoor::conformance::checks {
namespace {

// The versions that the LRS says it has; ends the check when it says nothing that can be read.
std::vector<std::string> versions(Context& c, Answer& answer) {
    answer = c.send(get("/about"));
    c.require_status(answer, 200, "About");
    const auto about = answer.object();
    const auto* list = about.if_contains("version");
    c.require(answer, list != nullptr && list->is_array(), "an array \"version\"");
    std::vector<std::string> texts;
    for (const auto& one : list->get_array()) {
        c.require(answer, one.is_string(), "versions that are strings");
        texts.emplace_back(one.get_string().c_str());
    }
    return texts;
}

bool is_version(const std::string& text) {
    if (text == "0.9" || text == "0.95") return true;
    const auto dots = std::count(text.begin(), text.end(), '.');
    return dots == 2 && std::isdigit(static_cast<unsigned char>(text.front())) != 0 &&
           text.find_first_not_of("0123456789.") == std::string::npos;
}

void answers(Context& c) {
    Answer answer;
    versions(c, answer);
    c.expect(answer, answer.is_json(), "application/json");
    c.expect_status(c.send(get("/about").without("X-Experience-API-Version")), 200, "About needs no version");
    c.expect_status(c.send(get("/about").field("X-Experience-API-Version", "0.8")), 200,
                    "About takes any version");
}

void version_needed(Context& c) {
    const auto who = agent();
    for (auto call :
         {get("/statements").param("limit", "1"), get("/agents").param("agent", who),
          get("/activities").param("activityId", activity_id()),
          get("/activities/state").param("activityId", activity_id()).param("agent", who),
          get("/activities/profile").param("activityId", activity_id()),
          get("/agents/profile").param("agent", who), post("/statements").body(plain().statement())}) {
        const auto answer = c.send(call.without("X-Experience-API-Version"));
        // One that also is an LRS of 0.9 may answer as that.
        c.expect(answer, answer.status == 400 || answer.field("X-Experience-API-Version").starts_with("0.9"),
                 "400: the version is missing");
    }
}

} // namespace

Requirements about() {
    const Clauses clauses{"Part Three 2.8", "4.1.6.7"};
    return {
        {"XAPI-00315", "It is at \"about\"", clauses, answers},
        {"XAPI-00316", "Its versions are versions of xAPI", clauses,
         [](Context& c) {
             Answer answer;
             for (const auto& version : versions(c, answer)) {
                 c.expect(answer, is_version(version), "a version of xAPI instead of " + version);
             }
         }},
        {"XAPI-00317", "Its versions have the latest patch of the one under test", clauses,
         [](Context& c) {
             Answer answer;
             const auto all = versions(c, answer);
             c.expect(answer, contains(all, c.version_text()),
                      std::string(c.version_text()) + " among the versions");
         }},
        {"XAPI-00318", "Its versions are an array of strings", clauses,
         [](Context& c) {
             Answer answer;
             versions(c, answer);
         }},
        {"XAPI-00319", "GET answers 200 with the versions", clauses, answers},
        {"XAPI-00320", "It has versions and extensions and nothing else", clauses,
         [](Context& c) {
             const auto answer = c.send(get("/about"));
             for (const auto& member : answer.object()) {
                 const bool extensions = member.key() == "extensions" && member.value().is_object();
                 c.expect(answer, extensions || member.key() == "version",
                          "no property beside version and extensions");
             }
         }},
        {"XAPI-00321", "Every other resource needs a version", clauses, version_needed},
    };
}

} // namespace leerspoor::conformance::checks
