// Who may do what: every scope × method × syntax, and what a key sees of another store (xAPI 1.0.3 Part
// Three 4.0 and 1.3; the scopes are those of cmi5 and of OAuth in Part Three 4.2).
#include "tests/server/app_fixture.hpp"

#include "server/auth/scopes.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace {

using namespace leerspoor;
using namespace leerspoor::test;

const std::string id = "6690e6c9-3ef0-4ed3-8b37-7f3964730bee";
const std::string agent = "%7B%22mbox%22%3A%22mailto%3Aann%40example.com%22%7D";
const std::string activity = "http%3A%2F%2Fexample.com%2Factivities%2Fone";

struct Row {
    std::string method;
    std::string path;
    std::string query;
    std::string body;
    std::vector<std::string> scopes; // each of them alone is enough
};

const std::vector<std::string> read_statements{"all", "all/read", "statements/read", "statements/read/mine"};
const std::vector<std::string> write_statements{"all", "statements/write"};
const std::vector<std::string> read_all{"all", "all/read"};

std::vector<Row> rows() {
    std::vector<Row> all{
        {"GET", "/xapi/statements", "", "", read_statements},
        {"GET", "/xapi/statements", "statementId=" + id, "", read_statements},
        {"GET", "/xapi/statements", "voidedStatementId=" + id, "", read_statements},
        {"PUT", "/xapi/statements", "statementId=" + id, statement(), write_statements},
        {"POST", "/xapi/statements", "", statement(), write_statements},
        {"GET", "/xapi/activities", "activityId=" + activity, "", read_statements},
        {"GET", "/xapi/agents", "agent=" + agent, "", read_all},
    };
    const auto documents = [&](const std::string& path, const std::string& query, const std::string& id_name,
                               const std::string& scope) {
        const std::string one = query + "&" + id_name + "=x";
        all.push_back({"GET", path, one, "", {"all", "all/read", scope}});
        all.push_back({"GET", path, query, "", {"all", "all/read", scope}});
        all.push_back({"PUT", path, one, "{}", {"all", scope}});
        all.push_back({"POST", path, one, "{}", {"all", scope}});
        all.push_back({"DELETE", path, one, "", {"all", scope}});
    };
    documents("/xapi/activities/state", "activityId=" + activity + "&agent=" + agent, "stateId", "state");
    documents("/xapi/activities/profile", "activityId=" + activity, "profileId", "profile");
    documents("/xapi/agents/profile", "agent=" + agent, "profileId", "profile");
    return all;
}

http::Response ask(AppFixture& app, const Row& row, const std::string& key, bool alternate) {
    const auto authorization = basic(key, learner_secret);
    const std::string version = "1.0.3";
    if (!alternate) {
        Headers headers{{"Authorization", authorization}, {"X-Experience-API-Version", version}};
        if (!row.body.empty()) headers.emplace_back("Content-Type", "application/json");
        return app.send_bare(row.method, row.path + (row.query.empty() ? "" : "?" + row.query), row.body,
                             headers);
    }
    std::string form =
        "Authorization=" + http::percent_encode(authorization) + "&X-Experience-API-Version=" + version;
    if (!row.query.empty()) form += "&" + row.query;
    if (!row.body.empty())
        form += "&Content-Type=application%2Fjson&content=" + http::percent_encode(row.body);
    return app.send_bare("POST", row.path + "?method=" + row.method, form,
                         {{"Content-Type", "application/x-www-form-urlencoded"}});
}

} // namespace

TEST_CASE("Each scope alone allows what the table says, in both syntaxes, and nothing else") {
    AppFixture app;
    for (const auto scope : server::auth::scope_names()) {
        const std::string name(scope);
        app.add_key("key-" + name, {name});
    }
    for (const bool alternate : {false, true}) {
        for (const auto& row : rows()) {
            for (const auto scope : server::auth::scope_names()) {
                const std::string name(scope);
                INFO((alternate ? "alternate " : "")
                     << row.method << ' ' << row.path << '?' << row.query << " with " << name);
                const auto response = ask(app, row, "key-" + name, alternate);
                if (std::find(row.scopes.begin(), row.scopes.end(), name) == row.scopes.end()) {
                    CHECK(refusal(response) == "403 scope_missing");
                } else {
                    CHECK(response.status != 401);
                    CHECK(response.status != 403);
                    CHECK(response.status != 405);
                    CHECK(response.status < 500);
                }
            }
            CHECK(refusal(ask(app, row, "nobody", alternate)) == "401 credentials_invalid");
            app.now += std::chrono::hours(1);
        }
    }
}

TEST_CASE("Several scopes allow what each of them does") {
    AppFixture app;
    app.add_key("both", {"statements/read/mine", "state"});
    for (const auto& row : rows()) {
        INFO(row.method << ' ' << row.path << '?' << row.query);
        const bool allowed = row.scopes == read_statements || row.path == "/xapi/activities/state";
        CHECK((ask(app, row, "both", false).status == 403) == !allowed);
    }
}

TEST_CASE("A key sees, changes and collides with nothing of another store") {
    AppFixture app;
    app.add_key("here", {"all"}, storage::first_store);
    app.add_key("there", {"all"}, storage::first_store + 1);
    const bool alternate = GENERATE(false, true);
    const auto send = [&](const std::string& key, const Row& row) { return ask(app, row, key, alternate); };
    std::vector<Row> puts;
    for (const auto& row : rows()) {
        if (row.method != "PUT") continue;
        puts.push_back(row);
        puts.back().body = row.path == "/xapi/statements" ? statement() : R"({"of":"here"})";
    }
    for (const auto& row : puts) {
        INFO(row.path);
        Headers headers{{"Authorization", basic("here", learner_secret)},
                        {"X-Experience-API-Version", "1.0.3"},
                        {"Content-Type", "application/json"}};
        if (row.path != "/xapi/statements") headers.emplace_back("If-None-Match", "*");
        REQUIRE(app.send_bare("PUT", row.path + "?" + row.query, row.body, headers).status == 204);
    }
    for (const auto& row : puts) {
        INFO(row.path);
        const Row get{"GET", row.path, row.query, "", {}};
        CHECK(send("here", get).status == 200);
        CHECK(send("there", get).status == 404);
        // A different one under the same name is no conflict there, and changes nothing here.
        const Row other{row.path == "/xapi/statements" ? "PUT" : "POST",
                        row.path,
                        row.query,
                        row.path == "/xapi/statements" ? statement({}, "http://example.com/verbs/other")
                                                       : R"({"of":"there"})",
                        {}};
        const auto before = send("here", get).body;
        CHECK(send("there", other).status == 204);
        CHECK(send("there", get).status == 200);
        CHECK(send("here", get).body == before);
        if (row.path == "/xapi/statements") continue;
        CHECK(send("there", {"DELETE", row.path, row.query, "", {}}).status == 204);
        CHECK(send("here", get).body == before);
    }
    const auto list = json_of(send("here", {"GET", "/xapi/statements", "", "", {}}).body);
    CHECK(list.at("statements").as_array().size() == 1);
}
