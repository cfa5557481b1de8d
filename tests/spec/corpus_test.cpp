// Every case of tests/corpus: statements that must be accepted, and statements and texts that must be refused
// with this code at this place.
#include "spec/base/json.hpp"
#include "spec/validate.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

using namespace leerspoor;
using namespace leerspoor::spec;
namespace json = boost::json;

struct Case {
    std::string file;
    json::object content;
};

std::vector<Case> cases_in(const std::string& folder) {
    std::vector<Case> cases;
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string(LEERSPOOR_TESTS_DIR "/corpus/") + folder)) {
        std::ifstream file(entry.path());
        std::stringstream text;
        text << file.rdbuf();
        const auto list = parse_json(text.str());
        INFO(entry.path());
        REQUIRE(list.has_value());
        for (const auto& element : list->as_array()) {
            cases.push_back(Case{entry.path().filename().string(), element.as_object()});
        }
    }
    return cases;
}

std::vector<Version> versions_of(const json::object& content) {
    std::vector<Version> versions;
    for (const auto& version : content.at("versions").as_array()) {
        versions.push_back(version.as_string() == "2.0" ? Version::v2_0_0 : Version::v1_0_3);
    }
    return versions;
}

} // namespace

TEST_CASE("Every accepted statement of the corpus is accepted, in each version it is meant for") {
    const auto cases = cases_in("accepted");
    CHECK(cases.size() >= 80);
    for (const auto& [file, content] : cases) {
        for (const auto version : versions_of(content)) {
            INFO(file << ": " << content.at("name") << " (" << to_string(version) << ")");
            const auto checked = validate_statement(content.at("statement"), version);
            if (!checked.has_value()) FAIL_CHECK(checked.error().code << " at " << checked.error().pointer);
        }
    }
}

TEST_CASE(
    "Every refused statement of the corpus is refused, with its code and pointer, also inside a batch") {
    const auto cases = cases_in("refused");
    CHECK(cases.size() >= 150);
    for (const auto& [file, content] : cases) {
        if (!content.contains("statement")) continue;
        for (const auto version : versions_of(content)) {
            INFO(file << ": " << content.at("name") << " (" << to_string(version) << ")");
            const auto checked = validate_statement(content.at("statement"), version, "/7");
            if (checked.has_value()) {
                FAIL_CHECK("was accepted");
                continue;
            }
            CHECK(checked.error().code == std::string_view(content.at("code").as_string()));
            CHECK(checked.error().pointer == "/7" + std::string(content.at("pointer").as_string()));
            CHECK(checked.error().message.ends_with('.'));
        }
    }
}

TEST_CASE("Every refused text of the corpus is refused, with its code and pointer") {
    for (const auto& [file, content] : cases_in("refused")) {
        if (!content.contains("text")) continue;
        INFO(file << ": " << content.at("name"));
        const auto parsed = parse_json(content.at("text").as_string());
        if (parsed.has_value()) {
            FAIL_CHECK("was accepted");
            continue;
        }
        CHECK(parsed.error().code == std::string_view(content.at("code").as_string()));
        CHECK(parsed.error().pointer == std::string_view(content.at("pointer").as_string()));
        CHECK(parsed.error().message.ends_with('.'));
    }
}
