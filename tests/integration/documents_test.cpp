// The document resources as clients use them at the same time (xAPI 1.0.3 Part Three 2.2, 2.3, 2.6, 2.7, 3.1;
// IEEE 9274.1.1 4.1.4, 4.1.5).
#include "tests/integration/lrs_client.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace leerspoor::tests;

const std::string agent = percent_encode(R"({"mbox":"mailto:ann@example.com"})");
const std::string activity = percent_encode("http://example.com/activities/één");
const std::string state = "/xapi/activities/state?activityId=" + activity + "&agent=" + agent;
const std::string agent_profile = "/xapi/agents/profile?agent=" + agent;
const std::string activity_profile = "/xapi/activities/profile?activityId=" + activity;

HttpFields json_fields(HttpFields more = {}) {
    more.emplace_back("Content-Type", "application/json");
    return more;
}

} // namespace

TEST_CASE("Of a thousand concurrent merges into one State document none is lost") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    constexpr int writers = 20;
    constexpr int merges = 50;
    std::atomic<int> accepted = 0;
    std::vector<std::thread> threads;
    for (int writer = 0; writer < writers; ++writer) {
        threads.emplace_back([&, writer] {
            LrsClient lrs(server);
            for (int i = 0; i < merges; ++i) {
                const auto name = std::to_string(writer * merges + i);
                const auto answer = lrs.request("POST", state + "&stateId=shared",
                                                "{\"" + name + "\":" + name + "}", json_fields());
                if (answer.status == 204) ++accepted;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(accepted == writers * merges);
    LrsClient lrs(server);
    const auto merged = object_in(lrs.request("GET", state + "&stateId=shared").body);
    CHECK(merged.size() == writers * merges);
}

TEST_CASE("Of many writers with the same If-Match exactly one wins") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    const auto profile = agent_profile + "&profileId=p";
    REQUIRE(lrs.request("PUT", profile, "{}", json_fields({{"If-None-Match", "*"}})).status == 204);
    const auto etag = lrs.request("GET", profile).field("ETag");
    std::vector<std::thread> threads;
    std::vector<HttpResponse> answers(16);
    for (int writer = 0; writer < 16; ++writer) {
        threads.emplace_back([&, writer] {
            LrsClient own(server);
            answers[static_cast<std::size_t>(writer)] =
                own.request("PUT", profile, "{\"writer\":" + std::to_string(writer) + "}",
                            json_fields({{"If-Match", etag}}));
        });
    }
    for (auto& thread : threads) thread.join();
    // Looked at here: Catch's checks are for one thread.
    int won = 0;
    int lost = 0;
    for (const auto& answer : answers) {
        if (answer.status == 204) ++won;
        if (answer.status == 412 && code_of(answer) == "precondition_failed") ++lost;
    }
    CHECK(won == 1);
    CHECK(lost == 15);
}

TEST_CASE("A document comes back with its bytes and its type, after kill -9 too") {
    const TemporaryFolder folder;
    const std::string bytes("\x00\xff\r\n--b\r\n", 9);
    const auto document = state + "&stateId=" + percent_encode("bladwijzer/ü&=");
    {
        ServerProcess server({.data = folder.path() / "data"});
        LrsClient lrs(server);
        REQUIRE(lrs.request("PUT", document, bytes, {{"Content-Type", "image/x-odd; a=b"}}).status == 204);
        server.kill();
    }
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    const auto answer = lrs.request("GET", document);
    CHECK(answer.status == 200);
    CHECK(answer.body == bytes);
    CHECK(answer.field("Content-Type") == "image/x-odd; a=b");
    CHECK(answer.field("X-Content-Type-Options") == "nosniff");
    CHECK(answer.has("Last-Modified"));
    CHECK(lrs.request("GET", state).body == R"(["bladwijzer/ü&="])");
    CHECK(lrs.request("GET", document, "", {{"If-None-Match", answer.field("ETag")}}).status == 304);
}

TEST_CASE("What a PUT without preconditions may do depends on the resource and the version") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient old(server);
    LrsClient recent(server, {.version = "2.0.0"});
    const auto put = [](LrsClient& lrs, const std::string& target) {
        const auto answer = lrs.request("PUT", target, "{}", json_fields());
        return std::to_string(answer.status) + " " + code_of(answer);
    };
    CHECK(put(old, state + "&stateId=s") == "204 ");
    CHECK(put(old, state + "&stateId=s") == "204 ");
    CHECK(put(recent, state + "&stateId=s") == "409 document_exists");
    CHECK(put(recent, state + "&stateId=t") == "204 ");
    for (const auto& profile : {agent_profile, activity_profile}) {
        for (auto* lrs : {&old, &recent}) {
            CHECK(put(*lrs, profile + "&profileId=p") == "400 precondition_missing");
        }
        REQUIRE(old.request("POST", profile + "&profileId=p", "{}", json_fields()).status == 204);
        for (auto* lrs : {&old, &recent}) {
            CHECK(put(*lrs, profile + "&profileId=p") == "409 document_exists");
        }
    }
}

TEST_CASE("A merge that cannot be made changes nothing") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    const auto json = state + "&stateId=json";
    const auto text = state + "&stateId=text";
    REQUIRE(lrs.request("PUT", json, R"({"a":{"x":1},"b":2})", json_fields()).status == 204);
    REQUIRE(lrs.request("PUT", text, "plain", {{"Content-Type", "text/plain"}}).status == 204);
    const auto post = [&](const std::string& target, const std::string& body, const std::string& type) {
        return code_of(lrs.request("POST", target, body, {{"Content-Type", type}}));
    };
    CHECK(post(json, "plain", "text/plain") == "document_not_mergeable");
    CHECK(post(text, "{}", "application/json") == "document_not_mergeable");
    CHECK(post(json, "[1]", "application/json") == "document_not_object");
    CHECK(post(json, "{\"a\":", "application/json") == "json_invalid");
    CHECK(lrs.request("GET", json).body == R"({"a":{"x":1},"b":2})");
    CHECK(lrs.request("GET", text).body == "plain");
    CHECK(lrs.request("POST", json, R"({"a":{"y":2}})", json_fields()).status == 204);
    CHECK(lrs.request("GET", json).body == R"({"a":{"y":2},"b":2})");
}

