// What is checked: every number of ADL's list, each once, with a section and a title.
#include "conformance/registry.hpp"

#include <catch2/catch.hpp>
#include <map>

namespace leerspoor::conformance {

TEST_CASE("Each of the 336 numbers has one check, or a reason why it has none") {
    std::map<std::string, int> seen;
    for (const auto& requirement : all_requirements()) ++seen[requirement.id];
    for (const auto& [id, reason] : unchecked()) {
        CHECK_FALSE(reason.empty());
        ++seen[std::string(id)];
    }
    for (int number = 1; number <= 336; ++number) {
        const auto digits = std::to_string(number);
        const auto id = std::string("XAPI-").append(5 - digits.size(), '0').append(digits);
        INFO(id);
        CHECK(seen[id] == 1);
    }
}

TEST_CASE("Every requirement says where it stands, and is of at least one version") {
    std::map<std::string, int> ids;
    for (const auto& requirement : all_requirements()) {
        INFO(requirement.id);
        CHECK(++ids[requirement.id] == 1);
        CHECK_FALSE(requirement.title.empty());
        CHECK(requirement.check != nullptr);
        CHECK_FALSE((requirement.clauses.in_1_0_3.empty() && requirement.clauses.in_2_0.empty()));
    }
}

TEST_CASE("Requirements are chosen by version, group and id") {
    CHECK(requirements_of(Version::v1_0_3, {"verbs"}).size() == 2);
    CHECK(requirements_of(Version::v1_0_3, {"00044", "xapi-00045"}).size() == 2);
    CHECK(requirements_of(Version::v1_0_3, {"XAPI-0004?"}).size() == 10);
    CHECK(requirements_of(Version::v1_0_3, {"IEEE-*"}).empty());
    CHECK_FALSE(requirements_of(Version::v2_0_0, {"IEEE-*"}).empty());
    CHECK(requirements_of(Version::v2_0_0, {"nothing of this name"}).empty());
}

} // namespace leerspoor::conformance
