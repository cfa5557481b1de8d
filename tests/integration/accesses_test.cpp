// Who read whose records: kept, found, exported with proof, and forgotten with the person.
#include "tests/integration/lrs_client.hpp"
#include "tests/integration/statements.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/json/array.hpp>
#include <catch2/catch.hpp>

#include <memory>
#include <string>

namespace {

using namespace leerspoor::tests;
namespace json = boost::json;

json::array accesses(LrsClient& lrs, const std::string& query) {
    const auto response = lrs.request("GET", "/api/v1/accesses?" + query);
    INFO(response.body);
    REQUIRE(response.status == 200);
    return object_in(response.body).at("items").as_array();
}

std::string of(std::string_view who) {
    return "agent=" + percent_encode(agent(who));
}

} // namespace

TEST_CASE("What is read of a person is told of them, once for what is alike") {
    const TemporaryFolder folder;
    ServerOptions options{.data = folder.path() / "data"};
    auto server = std::make_unique<ServerProcess>(options);
    auto lrs = std::make_unique<LrsClient>(*server);
    REQUIRE(lrs->post(statement({.actor = agent("jan")})).status == 200);
    for (int i = 0; i < 3; ++i)
        REQUIRE(lrs->get(of("jan"), {{"X-Leerspoor-Purpose", "the yearly report"}}).status == 200);
    REQUIRE(lrs->get(of("els")).status == 200);
    REQUIRE(lrs->get("").status == 200);
    CHECK(lrs->get("agent=nonsense").status == 400);
    const auto all = accesses(*lrs, "");
    CHECK(all.size() == 3);
    const auto jan = accesses(*lrs, of("jan"));
    REQUIRE(jan.size() == 1);
    const auto& one = jan[0];
    CHECK(one.at("by").get_string() == std::string("key ") + first_key);
    CHECK(one.at("what") == "reads");
    CHECK(one.at("resource") == "statements");
    CHECK(one.at("times") == 3);
    CHECK(one.at("purpose") == "the yearly report");
    CHECK(one.at("address") == "127.0.0.1");
    CHECK(one.at("whose").at("mbox") == "mailto:jan@example.org");
    CHECK(accesses(*lrs, "by=" + percent_encode(std::string("key ") + first_key)).size() == 3);
    CHECK(accesses(*lrs, "by=nobody").empty());
    CHECK(accesses(*lrs, "what=erases").empty());
    // Pages.
    const auto first = object_in(lrs->request("GET", "/api/v1/accesses?limit=2").body);
    CHECK(first.at("items").as_array().size() == 2);
    CHECK(accesses(*lrs, "after=" + std::to_string(first.at("next").as_int64())).size() == 1);
    // They are no statements of the store, and no key reaches them.
    CHECK(lrs->ids("").size() == 1);
    // What was noted and not kept yet is kept when the server stops.
    REQUIRE(lrs->get(of("ann")).status == 200);
    lrs.reset();
    CHECK(server->stop() == 0);
    server = std::make_unique<ServerProcess>(options);
    lrs = std::make_unique<LrsClient>(*server);
    CHECK(accesses(*lrs, of("ann")).size() == 1);
}

TEST_CASE("The access log is exported like statements, with proof") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    REQUIRE(lrs.get(of("jan")).status == 200);
    CHECK(accesses(lrs, "").size() == 1);
    const auto begun =
        object_in(lrs.request("POST", "/api/v1/exports", R"({"format":"jsonl","accesses":true})",
                              {{"Content-Type", "application/json"}})
                      .body);
    CHECK(begun.at("accesses") == true);
    const auto path = "/api/v1/exports/" + std::string(begun.at("id").get_string());
    while (object_in(lrs.request("GET", path).body).at("state") != "done") {
    }
    const auto lines = lrs.request("GET", path + "/file").body;
    CHECK(lines.find("urn:leerspoor:access:reads") != std::string::npos);
    // And that somebody exported is told.
    CHECK(accesses(lrs, "what=exports").size() == 2);
}

TEST_CASE("An erasure takes the person out of the access log, and stays in it") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    REQUIRE(lrs.post(statement({.actor = agent("jan")})).status == 200);
    REQUIRE(lrs.get(of("jan")).status == 200);
    const HttpFields fields{{"Content-Type", "application/json"}};
    const auto begun =
        object_in(lrs.request("POST", "/api/v1/erasures", R"({"agent":)" + agent("jan") + "}", fields).body);
    const auto path = "/api/v1/erasures/" + std::string(begun.at("id").get_string());
    const auto await = [&](std::string_view state) {
        while (true) {
            const auto job = object_in(lrs.request("GET", path).body);
            REQUIRE(job.at("state") != "failed");
            if (job.at("state").get_string() == state) return job;
        }
    };
    await("previewed");
    REQUIRE(lrs.request("POST", path + "/confirm", "", fields).status == 202);
    const auto done = await("done");
    CHECK(done.at("counts").at("accesses_altered").as_int64() == 2); // the read, and the request
    CHECK(accesses(lrs, of("jan")).empty());
    CHECK(accesses(lrs, "what=erases").size() == 2);
    for (const auto& one : accesses(lrs, "what=reads"))
        CHECK(one.at("whose").at("account").at("homePage") == "https://leerspoor.invalid/erased");
}
