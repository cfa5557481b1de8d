// What browsers, load balancers and monitors ask.
#include "tests/integration/lrs_client.hpp"
#include "tests/integration/statements.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <catch2/catch.hpp>

using namespace leerspoor::tests;

TEST_CASE("About tells its versions to everybody, without key and without version header") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    const auto response = server.client().exchange({"GET", "/xapi/about", {}, {}});
    CHECK(response.status == 200);
    CHECK(response.field("Content-Type").starts_with("application/json"));
    CHECK(response.has("X-Experience-API-Version"));
    const auto about = object_in(response.body);
    const auto& versions = about.at("version").as_array();
    CHECK(std::find(versions.begin(), versions.end(), "1.0.3") != versions.end());
    CHECK(std::find(versions.begin(), versions.end(), "2.0.0") != versions.end());
}

TEST_CASE("healthz, readyz and metrics answer without a key on this machine") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    lrs.store(statement({}));
    auto client = server.client();
    CHECK(client.exchange({"GET", "/healthz", {}, {}}).status == 200);
    CHECK(client.exchange({"GET", "/readyz", {}, {}}).status == 200);
    const auto metrics = client.exchange({"GET", "/metrics", {}, {}});
    CHECK(metrics.status == 200);
    CHECK(metrics.field("Content-Type").starts_with("text/plain"));
    CHECK(metrics.body.find("# TYPE leerspoor_") != std::string::npos);
    CHECK(metrics.body.find(first_secret) == std::string::npos);

    const HttpFields forwarded = {{"X-Forwarded-For", "203.0.113.7"}};
    CHECK(client.exchange({"GET", "/metrics", forwarded, {}}).status == 401);
}

TEST_CASE("Browsers may use the store from any page, and read the headers that xAPI has (CORS)") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    auto browser = server.client();
    const auto preflight =
        browser.exchange({"OPTIONS",
                          "/xapi/statements",
                          {{"Origin", "https://course.example.org"},
                           {"Access-Control-Request-Method", "PUT"},
                           {"Access-Control-Request-Headers", "authorization,content-type"}},
                          {}});
    CHECK((preflight.status == 200 || preflight.status == 204));
    CHECK(preflight.field("Access-Control-Allow-Origin") == "*");
    const auto headers = preflight.field("Access-Control-Allow-Headers");
    for (const std::string name : {"Authorization", "Content-Type", "X-Experience-API-Version", "If-Match"}) {
        INFO(name);
        CHECK(headers.find(name) != std::string::npos);
    }
    CHECK(preflight.field("Access-Control-Allow-Methods").find("PUT") != std::string::npos);

    const HttpFields origin = {{"Origin", "https://course.example.org"}};
    for (const auto& response : {lrs.get("", origin), lrs.get("wrong=query", origin)}) {
        CHECK(response.field("Access-Control-Allow-Origin") == "*");
        const auto exposed = response.field("Access-Control-Expose-Headers");
        CHECK(exposed.find("X-Experience-API-Consistent-Through") != std::string::npos);
        CHECK(exposed.find("X-Experience-API-Version") != std::string::npos);
    }
}

TEST_CASE("Only listed origins get the headers that let a page read the answer") {
    const TemporaryFolder folder;
    const ServerProcess server(
        {.data = folder.path() / "data", .arguments = {"--cors-origins", "https://lms.example.org"}});
    LrsClient lrs(server);
    CHECK(lrs.get("", {{"Origin", "https://lms.example.org"}}).field("Access-Control-Allow-Origin") ==
          "https://lms.example.org");
    CHECK_FALSE(lrs.get("", {{"Origin", "https://evil.example.org"}}).has("Access-Control-Allow-Origin"));
}

TEST_CASE("Plain HTTP is served when it is asked for, on loopback only") {
    const TemporaryFolder folder;
    {
        const ServerProcess server({.data = folder.path() / "data", .http = true});
        LrsClient lrs(server);
        CHECK(lrs.get_id(lrs.store(statement({}))).status == 200);
    }
    const auto refused = run({leerspoor_program(), "serve", "--data", (folder.path() / "data").string(),
                              "--http", "--listen", "0.0.0.0:0"});
    CHECK(refused.status == 2);
    CHECK(refused.errors.find("http-anywhere") != std::string::npos);
}

TEST_CASE("The log has a line for each request and no secret, no query and no statement in it") {
    const TemporaryFolder folder;
    ServerProcess server({.data = folder.path() / "data", .arguments = {"--log-format", "json"}});
    LrsClient lrs(server);
    lrs.store(statement({.actor = agent("very-private-person")}));
    lrs.get("agent=" + percent_encode(agent("very-private-person")));
    LrsClient(server, {.secret = "another secret"}).get("");
    CHECK(server.stop() == 0);
    const auto log = server.log();
    INFO(log);
    CHECK(std::count(log.begin(), log.end(), '\n') >= 3);
    CHECK(log.find("/xapi/statements") != std::string::npos);
    CHECK(log.find(first_secret) == std::string::npos);
    CHECK(log.find("another secret") == std::string::npos);
    CHECK(log.find("very-private-person") == std::string::npos);
    CHECK(log.find("Basic ") == std::string::npos);
}
