// The reports of a run, for people and for programs.
#include "conformance/registry.hpp"
#include "conformance/report.hpp"
#include "tests/conformance/stub_run.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <sstream>

namespace leerspoor::tests {
namespace {

using conformance::Version;

// Two verbs' requirements, one of which fails.
struct Reported {
    StubLrs stub{{{}, [](const Error& error) {
                      return error.code == "value_type" && error.pointer.ends_with("/verb/display");
                  }}};
    conformance::Requirements requirements = conformance::requirements_of(Version::v1_0_3, {"verbs"});
    conformance::Run run = run_against(stub, requirements, Version::v1_0_3);
    conformance::About about{"http://lrs.example.com/xapi", Version::v1_0_3};
};

} // namespace

TEST_CASE_METHOD(Reported, "The text tells of each failure what was asked, expected and got") {
    std::ostringstream text;
    conformance::write_text(text, run, about, false);
    for (const auto* part :
         {"FAILED XAPI-00045", "Part Two 2.4.3", "POST /xapi/statements", "expected  400", "got       200",
          "1 of   2", "FAILED: 1 of 2 requirements of xAPI 1.0.3 hold at http://lrs.example.com/xapi"}) {
        CHECK_THAT(text.str(), Catch::Contains(part));
    }
    CHECK_THAT(text.str(), !Catch::Contains("\033"));
}

TEST_CASE_METHOD(Reported, "The JUnit report has a test case for each check") {
    std::ostringstream xml;
    conformance::write_junit(xml, run, about);
    for (const auto* part : {"tests=\"2\"", "failures=\"1\"", "classname=\"verbs\"",
                             "name=\"XAPI-00044 A verb has an id", "<failure message=\"expected 400"}) {
        CHECK_THAT(xml.str(), Catch::Contains(part));
    }
}

TEST_CASE_METHOD(Reported, "The JSON report has every finding") {
    std::ostringstream text;
    conformance::write_json(text, run, about);
    const auto report = boost::json::parse(text.str());
    CHECK(report.at("requirements").to_number<int>() == 2);
    CHECK(report.at("failed").to_number<int>() == 1);
    const auto& failed = report.at("results").at(1);
    CHECK(failed.at("id").as_string() == "XAPI-00045");
    CHECK_FALSE(failed.at("passed").as_bool());
    CHECK_FALSE(failed.at("findings").as_array().empty());
}

} // namespace leerspoor::tests
