// leerspoor-conformance proves that it can fail: against a stub LRS with one thing broken exactly the checks
// of that thing fail, and against the whole stub none.
#include "conformance/registry.hpp"
#include "tests/conformance/stub_run.hpp"
#include "tests/conformance/variants.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <sstream>

namespace leerspoor::tests {
namespace {

using conformance::Version;

struct Failures {
    std::string ids;
    std::set<std::string_view> groups;
};

Failures failures(const Breaks& breaks, Version version, unsigned jobs = 1) {
    const StubLrs stub(breaks);
    const auto requirements = conformance::requirements_of(version, {});
    Failures found;
    for (const auto& result : run_against(stub, requirements, version, jobs).results) {
        if (result.findings.empty()) continue;
        found.ids += (found.ids.empty() ? "" : " ") + result.requirement->id;
        found.groups.insert(result.requirement->group);
        const auto& finding = result.findings.front();
        UNSCOPED_INFO(result.requirement->id << " " << result.requirement->title << "\n"
                                             << finding.request << "\nexpected " << finding.expected
                                             << "\ngot " << finding.got);
    }
    return found;
}

} // namespace

TEST_CASE("Against an LRS that does everything right no check fails, over however many connections") {
    for (const auto version : {Version::v1_0_3, Version::v2_0_0}) {
        CHECK_THAT(failures({}, version).ids, Catch::Equals(""));
        CHECK_THAT(failures({}, version, 8).ids, Catch::Equals(""));
    }
}

TEST_CASE("Against an LRS that does one thing wrong the checks of that thing fail, and no others") {
    for (const auto& variant : variants()) {
        DYNAMIC_SECTION(variant.group << ": an LRS that " << variant.what) {
            const auto found = failures(variant.breaks, variant.version);
            CHECK(found.ids == variant.failing);
            CHECK(found.groups.contains(variant.group));
        }
    }
}

TEST_CASE("Every group of requirements has a broken LRS that it notices") {
    std::set<std::string_view> noticed;
    const auto all = variants();
    for (const auto& variant : all) noticed.insert(variant.group);
    for (const auto& requirement : conformance::all_requirements()) {
        INFO(requirement.group);
        CHECK(noticed.contains(requirement.group));
    }
}

TEST_CASE("No check is empty: each fails against some broken LRS") {
    std::map<std::string, std::string> left; // and its title
    for (const auto& requirement : conformance::all_requirements()) left[requirement.id] = requirement.title;
    for (const auto version : {Version::v1_0_3, Version::v2_0_0}) {
        const auto requirements = conformance::requirements_of(version, {});
        for (const auto& breaks : thoroughly_broken()) {
            const StubLrs stub(breaks);
            for (const auto& result : run_against(stub, requirements, version).results) {
                if (!result.findings.empty()) left.erase(result.requirement->id);
            }
        }
    }
    // Those of a variant above fail against that.
    for (const auto& variant : variants()) {
        std::istringstream ids{std::string(variant.failing)};
        for (std::string id; ids >> id;) left.erase(id);
    }
    for (const auto& [id, title] : left) FAIL_CHECK(id << " " << title);
}

} // namespace leerspoor::tests
