#include "app_fixture.hpp"

#include "server/http/date.hpp"
#include "server/http/percent.hpp"
#include "server/xapi/answer.hpp"
#include "server/xapi/more_token.hpp"
#include "server/xapi/query_parameters.hpp"
#include "spec/base/base64.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace leerspoor;
using namespace leerspoor::test;

namespace {

const std::string id_one = "11111111-1111-4111-8111-111111111111";

std::string get(AppFixture& app, const std::string& query) {
    return refusal(app.send("GET", "/xapi/statements?" + query));
}

std::size_t count(AppFixture& app, const std::string& query) {
    const auto response = app.send("GET", "/xapi/statements?" + query);
    INFO(response.body);
    REQUIRE(response.status == 200);
    return json_of(response.body).at("statements").as_array().size();
}

} // namespace

TEST_CASE("A statement is found by its id, with ETag and Last-Modified") {
    AppFixture app;
    app.send("PUT", "/xapi/statements?statementId=" + id_one, statement());
    const auto response = app.send("GET", "/xapi/statements?statementId=" + id_one);
    CHECK(response.status == 200);
    CHECK(header(response, "Content-Type") == "application/json");
    CHECK(header(response, "Last-Modified") == server::http::date(ModelStore::instant(1)));
    CHECK(header(response, "ETag") == "\"" + server::xapi::sha1_of(response.body) + "\"");
    CHECK(text(json_of(response.body).at("stored")) == spec::format_timestamp(ModelStore::instant(1)));
    const auto again = app.send("GET", "/xapi/statements?statementId=" + id_one, "",
                                {{"If-None-Match", "\"x\", W/" + header(response, "ETag")}});
    CHECK(again.status == 304);
    CHECK(again.body.empty());
    CHECK(app.send("HEAD", "/xapi/statements?statementId=" + id_one).status == 200);
}

TEST_CASE("An unknown statement is 404, and a voided one is found as voided only") {
    AppFixture app;
    CHECK(get(app, "statementId=" + id_one) == "404 statement_unknown");
    CHECK(get(app, "voidedStatementId=" + id_one) == "404 statement_unknown");
    app.send("PUT", "/xapi/statements?statementId=" + id_one, statement());
    CHECK(get(app, "voidedStatementId=" + id_one) == "404 statement_unknown");
    auto voiding = json_of(statement({}, "http://adlnet.gov/expapi/verbs/voided"));
    voiding.as_object()["object"] = {{"objectType", "StatementRef"}, {"id", id_one}};
    CHECK(app.send("POST", "/xapi/statements", boost::json::serialize(voiding)).status == 200);
    CHECK(get(app, "statementId=" + id_one) == "404 statement_unknown");
    CHECK(app.send("GET", "/xapi/statements?voidedStatementId=" + id_one).status == 200);
}

TEST_CASE("One statement is asked for with attachments and format only") {
    AppFixture app;
    app.send("PUT", "/xapi/statements?statementId=" + id_one, statement());
    CHECK(app.send("GET", "/xapi/statements?attachments=false&format=ids&statementId=" + id_one).status ==
          200);
    CHECK(get(app, "statementId=" + id_one + "&voidedStatementId=" + id_one) ==
          "400 query_parameter_conflict");
    const std::string agent = "agent=" + http::percent_encode(R"({"mbox":"mailto:ann@example.com"})");
    for (const std::string& other :
         {std::string("verb=http%3A%2F%2Fexample.com%2Fv"), agent,
          std::string("activity=http%3A%2F%2Fa.b%2Fc"), "registration=" + id_one,
          std::string("related_activities=true"), std::string("related_agents=true"),
          std::string("since=2026-01-01T00%3A00%3A00Z"), std::string("until=2026-01-01T00%3A00%3A00Z"),
          std::string("limit=1"), std::string("ascending=true")}) {
        std::string rest = id_one;
        rest.append("&").append(other);
        CHECK(get(app, "statementId=" + rest) == "400 query_parameter_conflict");
        CHECK(get(app, "voidedStatementId=" + rest) == "400 query_parameter_conflict");
    }
}

