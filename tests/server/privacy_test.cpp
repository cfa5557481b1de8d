// Persons: several identities that are one, and groups that are too small to be shown.
#include "server/app/organization.hpp"
#include "server/app/personas.hpp"
#include "server/cli/apis.hpp"
#include "spec/agent.hpp"
#include "tests/server/app_fixture.hpp"

#include <catch2/catch.hpp>

#include <boost/json/array.hpp>
#include <set>

using namespace leerspoor;
using namespace leerspoor::test;
namespace json = boost::json;

namespace {

struct PrivacyFixture : AppFixture {
    std::unique_ptr<server::Organization> organization = std::move(*server::Organization::load(store));
    std::unique_ptr<server::Personas> personas = std::move(*server::Personas::load(store));

    PrivacyFixture() {
        app = std::make_unique<server::App>(server::Services{store, settings, metrics, workers, arrivals,
                                                             nullptr, nullptr, nullptr, organization.get(),
                                                             personas.get()},
                                            server::cli::all_apis(), *authenticator, *log);
        add_key("dashboard", {"analytics"});
    }

    // Statements of learners 0 to `learners` - 1 about one activity.
    void learn(const std::string& activity, int learners, int from = 0) {
        for (int i = from; i < from + learners; ++i) {
            const auto said = send("POST", "/xapi/statements",
                                   R"({"actor":{"mbox":"mailto:p)" + std::to_string(i) +
                                       R"(@b.nl"},"verb":{"id":"http://a.b/v"},"object":{"id":"http://a.b/)" +
                                       activity + R"("}})");
            REQUIRE(said.status == 200);
        }
    }
    http::Response ask(const std::string& query, const std::string& path = "query",
                       const std::string& key = "learner") {
        return send("POST", "/api/v1/analytics/" + path, query,
                    {{"Authorization", basic(key, learner_secret)}});
    }
    std::string rows(const std::string& query, const std::string& key = "learner") {
        const auto response = ask(query, "query", key);
        INFO(response.body);
        REQUIRE(response.status == 200);
        return json::serialize(json_of(response.body).at("rows"));
    }
};

std::string mailbox(int number) {
    return "mbox mailto:p" + std::to_string(number) + "@b.nl";
}

} // namespace

TEST_CASE_METHOD(PrivacyFixture, "Who is joined is one learner in every number, and parted again two",
                 "[privacy]") {
    learn("x", 6);
    learn("y", 3, 4);
    const std::string count = R"({"measures":["learners","statements"]})";
    CHECK(rows(count) == "[[7,9]]");
    const auto joined = personas->join("Ann", {mailbox(1), mailbox(5), mailbox(99)});
    REQUIRE(joined.has_value());
    CHECK(rows(count) == "[[6,9]]");
    CHECK(rows(R"({"measures":["statements"],"dimensions":["learner"],"limit":1})") ==
          R"([["{\"mbox\":\"mailto:p1@b.nl\"}",3]])");
    // Each of the identities finds all of them.
    for (const int number : {1, 5}) {
        CHECK(rows(R"({"measures":["statements"],"filter":{"learner":{"mbox":"mailto:p)" +
                   std::to_string(number) + R"(@b.nl"}}})") == "[[3]]");
        CHECK(rows(R"({"measures":["statements"],"filter":{"not":{"learner":{"mbox":"mailto:p)" +
                   std::to_string(number) + R"(@b.nl"}}}})") == "[[6]]");
    }
    const auto funnel =
        ask(R"({"steps":[{"filter":{"activity":"http://a.b/x"}},{"filter":{"activity":"http://a.b/y"}}]})",
            "funnel");
    CHECK(json::serialize(json_of(funnel.body).at("rows").at(1).at(1)) == "2");
    CHECK(personas->join("", {mailbox(1), mailbox(2)}).error().code == "persona_taken");
    CHECK(personas->join("", {mailbox(2)}).error().code == "persona_invalid");
    CHECK(personas->join("", {mailbox(2), mailbox(2)}).error().code == "persona_invalid");
    // Also after a restart.
    CHECK((*server::Personas::load(store))->all().size() == 1);
    CHECK(*personas->part(joined->id));
    CHECK_FALSE(*personas->part(joined->id));
    CHECK(rows(count) == "[[7,9]]");
}

TEST_CASE_METHOD(PrivacyFixture, "An answer that was kept is asked for anew when who is one person changes",
                 "[privacy]") {
    learn("x", 2);
    const std::string query = R"({"measures":["learners"]})";
    const auto etag = header(ask(query), "ETag");
    const auto again = [&] {
        return send("POST", "/api/v1/analytics/query", query, {{"If-None-Match", etag}}).status;
    };
    CHECK(again() == 304);
    REQUIRE(personas->join("", {mailbox(0), mailbox(1)}).has_value());
    CHECK(again() == 200);
}