TEST_CASE("Many State documents are deleted by activity, agent and registration") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    const std::string registration = "&registration=11111111-1111-4111-8111-111111111111";
    REQUIRE(lrs.request("PUT", state + "&stateId=a", "1").status == 204);
    REQUIRE(lrs.request("PUT", state + "&stateId=b" + registration, "2").status == 204);
    REQUIRE(lrs.request("PUT", state + "&stateId=c" + registration, "3").status == 204);
    CHECK(lrs.request("GET", state).body == R"(["a","b","c"])");
    CHECK(lrs.request("GET", state + registration).body == R"(["b","c"])");
    CHECK(lrs.request("DELETE", state + registration).status == 204);
    CHECK(lrs.request("GET", state).body == R"(["a"])");
    CHECK(lrs.request("GET", state + "&stateId=a").body == "1");
    CHECK(lrs.request("DELETE", state).status == 204);
    CHECK(lrs.request("GET", state).body == "[]");
    CHECK(code_of(lrs.request("GET", state + "&stateId=a")) == "document_unknown");
}

TEST_CASE("Parameters of documents are held to the specification") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    const auto code = [&](const std::string& method, const std::string& target) {
        const auto answer =
            lrs.request(method, target, method == "GET" || method == "DELETE" ? "" : "{}", json_fields());
        CHECK(answer.status == 400);
        return code_of(answer);
    };
    CHECK(code("PUT", state) == "query_parameter_missing");
    CHECK(code("DELETE", agent_profile) == "query_parameter_missing");
    CHECK(code("GET", "/xapi/activities/state?agent=" + agent + "&stateId=s") == "query_parameter_missing");
    CHECK(code("GET", state + "&stateID=s") == "query_parameter_case");
    CHECK(code("GET", state + "&colour=red") == "query_parameter_unknown");
    CHECK(code("GET", state + "&stateId=a&stateId=b") == "query_parameter_repeated");
    CHECK(code("GET", state + "&stateId=") == "query_parameter_invalid");
    CHECK(code("GET", state + "&registration=1") == "query_parameter_invalid");
    CHECK(code("GET", state + "&since=yesterday") == "query_parameter_invalid");
    CHECK(code("GET", state + "&stateId=s&since=2026-01-01T00:00:00Z") == "query_parameter_conflict");
    CHECK(code("GET", "/xapi/activities/profile?activityId=relative") == "query_parameter_invalid");
    CHECK(code("GET", "/xapi/agents?agent=" + percent_encode(R"({"mbox":"ann"})")) == "mbox_invalid");
    CHECK(lrs.request("GET", state).body == "[]");
}
