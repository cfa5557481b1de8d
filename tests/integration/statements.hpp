// Statements for tests to send: the smallest ones, with what a test wants to see in them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::tests {

inline constexpr std::string_view verbs = "http://adlnet.gov/expapi/verbs/";
inline constexpr std::string_view courses = "https://example.org/courses/";

std::string verb_iri(std::string_view name);
std::string activity_iri(std::string_view name);
// {"mbox":"mailto:NAME@example.org"}
std::string agent(std::string_view name);
// A UUID of version 4 with this number in it.
std::string uuid(std::uint64_t number);

struct Parts {
    std::string id{}; // left out when empty
    std::string actor = agent("ada");
    std::string verb = "experienced"; // under `verbs`
    std::string activity = "one";     // under `courses`
    std::string object{};             // JSON, instead of the activity
    std::string further{};            // members, as in "\"result\":{...}"
};
std::string statement(const Parts& parts);
std::string array_of(const std::vector<std::string>& statements);
std::string statement_ref(const std::string& id);
// A statement that voids another.
std::string voiding(const std::string& target, const std::string& id = {});

} // namespace leerspoor::tests