TEST_CASE_METHOD(PrivacyFixture, "Groups of few are not shown to who may not see persons", "[privacy]") {
    learn("large", 9);
    learn("middle", 6, 20);
    const std::string by_activity = R"({"measures":["statements"],"dimensions":["activity"],"totals":true})";
    CHECK(rows(by_activity, "dashboard") == R"([["http://a.b/large",9],["http://a.b/middle",6]])");
    learn("small", 4, 40);
    // Nor can the small one be found by subtraction: the next hides with it.
    CHECK(rows(by_activity, "dashboard") == R"([["http://a.b/large",9]])");
    CHECK(rows(by_activity) == R"([["http://a.b/large",9],["http://a.b/middle",6],["http://a.b/small",4]])");
    const auto answer = json_of(ask(by_activity, "query", "dashboard").body);
    CHECK(answer.at("hidden") == json::value(2));
    CHECK(answer.at("totals").at(1) == json::value(19));
    const std::string others =
        R"({"measures":["statements"],"dimensions":["activity"],"limit":1,"others":true})";
    CHECK(rows(others, "dashboard") == R"([["http://a.b/large",9],[{"others":true},10]])");
    CHECK(rows(R"({"measures":["statements"],"filter":{"activity":"http://a.b/small"}})", "dashboard") ==
          "[[null]]");
    CHECK(rows(R"({"measures":["statements"],"filter":{"activity":"http://a.b/none"}})", "dashboard") ==
          "[[0]]");
    REQUIRE(organization->change({{"smallest_group", 4}}).has_value());
    CHECK(rows(R"({"measures":["statements"],"filter":{"activity":"http://a.b/small"}})", "dashboard") ==
          "[[4]]");
}

TEST_CASE_METHOD(PrivacyFixture, "Persons are neither dimension nor filter for who may not see them",
                 "[privacy]") {
    learn("x", 9);
    for (const auto* query :
         {R"({"measures":["statements"],"dimensions":["learner"]})",
          R"({"measures":["statements"],"dimensions":["verb","registration"]})",
          R"({"measures":["statements"],"dimensions":["instructor"]})",
          R"({"measures":["statements"],"filter":{"agent":{"mbox":"mailto:p1@b.nl"}}})",
          R"({"measures":["statements"],"filter":{"not":{"learner":{"mbox":"mailto:p1@b.nl"}}}})",
          R"({"measures":["statements"],"filter":{"name":{"learner":"p"}}})"}) {
        INFO(query);
        CHECK(refusal(ask(query, "query", "dashboard")) == "403 analytics_persons_hidden");
        CHECK(ask(query).status == 200);
    }
    CHECK(refusal(ask("{}", "matrix", "dashboard")) == "403 analytics_persons_hidden");
    CHECK(refusal(ask(R"({"filter":{"learner":{"mbox":"mailto:p1@b.nl"}}})", "cohorts", "dashboard")) ==
          "403 analytics_persons_hidden");
    CHECK(refusal(ask(R"({"steps":[{},{"filter":{"learner":{"mbox":"mailto:p1@b.nl"}}}]})", "funnel",
                      "dashboard")) == "403 analytics_persons_hidden");
    learn("y", 2);
    const auto funnel =
        ask(R"({"steps":[{"filter":{"activity":"http://a.b/x"}},{"filter":{"activity":"http://a.b/y"}}]})",
            "funnel", "dashboard");
    CHECK(json::serialize(json_of(funnel.body).at("rows")) == R"([["1",9,1E0,1E0],["2",null,null,null]])");
    // A small person's answer was kept by nobody for somebody else.
    CHECK(header(ask(R"({"measures":["statements"]})", "query", "dashboard"), "ETag") !=
          header(ask(R"({"measures":["statements"]})"), "ETag"));
}

TEST_CASE_METHOD(PrivacyFixture, "The organisation's settings are kept, and refused with the place",
                 "[privacy]") {
    REQUIRE(
        organization->change({{"name_nl", "Academie"}, {"accent", "#7a1f5c"}, {"zone", "Europe/Amsterdam"}})
            .has_value());
    const auto again = (*server::Organization::load(store))->settings();
    CHECK(again.dutch_name == "Academie");
    CHECK(again.accent == "#7a1f5c");
    CHECK(again.smallest_group == 5);
    const auto refused = [&](const json::object& wanted) {
        const auto changed = organization->change(wanted);
        return changed ? std::string("taken") : changed.error().code + " " + changed.error().pointer;
    };
    CHECK(refused({{"accent", "#ffee00"}}) == "organization_invalid /accent"); // cannot be read on white
    CHECK(refused({{"accent", "red"}}) == "organization_invalid /accent");
    CHECK(refused({{"zone", "Europe/Leerspoor"}}) == "organization_invalid /zone");
    CHECK(refused({{"smallest_group", 0}}) == "organization_invalid /smallest_group");
    CHECK(refused({{"name_nl", std::string(101, 'x')}}) == "organization_invalid /name_nl");
    CHECK(refused({{"colour", "#000000"}}) == "organization_invalid /colour");
    CHECK(organization->settings().dutch_name == "Academie");
    CHECK(json_of(send_bare("GET", "/api/v1/organization", "", {}).body).at("name_nl") ==
          json::value("Academie"));
}