TEST_CASE("Query parameters are taken only as the specification has them") {
    AppFixture app;
    CHECK(get(app, "unknown=1") == "400 query_parameter_unknown");
    CHECK(get(app, "Verb=http%3A%2F%2Fa.b") == "400 query_parameter_case");
    CHECK(get(app, "statementid=" + id_one) == "400 query_parameter_case");
    CHECK(get(app, "limit=1&limit=2") == "400 query_parameter_repeated");
    CHECK(get(app, "verb=%zz") == "400 query_invalid");
    CHECK(get(app, "verb=%ff") == "400 query_invalid");
    for (const std::string wrong :
         {"statementId=7", "verb=not-an-iri", "activity=", "registration=abc", "related_activities=1",
          "related_agents=True", "ascending=yes", "attachments=", "since=yesterday",
          "until=2026-13-01T00:00:00Z", "limit=-1", "limit=1.5", "limit=", "limit=+1", "format=EXACT",
          "format="}) {
        CHECK(get(app, wrong) == "400 query_parameter_invalid");
    }
    for (const std::string agent : {"7", "{", "{}", R"({"name":"Ann"})", R"({"mbox":"ann"})",
                                    R"({"objectType":"Group","member":[{"mbox":"mailto:a@b.c"}]})"}) {
        INFO(agent);
        CHECK(app.send("GET", "/xapi/statements?agent=" + http::percent_encode(agent)).status == 400);
    }
}

TEST_CASE("limit is kept, zero and more than the maximum mean the maximum") {
    AppFixture app;
    app.settings.max_page_statements = 4;
    app.settings.default_page_statements = 3;
    std::string batch = "[" + statement();
    for (int i = 0; i < 9; ++i) batch += "," + statement();
    app.send("POST", "/xapi/statements", batch + "]");
    CHECK(count(app, "limit=2") == 2);
    CHECK(count(app, "limit=0") == 4);
    CHECK(count(app, "limit=999999999999999999999999") == 4);
    CHECK(count(app, "") == 3);
}

TEST_CASE("A page of large statements is short, and more leads on to all of them") {
    AppFixture app;
    app.settings.max_page_bytes = 1;
    app.send("POST", "/xapi/statements", "[" + statement() + "," + statement() + "," + statement() + "]");
    std::string target = "/xapi/statements?limit=100";
    std::set<std::string> ids;
    for (int page = 1; page <= 3; ++page) {
        const auto answer = json_of(app.send("GET", target).body);
        REQUIRE(answer.at("statements").as_array().size() == 1);
        ids.insert(text(answer.at("statements").at(0).at("id")));
        target = text(answer.at("more"));
        CHECK(target.empty() == (page == 3));
    }
    CHECK(ids.size() == 3);
}

