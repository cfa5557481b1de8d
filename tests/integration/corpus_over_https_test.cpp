// The corpus of accepted and refused statements, through the whole program, and real statements when a folder
// of them is named by LEERSPOOR_SAMPLES.
#include "tests/integration/lrs_client.hpp"
#include "tests/integration/statements.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace leerspoor::tests;
namespace json = boost::json;

namespace {

json::array array_in(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    auto value = json::parse(text.str());
    REQUIRE(value.is_array());
    return value.get_array();
}

std::vector<json::object> cases_in(const std::string& folder) {
    std::vector<json::object> cases;
    const auto path = std::filesystem::path(LEERSPOOR_TESTS_DIR) / "corpus" / folder;
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
        for (const auto& each : array_in(entry.path())) cases.push_back(each.as_object());
    }
    REQUIRE_FALSE(cases.empty());
    return cases;
}

std::vector<std::string> versions_of(const json::object& content) {
    if (!content.contains("versions")) return {"1.0.3", "2.0.0"};
    std::vector<std::string> versions;
    for (const auto& version : content.at("versions").as_array()) {
        versions.emplace_back(version.as_string() == "2.0" ? "2.0.0" : "1.0.3");
    }
    return versions;
}

} // namespace

TEST_CASE("Every accepted statement of the corpus is stored and given back over HTTPS") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient first(server, {.version = "1.0.3"});
    LrsClient second(server, {.version = "2.0.0"});
    std::size_t stored = 0;
    for (auto& content : cases_in("accepted")) {
        for (const auto& version : versions_of(content)) {
            INFO(content.at("name") << " (" << version << ")");
            auto& lrs = version == "1.0.3" ? first : second;
            json::object sent = content.at("statement").as_object();
            sent.erase("id");
            const auto response = lrs.post(json::serialize(sent));
            // Their bytes would have to be in the request.
            if (code_of(response) == "attachment_without_file_url") continue;
            INFO(response.body);
            CHECK(response.status == 200);
            if (response.status != 200) continue;
            ++stored;
            const auto found = lrs.get("statementId=" + ids_in(response.body).at(0));
            const auto missing = lrs.get("voidedStatementId=" + ids_in(response.body).at(0));
            CHECK(found.status + missing.status == 200 + 404);
        }
    }
    CHECK(stored > 80);
}

TEST_CASE("Every refused statement of the corpus is refused over HTTPS with 400 and its code") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    for (const auto& content : cases_in("refused")) {
        for (const auto& version : versions_of(content)) {
            INFO(content.at("name") << " (" << version << ")");
            const auto* const text = content.if_contains("text");
            const auto body =
                text ? std::string(text->as_string()) : json::serialize(content.at("statement"));
            const auto response = LrsClient(server, {.version = version}).post(body);
            INFO(response.body);
            CHECK(response.status == 400);
            const std::string_view code(content.at("code").as_string());
            // In a statement any number is read, and what is wrong with these is that they are none.
            if (body.empty() || code == "json_number_too_large") continue;
            CHECK(code_of(response) == code);
        }
    }
    CHECK(LrsClient(server).ids("").empty());
}

TEST_CASE("Real statements are accepted in batches and every one is given back") {
    const char* const samples = std::getenv("LEERSPOOR_SAMPLES");
    if (!samples) return;
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    std::size_t sent = 0;
    for (const auto& entry : std::filesystem::directory_iterator(samples)) {
        json::array batch;
        auto statements = array_in(entry.path());
        for (std::size_t i = 0; i < statements.size(); ++i) {
            batch.push_back(std::move(statements[i]));
            if (batch.size() < 50 && i + 1 < statements.size()) continue;
            const auto response = lrs.post(json::serialize(batch));
            INFO(response.body);
            REQUIRE(response.status == 200);
            sent += batch.size();
            batch.clear();
        }
    }
    CHECK(lrs.ids("limit=500").size() == sent);
}
