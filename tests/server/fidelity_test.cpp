// What clients gave is given back as they gave it: numbers, documents, versions, dates, entity tags.
#include "app_fixture.hpp"

#include "server/http/date.hpp"

#include <catch2/catch.hpp>

using namespace leerspoor;
using namespace leerspoor::test;

namespace {

const std::string id_one = "6690e6c9-3ef0-4ed3-8b37-7f3964730bee";
const std::string by_id = "/xapi/statements?statementId=" + id_one;

// The statement with this behind its object.
std::string with(const std::string& rest) {
    auto text = statement(id_one);
    text.pop_back();
    return text + rest + "}";
}

std::string state(const std::string& id) {
    return "/xapi/activities/state?activityId=http%3A%2F%2Fexample.com%2Fa&agent=" +
           http::percent_encode(R"({"mbox":"mailto:ann@example.com"})") +
           (id.empty() ? "" : "&stateId=" + id);
}

} // namespace

TEST_CASE("A number in an extension is never refused, and exact gives its digits back (1.0.3 Part Two 4.1)") {
    AppFixture app;
    const std::string numbers = R"("http://e/1":123456789012345678901234567890,"http://e/2":[1e400,-1E-400],)"
                                R"("http://e/3":0.12345678901234567890123,"http://e/4":1e99999999999)";
    REQUIRE(
        app.send("POST", "/xapi/statements", with(R"(,"context":{"extensions":{)" + numbers + "}}")).status ==
        200);
    for (const std::string format : {"exact", "ids", "canonical"}) {
        INFO(format);
        CHECK(app.send("GET", by_id + "&format=" + format).body.find(numbers) != std::string::npos);
    }
    CHECK(
        app.send("POST", "/xapi/statements", with(R"(,"context":{"extensions":{)" + numbers + "}}")).status ==
        200);
    const auto other = with(R"(,"context":{"extensions":{"http://e/1":123456789012345678901234567891}})");
    CHECK(refusal(app.send("POST", "/xapi/statements", other)) == "409 statement_conflict /0");
}

TEST_CASE("A long number is a number everywhere, and no text") {
    AppFixture app;
    CHECK(app.send("POST", "/xapi/statements", with(R"(,"result":{"score":{"raw":12345678901234567890123}})"))
              .status == 200);
    CHECK(refusal(app.send("POST", "/xapi/statements", with(R"(,"result":{"response":1e400})"))) ==
          "400 value_type /result/response");
    CHECK(refusal(app.send("POST", "/xapi/statements", with(R"(,"result":{"score":{"scaled":1e400}})"))) ==
          "400 score_range /result/score/scaled");
    CHECK(refusal(app.send("POST", "/xapi/statements",
                           with(R"(,"result":{"score":{"raw":1e400,"max":1e300}})"))) ==
          "400 score_range /result/score/raw");
}

TEST_CASE("A JSON document holds any bytes, and only a merge reads them (1.0.3 Part Three 2.2)") {
    AppFixture app;
    const auto deep = std::string(2000, '[') + std::string(2000, ']');
    const Headers old = {{"X-Experience-API-Version", "1.0.3"}};
    for (const std::string& bytes :
         {std::string(R"({ "a":1,"a" : 2 })"), std::string(R"({"n":1e400})"), R"({"deep":)" + deep + "}"}) {
        for (const std::string method : {"PUT", "POST"}) {
            app.send("DELETE", state("one"), "", old);
            CHECK(app.send(method, state("one"), bytes, old).status == 204);
            CHECK(app.send("GET", state("one"), "", old).body == bytes);
        }
    }
    CHECK(refusal(app.send("POST", state("one"), R"({"b":1})", old)) == "400 document_not_object");
    CHECK(app.send("PUT", state("one"), R"({"a":1,"a":2,"n":1e400})", old).status == 204);
    CHECK(app.send("POST", state("one"), R"({"b":1})", old).status == 204);
    CHECK(app.send("GET", state("one"), "", old).body == R"({"a":2,"n":1e400,"b":1})");
    CHECK(refusal(app.send("PUT", state("one"), "{", old)) == "400 json_invalid");
}

TEST_CASE("Merging lets no document grow beyond what one request may bring") {
    AppFixture app;
    app.settings.max_body_bytes = 64;
    const auto half = [](char name) {
        return std::string("{\"") + name + R"(":")" + std::string(30, 'x') + R"("})";
    };
    CHECK(app.send("POST", state("one"), half('a')).status == 204);
    CHECK(refusal(app.send("POST", state("one"), half('b'))) == "413 document_too_large");
    CHECK(app.send("POST", state("one"), half('a')).status == 204);
    CHECK(app.send("GET", state("one")).body == half('a'));
}

