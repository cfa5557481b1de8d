// Everything of a person, to take along: statements, documents and attachments in one file.
#include "tests/integration/lrs_client.hpp"
#include "tests/integration/statements.hpp"
#include "tests/support/temporary_folder.hpp"

#include "spec/base/base64.hpp"
#include "spec/base/sha2.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include <fstream>
#include <string>

namespace {

using namespace leerspoor::tests;
namespace json = boost::json;

std::string part_of(const std::filesystem::path& file, const std::string& name) {
    return run({"/bin/sh", "-c", "unzip -p '" + file.string() + "' " + name}).output;
}

} // namespace

TEST_CASE("A package has a person's statements, documents and attachments, and nobody else's") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    const std::string attached = "what was attached";
    leerspoor::spec::Sha2 digest(256);
    digest.update(attached);
    const auto sha2 = digest.finish();
    auto with = object_in(statement({.id = uuid(1), .actor = agent("jan")}));
    with["attachments"] = json::array{json::object{{"usageType", "http://example.com/usage"},
                                                   {"display", {{"nl", "bijlage"}}},
                                                   {"contentType", "text/plain"},
                                                   {"length", attached.size()},
                                                   {"sha2", sha2}}};
    const std::string body = "--x\r\nContent-Type: application/json\r\n\r\n" + json::serialize(with) +
                             "\r\n--x\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n"
                             "X-Experience-API-Hash: " +
                             sha2 + "\r\n\r\n" + attached + "\r\n--x--\r\n";
    REQUIRE(lrs.request("POST", "/xapi/statements", body, {{"Content-Type", "multipart/mixed; boundary=x"}})
                .status == 200);
    REQUIRE(lrs.post(statement({.id = uuid(2), .actor = agent("els")})).status == 200);
    const auto state =
        "/xapi/activities/state?activityId=" + percent_encode(activity_iri("one")) + "&stateId=s&agent=";
    for (const auto* who : {"jan", "els"})
        REQUIRE(lrs.request("PUT", state + percent_encode(agent(who)), std::string("of ") + who,
                            {{"Content-Type", "text/plain"}})
                    .status == 204);
    const auto begun =
        object_in(lrs.request("POST", "/api/v1/exports",
                              R"({"format":"package","filter":{"agent":)" + agent("jan") + "}}",
                              {{"Content-Type", "application/json"}})
                      .body);
    const auto path = "/api/v1/exports/" + std::string(begun.at("id").get_string());
    while (object_in(lrs.request("GET", path).body).at("state") != "done") {
    }
    const auto answer = lrs.request("GET", path + "/file");
    CHECK(answer.field("Content-Type") == "application/zip");
    const auto file = folder.path() / "package.zip";
    std::ofstream(file, std::ios::binary) << answer.body;
    CHECK(run({"/bin/sh", "-c", "unzip -tq '" + file.string() + "'"}).status == 0);
    const auto statements = part_of(file, "statements.jsonl");
    CHECK(statements.find(uuid(1)) != std::string::npos);
    CHECK(statements.find(uuid(2)) == std::string::npos);
    const auto document = object_in(part_of(file, "documents.jsonl"));
    CHECK(document.at("kind") == "state");
    CHECK(document.at("agent").at("mbox") == "mailto:jan@example.org");
    CHECK(leerspoor::spec::base64_decode(document.at("content").get_string()) == "of jan");
    CHECK(part_of(file, "attachments/" + sha2) == attached);
}