TEST_CASE("A large page is made while it is sent") {
    AppFixture app;
    app.settings.max_page_statements = 2000;
    std::string batch;
    const std::string long_name(2'000, 'x');
    constexpr int statements = 600;
    for (int i = 0; i < statements; ++i)
        batch += (i == 0 ? "[" : ",") + statement({}, "http://a.b/" + long_name + std::to_string(i));
    REQUIRE(app.send("POST", "/xapi/statements", batch + "]").status == 200);

    const auto verbs_of = [](const boost::json::value& page) {
        std::vector<std::string> verbs;
        for (const auto& one : page.at("statements").as_array())
            verbs.push_back(text(one.at("verb").at("id")));
        return verbs;
    };
    const auto response = app.send("GET", "/xapi/statements?limit=500");
    const auto first = json_of(response.body);
    const auto verbs = verbs_of(first);
    REQUIRE(verbs.size() == 500);
    for (int i = 0; i < 500; ++i) CHECK(verbs[i].ends_with("x" + std::to_string(statements - 1 - i)));
    CHECK(app.largest_piece > 0);
    CHECK(app.largest_piece < 300'000);
    CHECK(header(response, "Last-Modified") != "(none)");
    const auto rest = json_of(app.send("GET", text(first.at("more"))).body);
    CHECK(verbs_of(rest).size() == 100);
    CHECK(text(rest.at("more")).empty());
    CHECK(text(json_of(app.send("GET", "/xapi/statements?limit=600").body).at("more")).empty());

    // From old to new the last of them is told in the head: a page is made whole, and smaller.
    app.largest_piece = 0;
    const auto old = json_of(app.send("GET", "/xapi/statements?ascending=true&limit=600").body);
    CHECK(app.largest_piece == 0);
    const auto olds = verbs_of(old);
    CHECK(olds.size() > 400);
    CHECK(olds.size() < 600);
    CHECK(olds.front().ends_with("x0"));
    CHECK(!text(old.at("more")).empty());
}

TEST_CASE("Filters narrow the page, together") {
    AppFixture app;
    app.send("POST", "/xapi/statements",
             "[" + statement({}, "http://a.b/v1", "mailto:ann@example.com") + "," +
                 statement({}, "http://a.b/v2", "mailto:ann@example.com") + "," +
                 statement({}, "http://a.b/v1", "mailto:bob@example.com") + "]");
    const std::string ann = "agent=" + http::percent_encode(R"({"mbox":"mailto:ann@example.com"})");
    CHECK(count(app, ann) == 2);
    CHECK(count(app, ann + "&verb=http%3A%2F%2Fa.b%2Fv1") == 1);
    CHECK(count(app, "activity=http%3A%2F%2Fexample.com%2Factivities%2Fone") == 3);
    CHECK(count(app, "activity=http%3A%2F%2Fexample.com%2Factivities%2Fother") == 0);
    const auto second = http::percent_encode(spec::format_timestamp(ModelStore::instant(2)));
    CHECK(count(app, "since=" + second) == 1);
    CHECK(count(app, "until=" + second) == 2);
    const std::string key = R"({"account":{"homePage":"https://leerspoor.local","name":"learner"}})";
    CHECK(count(app, "agent=" + http::percent_encode(key)) == 0);
    CHECK(count(app, "related_agents=true&agent=" + http::percent_encode(key)) == 3);
}

TEST_CASE("A page without matches is an empty list without more") {
    AppFixture app;
    CHECK(app.send("GET", "/xapi/statements").body == R"({"statements":[],"more":""})");
}

TEST_CASE("exact gives the stored bytes, ids and canonical what they promise") {
    AppFixture app;
    auto body = json_of(statement(id_one));
    body.as_object()["actor"].as_object()["name"] = "Ann";
    body.as_object()["verb"].as_object()["display"] = {{"en", "did"}, {"nl", "deed"}};
    body.as_object()["object"].as_object()["definition"] = {{"name", {{"en", "one"}, {"nl", "een"}}}};
    app.send("POST", "/xapi/statements", boost::json::serialize(body));
    const auto stored = app.store.find_statement(storage::first_store, *spec::parse_uuid(id_one), false);
    REQUIRE(stored.has_value());
    CHECK(app.send("GET", "/xapi/statements").body ==
          "{\"statements\":[" + (*stored)->bytes + "],\"more\":\"\"}");
    CHECK(app.send("GET", "/xapi/statements?statementId=" + id_one).body == (*stored)->bytes);

    const auto ids = json_of(app.send("GET", "/xapi/statements?format=ids&statementId=" + id_one).body);
    CHECK_FALSE(ids.at("actor").as_object().contains("name"));
    CHECK_FALSE(ids.at("object").as_object().contains("definition"));
    const auto dutch = json_of(app.send("GET", "/xapi/statements?format=canonical&statementId=" + id_one, "",
                                        {{"Accept-Language", "nl"}})
                                   .body);
    CHECK(boost::json::serialize(dutch.at("object").at("definition").at("name")) == R"({"nl":"een"})");
}

TEST_CASE("attachments=true is answered as multipart/mixed with the JSON first") {
    AppFixture app;
    app.send("PUT", "/xapi/statements?statementId=" + id_one, statement());
    for (const std::string& query : {std::string(), "&statementId=" + id_one}) {
        const auto response = app.send("GET", "/xapi/statements?attachments=true" + query);
        const auto type = header(response, "Content-Type");
        REQUIRE(type.starts_with("multipart/mixed; boundary="));
        const auto boundary = type.substr(type.find('=') + 1);
        CHECK(response.body.starts_with("--" + boundary + "\r\nContent-Type: application/json\r\n\r\n{"));
        CHECK(response.body.ends_with("}\r\n--" + boundary + "--\r\n"));
    }
}

TEST_CASE("more leads through every statement once, in both orders, while others write") {
    AppFixture app;
    const bool ascending = GENERATE(false, true);
    std::string batch = "[" + statement();
    for (int i = 1; i < 10; ++i) batch += "," + statement();
    app.send("POST", "/xapi/statements", batch + "]");
    std::set<std::string> seen;
    std::vector<std::string> stored;
    std::string next =
        std::string("/xAPI//statements?limit=3&format=ids&ascending=") + (ascending ? "true" : "false");
    int pages = 0;
    while (!next.empty()) {
        const auto response = app.send("GET", next);
        REQUIRE(response.status == 200);
        const auto page = json_of(response.body);
        for (const auto& each : page.at("statements").as_array()) {
            CHECK(seen.insert(std::string(each.at("id").as_string())).second);
            stored.emplace_back(each.at("stored").as_string());
        }
        next = std::string(page.at("more").as_string());
        if (!next.empty()) CHECK(next.starts_with("/xAPI/statements?more="));
        app.send("POST", "/xapi/statements", statement());
        REQUIRE(++pages < 10);
    }
    CHECK(pages == 4);
    CHECK(seen.size() == 10);
    CHECK(ascending == std::is_sorted(stored.begin(), stored.end()));
}

TEST_CASE("A more token keeps the whole request") {
    server::xapi::StatementsRequest request;
    request.query.terms = {{spec::Filter::verb, "http://a.b/\"v\""},
                           {spec::Filter::agent, "mbox mailto:a@b.c"}};
    request.query.since = ModelStore::instant(1);
    request.query.until = ModelStore::instant(2);
    request.query.ascending = true;
    request.query.limit = 17;
    request.query.after = 40;
    request.query.snapshot = 50;
    request.format = spec::Format::canonical;
    request.attachments = true;
    const auto token = server::xapi::make_more_token(request);
    const auto read = server::xapi::parse_more_token(token, 1000);
    REQUIRE(read.has_value());
    CHECK(read->query.terms == request.query.terms);
    CHECK(read->query.since == request.query.since);
    CHECK(read->query.until == request.query.until);
    CHECK(read->query.ascending);
    CHECK(read->query.limit == 17);
    CHECK(read->query.after == 40u);
    CHECK(read->query.snapshot == 50u);
    CHECK(read->format == spec::Format::canonical);
    CHECK(read->attachments);
    CHECK(server::xapi::parse_more_token(token, 5)->query.limit == 5);
}

TEST_CASE("A more token keeps every instant that a query can name") {
    for (const auto* instant : {"0000-01-01T00:00:00%2B14:00", "0000-12-31T00:00:00Z", "1970-01-01T00:00:00Z",
                                "9999-12-31T23:59:59.999999-12:00"}) {
        INFO(instant);
        auto request = server::xapi::parse_statements_request(
            std::string("since=") + instant + "&until=" + instant, spec::Version::v1_0_3, {});
        REQUIRE(request.has_value());
        request->query.after = 1;
        request->query.snapshot = 1;
        const auto read = server::xapi::parse_more_token(server::xapi::make_more_token(*request), 1000);
        REQUIRE(read.has_value());
        CHECK(read->query.since == request->query.since);
        CHECK(read->query.until == request->query.until);
    }
}

TEST_CASE("A more token that nobody gave is refused") {
    AppFixture app;
    const auto more = [&](const std::string& token) { return get(app, "more=" + token); };
    CHECK(more("") == "400 more_invalid");
    CHECK(more("!!!") == "400 more_invalid");
    for (const std::string text :
         {"7", "[]", "{}", R"({"n":1})", R"({"n":-1,"p":1})", R"({"n":1,"p":1,"x":1})",
          R"({"n":1,"p":1,"l":0})", R"({"n":1,"p":1,"f":9})", R"({"n":1,"p":1,"t":[[0,"a"]]})",
          R"({"n":1,"p":1,"t":[[7,"a"]]})", R"({"n":1,"p":1,"t":[[1]]})", R"({"n":1,"p":1,"t":[[1,2]]})",
          R"({"n":1.5,"p":1})", R"({"n":1,"p":1,"s":9223372036854775807})", R"({"n":1,"p":1,"a":1})"}) {
        INFO(text);
        CHECK(more(spec::base64url_encode(text)) == "400 more_invalid");
    }
    CHECK(get(app, "limit=1&more=" + spec::base64url_encode(R"({"n":1,"p":1})")) ==
          "400 query_parameter_conflict");
    CHECK(app.send("GET", "/xapi/statements?more=" + spec::base64url_encode(R"({"n":1,"p":1})")).status ==
          200);
}

TEST_CASE("A store's statements are seen by its own keys only") {
    AppFixture app;
    app.add_key("neighbour", {"all"}, 2);
    app.send("PUT", "/xapi/statements?statementId=" + id_one, statement());
    const Headers neighbour = {{"Authorization", basic("neighbour", learner_secret)}};
    CHECK(app.send("GET", "/xapi/statements?statementId=" + id_one, "", neighbour).status == 404);
    CHECK(app.send("GET", "/xapi/statements", "", neighbour).body == R"({"statements":[],"more":""})");
}

TEST_CASE("Dates in headers are those of RFC 9110") {
    CHECK(server::http::date(spec::Instant(std::chrono::seconds(784'111'777))) ==
          "Sun, 06 Nov 1994 08:49:37 GMT");
}
