// What statements tell about the things in them besides themselves: definitions of activities and names of
// agents, and how an LRS makes one definition of many (xAPI 1.0.3 Part Two 2.4.4.1 "Activity Definition",
// Part Three 2.4 and 2.5; IEEE 9274.1.1 4.1.6.5 and 4.1.6.6).
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace leerspoor::spec {

// One thing told about one activity or agent.
struct Description {
    // Values are part of the store's format on disk: never renumber.
    enum class Subject : std::uint8_t { activity = 1, agent = 2 };

    Subject subject{};
    std::string of;   // the activity's IRI, or the identity() of an Agent or Identified Group
    std::string told; // the definition as JSON, or the name

    auto operator<=>(const Description&) const = default;
};

// Everything the statement tells, each once: objects, contextActivities and, within a SubStatement, the same;
// actors, members, instructors, teams, contextAgents, contextGroups. REQUIRES: a valid statement.
std::vector<Description> descriptions(const boost::json::object& statement);

// Adds to `known` what a newer statement tells. Languages are merged one by one, the newer text wins; type,
// moreInfo and extensions are the newer ones; what would change how answers are judged (interactionType,
// correctResponsesPattern, the ids of components) stays as first told. True when `known` was changed.
// REQUIRES: both valid definitions.
bool merge_definition(boost::json::object& known, const boost::json::object& told);

} // namespace leerspoor::spec