TEST_CASE(
    "A resend of 2.0 that differs in timestamp or attachments is accepted and changes nothing (2.0, 4.2)") {
    AppFixture app;
    REQUIRE(app.send("POST", "/xapi/statements", with(R"(,"timestamp":"2024-05-01T10:00:00Z")")).status ==
            200);
    const auto first = app.send("GET", by_id).body;
    const auto later = with(R"(,"timestamp":"2025-05-01T10:00:00Z")");
    CHECK(app.send("POST", "/xapi/statements", later).status == 200);
    CHECK(app.send("PUT", by_id, later).status == 204);
    CHECK(app.send("GET", by_id).body == first);
    CHECK(app.store.statements() == 1);
    const Headers old = {{"X-Experience-API-Version", "1.0.3"}};
    CHECK(app.send("PUT", by_id, later, old).status == 409);
}

TEST_CASE("A client of 1.0.3 gets a statement of 2.0 as it was accepted (1.0.3 Part Three 3.3)") {
    AppFixture app;
    const std::string agents =
        R"("contextAgents":[{"objectType":"contextAgent","agent":{"mbox":"mailto:c@example.com"}}])";
    REQUIRE(app.send("POST", "/xapi/statements", with(R"(,"context":{)" + agents + "}")).status == 200);
    const Headers old = {{"X-Experience-API-Version", "1.0.3"}};
    for (const std::string& target : {by_id, std::string("/xapi/statements")}) {
        const auto response = app.send("GET", target, "", old);
        CHECK(header(response, "X-Experience-API-Version") == "1.0.3");
        CHECK(response.body.find(agents) != std::string::npos);
        CHECK(response.body.find(R"("version":"2.0.0")") != std::string::npos);
    }
}

TEST_CASE("A list of statements was last modified when the newest of them was stored") {
    AppFixture app;
    CHECK(header(app.send("GET", "/xapi/statements"), "Last-Modified") == "(none)");
    std::int64_t sequence = 0;
    app.store.now = [&](storage::Sequence) { return ModelStore::instant(1000 * ++sequence); };
    for (int i = 0; i < 3; ++i) REQUIRE(app.send("POST", "/xapi/statements", statement()).status == 200);
    const auto date = [](std::int64_t at) { return http::date(ModelStore::instant(1000 * at)); };
    for (const std::string version : {"1.0.3", "2.0.0"}) {
        const Headers headers = {{"X-Experience-API-Version", version}};
        const auto modified = [&](const std::string& query) {
            return header(app.send("GET", "/xapi/statements" + query, "", headers), "Last-Modified");
        };
        CHECK(modified("") == date(3));
        CHECK(modified("?ascending=true") == date(3));
        CHECK(modified("?ascending=true&limit=2") == date(2));
        CHECK(modified("?attachments=true") == date(3));
        CHECK(modified("?verb=http%3A%2F%2Fexample.com%2Fnone") == "(none)");
    }
}

TEST_CASE("Documents, lists of them, agents and activities have an ETag that spares sending them again") {
    AppFixture app;
    const std::string agent = http::percent_encode(R"({"mbox":"mailto:ann@example.com"})");
    REQUIRE(app.send("PUT", state("one"), R"({"a":1})", {{"If-None-Match", "*"}}).status == 204);
    for (const std::string version : {"1.0.3", "2.0.0"}) {
        for (const std::string& target :
             {state("one"), state(""), "/xapi/agents?agent=" + agent, "/xapi/agents/profile?agent=" + agent,
              std::string("/xapi/activities/profile?activityId=http%3A%2F%2Fe"),
              std::string("/xapi/activities?activityId=http%3A%2F%2Fexample.com%2Fa")}) {
            INFO(target);
            const Headers headers = {{"X-Experience-API-Version", version}};
            const auto response = app.send("GET", target, "", headers);
            REQUIRE(response.status == 200);
            const auto etag = header(response, "ETag");
            CHECK((etag.size() > 2 && etag.front() == '"' && etag.back() == '"'));
            const auto again = app.send("GET", target, "", {headers[0], {"If-None-Match", etag}});
            CHECK(again.status == 304);
            CHECK(again.body.empty());
        }
    }
}

TEST_CASE("A list of documents was last modified when the newest of them was") {
    AppFixture app;
    CHECK(header(app.send("GET", state("")), "Last-Modified") == "(none)");
    REQUIRE(app.send("PUT", state("one"), R"({"a":1})", {{"If-None-Match", "*"}}).status == 204);
    CHECK(header(app.send("GET", state("")), "Last-Modified") == http::date(ModelStore::instant(1)));
}
