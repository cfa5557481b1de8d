// What statements tell about the things in them besides themselves: definitions of activities and names of
// agents, and how an LRS makes one definition of many (xAPI 1.0.3 Part Two 2.4.4.1 "Activity Definition",
// Part Three 2.4 and 2.5; IEEE 9274.1.1 4.1.6.5 and 4.1.6.6).
#pragma once

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
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

// A part of a text, in bytes.
struct ByteRange {
    std::size_t at = 0;
    std::size_t size = 0;

    // REQUIRES: the text it is a part of.
    std::string_view of(std::string_view text) const { return text.substr(at, size); }
};

// Where the bytes of a statement, as StatementWriter wrote them, tell something: so cheap to gather and to
// compare that only news has to be read.
struct Telling {
    Description::Subject subject{};
    ByteRange of;   // the activity's id, a JSON string; or all of the actor, a JSON object
    ByteRange told; // the definition, a JSON object; of actors nothing
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
