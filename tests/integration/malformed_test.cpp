// Bad input never costs a 5xx: requests made wrong by rules, each answered 4xx with a code and a sentence,
// and nothing of them stored.
#include "tests/integration/lrs_client.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include <functional>
#include <string>
#include <vector>

namespace {

using namespace leerspoor::tests;
namespace json = boost::json;

struct Malformed {
    std::string rule;
    std::string method = "POST";
    std::string target = "/xapi/statements";
    std::string body = {};
    HttpFields fields = {{"Content-Type", "application/json"}};
};

const std::string whole = R"({"id":"11111111-1111-4111-8111-111111111111",
"actor":{"objectType":"Group","name":"team","mbox":"mailto:team@example.com","member":[
    {"objectType":"Agent","account":{"homePage":"http://example.com","name":"ann"}}]},
"verb":{"id":"http://example.com/verbs/did","display":{"nl":"deed"}},
"object":{"objectType":"Activity","id":"http://example.com/a","definition":{"name":{"nl":"a"},
    "type":"http://example.com/type","interactionType":"choice","correctResponsesPattern":["a"],
    "choices":[{"id":"a","description":{"nl":"eerste"}}]}},
"result":{"score":{"scaled":0.5,"raw":5,"min":0,"max":10},"success":true,"duration":"PT1S","response":"a"},
"context":{"registration":"22222222-2222-4222-8222-222222222222","language":"nl","platform":"web",
    "instructor":{"mbox":"mailto:ina@example.com"},"statement":{"objectType":"StatementRef",
    "id":"33333333-3333-4333-8333-333333333333"},
    "contextActivities":{"parent":[{"id":"http://example.com/p"}]}},
"timestamp":"2026-11-24T09:30:00Z","version":"1.0.0",
"attachments":[{"usageType":"http://example.com/u","display":{"nl":"b"},"contentType":"text/plain","length":3,
    "sha2":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","fileUrl":"http://example.com/f"}]})";

// Calls `visit` with every value below the statement, and how to put another in its place.
void each_place(json::value& root, json::value& here, const std::string& path,
                const std::function<void(const std::string& path, json::value& place)>& visit) {
    if (!path.empty()) visit(path, here);
    if (auto* object = here.if_object()) {
        for (auto& member : *object)
            each_place(root, member.value(), path + "/" + std::string(member.key()), visit);
    } else if (auto* array = here.if_array()) {
        for (std::size_t i = 0; i < array->size(); ++i)
            each_place(root, (*array)[i], path + "/" + std::to_string(i), visit);
    }
}

void add_statements(std::vector<Malformed>& all) {
    json::value statement = json::parse(whole);
    each_place(statement, statement, "", [&](const std::string& path, json::value& place) {
        const json::value kept = place;
        const auto wrong = [&](const std::string& what, const json::value& value) {
            place = value;
            all.push_back({path + " is " + what, "POST", "/xapi/statements", json::serialize(statement)});
            place = kept;
        };
        wrong("null", nullptr);
        wrong("a list in a list", json::array{json::array{}});
        if (!kept.is_bool()) wrong("true", true);
        if (!kept.is_number()) wrong("a number", -7.5);
        if (!kept.is_string()) wrong("a text", "no such thing");
        if (auto* object = place.if_object()) {
            (*object)["no_such_property"] = 1;
            all.push_back(
                {path + " has an unknown property", "POST", "/xapi/statements", json::serialize(statement)});
            place = kept;
        }
    });
    const std::string text = json::serialize(statement);
    for (std::size_t length = 1; length < text.size(); length += 5)
        all.push_back(
            {"cut after " + std::to_string(length), "POST", "/xapi/statements", text.substr(0, length)});
    all.push_back({"twice the same id", "POST", "/xapi/statements", "[" + text + "," + text + "]"});
    all.push_back({"a key twice", "POST", "/xapi/statements", R"({"actor":{},)" + text.substr(1)});
    all.push_back({"a number too large", "POST", "/xapi/statements", "[1e999]"});
    all.push_back({"invalid UTF-8", "POST", "/xapi/statements", "{\"\xff\":1}"});
    all.push_back(
        {"nested deeply", "POST", "/xapi/statements", std::string(500, '[') + std::string(500, ']')});
}

void add_queries(std::vector<Malformed>& all) {
    const std::string agent = "agent=" + percent_encode(R"({"mbox":"mailto:ann@example.com"})");
    const std::string activity = "activityId=http%3A%2F%2Fexample.com%2Fa";
    const std::vector<std::string> resources{"/xapi/statements?limit=1",
                                             "/xapi/activities/state?" + activity + "&" + agent,
                                             "/xapi/activities/profile?" + activity,
                                             "/xapi/agents/profile?" + agent,
                                             "/xapi/activities?" + activity,
                                             "/xapi/agents?" + agent};
    const std::vector<std::string> wrong{"&unknown=1",
                                         "&=1",
                                         "&%zz=1",
                                         "&Agent=1",
                                         "&since=never",
                                         "&agent=%7B",
                                         "&agent=ann",
                                         "&activityId=relative",
                                         "&limit=1%FF",
                                         "&%00=1",
                                         "&since=2026-13-01",
                                         "&registration=1",
                                         "&stateId=&stateId=",
                                         "&profileId=&profileId=",
                                         "&format=all"};
    for (const auto& resource : resources) {
        for (const auto& parameters : wrong)
            all.push_back({parameters, "GET", resource + parameters, "", {}});
    }
    for (const auto* value : {"-1", "1.5", "many", "", "0x10", "+1"})
        all.push_back({"limit", "GET", "/xapi/statements?limit=" + percent_encode(value), "", {}});
    for (const auto* name : {"ascending", "attachments", "related_agents", "related_activities"}) {
        for (const auto* value : {"True", "1", "yes", ""})
            all.push_back({name, "GET", std::string("/xapi/statements?") + name + "=" + value, "", {}});
    }
    for (const auto* name : {"statementId", "voidedStatementId", "registration", "more", "verb", "activity"})
        all.push_back(
            {name, "GET", std::string("/xapi/statements?") + name + "=%20no%20such%20thing", "", {}});
}

void add_types_and_parts(std::vector<Malformed>& all) {
    for (const auto* type :
         {"text/plain", "multipart/form-data; boundary=b", "multipart/mixed", "application/xml", "",
          "multipart/mixed; boundary=", "multipart/mixed; boundary=\"b", "application/jsonx"}) {
        all.push_back({std::string("Content-Type ") + type,
                       "POST",
                       "/xapi/statements",
                       "{}",
                       {{"Content-Type", type}}});
    }
    for (const auto* body :
         {"", "--b", "--b--", "--b\r\n", "--b\r\n\r\n", "--b\r\nContent-Type: application/json\r\n\r\n",
          "--b\r\nContent-Type: application/json\r\n\r\n{}\r\n--b", "--b\nContent-Type: a/b\n\n{}",
          "--b\r\nContent-Type: application/json\r\n\r\n{}\r\n--b--", "--b\r\n: no name\r\n\r\n{}\r\n--b--",
          "--b\r\nContent-Type: text/plain\r\n\r\n[]\r\n--b--",
          "--c\r\nContent-Type: application/json\r\n\r\n[]\r\n--c--"}) {
        all.push_back({std::string("parts ") + body,
                       "POST",
                       "/xapi/statements",
                       body,
                       {{"Content-Type", "multipart/mixed; boundary=b"}}});
    }
    for (const auto* version :
         {"", "3.0.0", "0.9", "1", "1.1.0", "2.1", "latest", "1.0x", "2.0.x", "2.0.0, 1.0.3"}) {
        all.push_back({std::string("version ") + version,
                       "GET",
                       "/xapi/statements",
                       "",
                       {{"X-Experience-API-Version", version}}});
    }
    for (const auto* path :
         {"/xapi", "/xapi/", "/xapi/statement", "/XAPI/statements", "/xapi/statements/", "/%2e%2e/"})
        all.push_back({std::string("path ") + path, "GET", path, "", {}});
    for (const auto* method : {"PATCH", "TRACE", "get", "DELETE", "PROPFIND"})
        all.push_back({std::string("method ") + method, method, "/xapi/statements", "", {}});
}

} // namespace

TEST_CASE("Every malformed request is refused with 4xx and a sentence, and leaves nothing behind") {
    std::vector<Malformed> all;
    add_statements(all);
    add_queries(all);
    add_types_and_parts(all);
    REQUIRE(all.size() >= 500);

    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    for (const auto& wrong : all) {
        LrsClient lrs(server);
        const auto answer = lrs.request(wrong.method, wrong.target, wrong.body, wrong.fields);
        INFO(wrong.rule << ": " << wrong.method << " " << wrong.target << " " << wrong.body.substr(0, 2000));
        CHECK(answer.status >= 400);
        CHECK(answer.status < 500);
        CHECK_FALSE(code_of(answer).empty());
    }
    LrsClient lrs(server);
    CHECK(lrs.ids("").empty());
    CHECK(lrs.post(whole).status == 200); // the statement itself is good
}
