// leerspoor-conformance as a program: its exit status, and what it says of Leerspoor itself.
#include "tests/conformance/stub_run.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

namespace leerspoor::tests {
namespace {

Outcome conformance_program(const std::vector<std::string>& arguments) {
    std::vector<std::string> command{LEERSPOOR_CONFORMANCE};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run(std::move(command));
}

std::vector<std::string> against(const StubLrs& stub) {
    return {"--endpoint", endpoint_of(stub), "--key", stub_key, "--secret",
            stub_secret,  "--only",          "verbs", "about"};
}

std::string text_of(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

} // namespace

TEST_CASE("The program ends with 0 when all requirements hold, and writes its reports") {
    const StubLrs stub;
    const TemporaryFolder folder;
    auto arguments = against(stub);
    arguments.insert(arguments.end(),
                     {"--junit", folder.path() / "report.xml", "--json", folder.path() / "report.json"});
    const auto outcome = conformance_program(arguments);
    INFO(outcome.output << outcome.errors);
    CHECK(outcome.status == 0);
    CHECK_THAT(outcome.output, Catch::Contains("PASSED: 9 of 9 requirements of xAPI 1.0.3"));
    CHECK_THAT(text_of(folder.path() / "report.xml"), Catch::Contains("tests=\"9\""));
    CHECK_THAT(text_of(folder.path() / "report.json"), Catch::Contains("\"failed\":0"));
}

TEST_CASE("The program ends with 1 when a requirement does not hold") {
    const StubLrs stub({{Flaw::about_names_an_old_patch}, {}});
    const auto outcome = conformance_program(against(stub));
    CHECK(outcome.status == 1);
    CHECK_THAT(outcome.output, Catch::Contains("FAILED XAPI-00317"));
}

TEST_CASE("The program ends with 2 when it cannot run") {
    std::string endpoint;
    {
        const StubLrs stub;
        endpoint = endpoint_of(stub);
    }
    CHECK(conformance_program({"--endpoint", endpoint}).status == 2);
    CHECK(conformance_program({"--endpoint", "lrs.example.com"}).status == 2);
    CHECK(conformance_program({"--version", "0.9"}).status == 2);
    CHECK(conformance_program({"--endpoint", endpoint, "--only", "nothing of this name"}).status == 2);
}

TEST_CASE("The list names what is checked, and what is not with the reason") {
    const auto outcome = conformance_program({"--list", "--version", "2.0.0"});
    CHECK(outcome.status == 0);
    for (const auto* part : {"XAPI-00044", "IEEE-4.2.2.5-a1", "without a check", "XAPI-00329"}) {
        CHECK_THAT(outcome.output, Catch::Contains(part));
    }
}

TEST_CASE("Leerspoor holds every requirement of both versions", "[.server]") {
    const TemporaryFolder folder;
    const ServerProcess server({folder.path() / "data"});
    for (const auto* version : {"1.0.3", "2.0.0"}) {
        const auto outcome = conformance_program(
            {"--endpoint", "https://localhost:" + std::to_string(server.port()) + "/xapi", "--ca",
             server.certificate(), "--key", first_key, "--secret", first_secret, "--version", version});
        INFO(outcome.output << outcome.errors);
        CHECK(outcome.status == 0);
    }
}

} // namespace leerspoor::tests
