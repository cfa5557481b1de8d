// What statements tell about the things in them besides themselves: definitions of activities and names of
// agents, and how an LRS makes one definition of many (xAPI 1.0.3 Part Two 2.4.4.1 "Activity Definition",
// Part Three 2.4 and 2.5; IEEE 9274.1.1 4.1.6.5 and 4.1.6.6).
#pragma once

#include "spec/telling.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::spec {

// One thing told about one activity or agent.
struct Description {
    using Subject = spec::Subject;

    Subject subject{};
    std::string of;   // the activity's IRI, or the identity() of an Agent or Identified Group
    std::string told; // the definition as JSON, or the name

    auto operator<=>(const Description&) const = default;
};

// Appends the statement, without what the LRS sets, to `bytes`, and gives what it tells there, in the order
// of the bytes: objects, contextActivities and, within a SubStatement, the same; actors, members,
// instructors, teams, contextAgents, contextGroups. The same may be told several times. REQUIRES: a valid
// statement.
std::vector<Telling> tellings(const boost::json::object& statement, std::string& bytes);

// REQUIRES: the bytes that the telling was found in.
Description description_at(std::string_view bytes, const Telling& telling);

// All of them read. REQUIRES: a valid statement.
std::vector<Description> descriptions(const boost::json::object& statement);

// Adds to `known` what a newer statement tells. Languages are merged one by one, the newer text wins; type,
// moreInfo and extensions are the newer ones; what would change how answers are judged (interactionType,
// correctResponsesPattern, the ids of components) stays as first told. True when `known` was changed.
// REQUIRES: both valid definitions.
bool merge_definition(boost::json::object& known, const boost::json::object& told);

} // namespace leerspoor::spec
