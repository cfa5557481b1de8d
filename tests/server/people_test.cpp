// People sign in: by an invitation that is good once, with a name and a password, in sessions that they can
// end.
#include "server/app/organization.hpp"
#include "server/app/personas.hpp"
#include "server/app/session_cookie.hpp"
#include "server/auth/people.hpp"
#include "server/cli/apis.hpp"
#include "server/control/commands.hpp"
#include "spec/base/json.hpp"
#include "tests/server/app_fixture.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace leerspoor;
using namespace leerspoor::test;
namespace auth = server::auth;

namespace {

constexpr std::string_view password = "a long enough password";

struct PeopleFixture : AppFixture {
    spec::Instant time = ModelStore::instant(0);
    std::unique_ptr<auth::People> people;
    std::unique_ptr<server::Organization> organization;
    std::unique_ptr<server::Personas> personas;
    std::unique_ptr<server::App> signing_in;

    PeopleFixture() { load(); }

    void load() {
        auth::PeopleOptions options;
        options.cost = {8, 1};
        options.throttle.failures = 3;
        options.throttle.now = [this] { return now; };
        options.now = [this] { return time; };
        people = std::move(*auth::People::load(store, std::move(options)));
        organization = std::move(*server::Organization::load(store));
        personas = std::move(*server::Personas::load(store));
        app = std::make_unique<server::App>(
            server::Services{store,          settings,          metrics,
                             workers,        arrivals,          people.get(),
                             keys.get(),     log.get(),         organization.get(),
                             personas.get(), checkpoints.get(), exports.get(),
                             erasures.get(), relays.get(),      nullptr,
                             nullptr,        library.get(),     &launches,
                             lms.get(),      scorm.get(),       lms.get()},
            server::cli::all_apis(), *authenticator, *log);
    }

    // The cookie's value of an answer, and the token against cross-site requests.
    struct Signed {
        std::string cookie;
        std::string csrf;
    };
    static Signed signed_in(const http::Response& response) {
        const auto cookie = header(response, "Set-Cookie");
        return {cookie.substr(0, cookie.find(';')), text(json_of(response.body).at("csrf"))};
    }

    Signed account(auth::Role role, const std::string& name) {
        const auto invitation = people->invite(role);
        const auto response =
            post("/api/v1/invitations/" + invitation->token,
                 R"({"name":")" + name + R"(","password":")" + std::string(password) + "\"}");
        INFO(response.body);
        REQUIRE(response.status == 201);
        return signed_in(response);
    }

    http::Response post(const std::string& target, const std::string& body, const Headers& more = {}) {
        Headers headers{{"Content-Type", "application/json"}};
        headers.insert(headers.end(), more.begin(), more.end());
        return send_bare("POST", target, body, headers);
    }
    http::Response as(const Signed& who, const std::string& method, const std::string& target,
                      const std::string& body = {}) {
        return send_bare(method, target, body,
                         {{"Content-Type", "application/json"},
                          {"Cookie", "a=b; " + who.cookie},
                          {"X-CSRF-Token", who.csrf}});
    }
    http::Response sign_in(const std::string& name, const std::string& secret) {
        return post("/api/v1/session", R"({"name":")" + name + R"(","password":")" + secret + "\"}");
    }
};

} // namespace

TEST_CASE("An invitation makes an account once, and signs in") {
    PeopleFixture app;
    CHECK(app.people->empty());
    const auto forgotten = *app.people->invite(auth::Role::administrator);
    const auto invitation = *app.people->invite(auth::Role::administrator);
    CHECK(app.send_bare("GET", "/api/v1/invitations/" + forgotten.token, "", {}).status == 404);
    const auto target = "/api/v1/invitations/" + invitation.token;
    CHECK(text(json_of(app.send_bare("GET", target, "", {}).body).at("role")) == "administrator");
    CHECK(refusal(app.post(target, R"({"name":"Ann","password":"short"})")) ==
          "400 password_too_short /password");
    CHECK(refusal(app.post(target, R"({"name":" Ann","password":"a long enough password"})")) ==
          "400 person_name_invalid /name");
    const auto made = app.post(target, R"({"name":"Ann","password":"a long enough password"})");
    REQUIRE(made.status == 201);
    const auto cookie = header(made, "Set-Cookie");
    for (const std::string part :
         {"__Host-leerspoor=", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"}) {
        INFO(part);
        CHECK(cookie.find(part) != std::string::npos);
    }
    CHECK(header(made, "Cache-Control") == "no-store");
    const auto who = PeopleFixture::signed_in(made);
    const auto session = json_of(app.as(who, "GET", "/api/v1/session").body);
    CHECK(text(session.at("person")) == "Ann");
    CHECK(text(session.at("role")) == "administrator");
    CHECK(refusal(app.post(target, R"({"name":"Bob","password":"a long enough password"})")) ==
          "404 invitation_invalid");
    CHECK(app.send_bare("GET", target, "", {}).status == 404);

    // The first account is there: now each is good.
    const auto one = *app.people->invite(auth::Role::analyst);
    app.people->invite(auth::Role::analyst);
    CHECK(app.send_bare("GET", "/api/v1/invitations/" + one.token, "", {}).status == 200);
    const auto later = *app.people->invite(auth::Role::analyst);
    app.time += std::chrono::days(7);
    CHECK(refusal(app.post("/api/v1/invitations/" + later.token,
                           R"({"name":"B","password":"a long enough password"})")) ==
          "404 invitation_invalid");
}

TEST_CASE("A name and a password sign in, and guessing is slowed down") {
    PeopleFixture app;
    app.account(auth::Role::analyst, "Zoë");
    CHECK(app.sign_in("Zoë", std::string(password)).status == 200);
    CHECK(refusal(app.sign_in("Zoë", "another long password")) == "401 sign_in_refused");
    CHECK(refusal(app.sign_in("Nobody", std::string(password))) == "401 sign_in_refused");
    CHECK(app.sign_in("Zoë", "another long password").status == 401);
    CHECK(app.sign_in("Zoë", "another long password").status == 401);
    const auto locked = app.sign_in("Zoë", std::string(password));
    CHECK(refusal(locked) == "429 sign_in_throttled");
    CHECK(header(locked, "Retry-After") == "60");
    app.now += std::chrono::minutes(2);
    CHECK(app.sign_in("Zoë", std::string(password)).status == 200);
}

TEST_CASE("A browser is not made to ask for a key by itself") {
    PeopleFixture app;
    CHECK(header(app.send_bare("GET", "/api/v1/session", "", {{"Sec-Fetch-Mode", "cors"}}),
                 "WWW-Authenticate") == "(none)");
    CHECK(header(app.send_bare("GET", "/api/v1/session", "", {}), "WWW-Authenticate") != "(none)");
}

TEST_CASE("A session ends by signing out, by its owner, with time, and with its person") {
    PeopleFixture app;
    const auto ann = app.account(auth::Role::administrator, "Ann");
    const auto bob = app.account(auth::Role::analyst, "Bob");
    app.time += std::chrono::hours(1);
    const auto second = PeopleFixture::signed_in(app.sign_in("Bob", std::string(password)));
    const auto sessions = json_of(app.as(bob, "GET", "/api/v1/sessions").body).at("items").as_array();
    REQUIRE(sessions.size() == 2);
    // Not somebody else's.
    const auto id = text(sessions[1].at("id"));
    CHECK(refusal(app.as(ann, "DELETE", "/api/v1/sessions/" + id)) == "404 session_unknown");
    CHECK(app.as(bob, "DELETE", "/api/v1/sessions/" + id).status == 204);
    CHECK(refusal(app.as(second, "GET", "/api/v1/session")) == "401 session_ended");
    const auto out = app.as(bob, "DELETE", "/api/v1/session");
    CHECK(out.status == 204);
    CHECK(header(out, "Set-Cookie").find("Max-Age=0") != std::string::npos);
    CHECK(app.as(bob, "GET", "/api/v1/session").status == 401);

    const auto third = PeopleFixture::signed_in(app.sign_in("Bob", std::string(password)));
    app.load(); // a restart
    CHECK(app.as(third, "GET", "/api/v1/session").status == 200);
    CHECK(app.as(ann, "DELETE", "/api/v1/people/Bob").status == 204);
    CHECK(app.as(third, "GET", "/api/v1/session").status == 401);
    CHECK(app.sign_in("Bob", std::string(password)).status == 401);
    CHECK(refusal(app.as(ann, "DELETE", "/api/v1/people/Ann")) == "409 last_administrator");
    app.load();
    CHECK(app.people->list().size() == 1);
    app.time += std::chrono::days(14);
    CHECK(app.as(ann, "GET", "/api/v1/session").status == 401);
}

TEST_CASE("A new password ends the sessions of the old one") {
    PeopleFixture app;
    const auto ann = app.account(auth::Role::administrator, "Ann");
    const auto bob = app.account(auth::Role::trainer, "Bob");
    const auto made = app.as(ann, "POST", "/api/v1/invitations", R"({"reset_of":"Bob"})");
    REQUIRE(made.status == 201);
    const auto target = "/api/v1/invitations/" + text(json_of(made.body).at("token"));
    CHECK(text(json_of(app.send_bare("GET", target, "", {}).body).at("name")) == "Bob");
    const auto reset = app.post(target, R"({"name":"Ann","password":"quite another password"})");
    REQUIRE(reset.status == 201);
    CHECK(text(json_of(reset.body).at("person")) == "Bob");
    CHECK(text(json_of(reset.body).at("role")) == "trainer");
    CHECK(app.as(bob, "GET", "/api/v1/session").status == 401);
    CHECK(app.sign_in("Bob", std::string(password)).status == 401);
    CHECK(app.sign_in("Bob", "quite another password").status == 200);
    CHECK(app.as(ann, "GET", "/api/v1/session").status == 200);
}

TEST_CASE("Another site's page changes nothing in somebody's name") {
    PeopleFixture app;
    auto ann = app.account(auth::Role::administrator, "Ann");
    ann.csrf = "guessed";
    CHECK(refusal(app.as(ann, "DELETE", "/api/v1/session")) == "403 csrf_missing");
    CHECK(refusal(app.as(ann, "POST", "/api/v1/invitations", R"({"role":"administrator"})")) ==
          "403 csrf_missing");
    CHECK(refusal(app.as(ann, "POST", "/api/v1/analytics/query", R"({"measures":["statements"]})")) ==
          "403 csrf_missing");
    CHECK(app.as(ann, "GET", "/api/v1/session").status == 200);
    // A form can send this without being asked, but not as JSON.
    CHECK(refusal(app.send_bare("POST", "/api/v1/session", R"({"name":"Ann","password":"x"})",
                                {{"Content-Type", "text/plain"}})) == "400 api_body_invalid");
}

TEST_CASE("Administrators make, list and revoke keys") {
    PeopleFixture app;
    const auto ann = app.account(auth::Role::administrator, "Ann");
    const auto made = app.as(ann, "POST", "/api/v1/keys", R"({"name":"Dashboard","scopes":["analytics"]})");
    REQUIRE(made.status == 201);
    const auto key = text(json_of(made.body).at("key"));
    const auto authorization = basic(key, text(json_of(made.body).at("secret")));
    const auto ask = [&](const std::string& method, const std::string& target, const std::string& body) {
        return app.send_bare(method, target, body,
                             {{"Authorization", authorization},
                              {"Content-Type", "application/json"},
                              {"X-Experience-API-Version", "2.0.0"}});
    };
    CHECK(ask("POST", "/api/v1/analytics/query", R"({"measures":["statements"]})").status == 200);
    CHECK(ask("GET", "/xapi/statements", "").status == 403);
    CHECK(ask("GET", "/api/v1/people", "").status == 403);
    CHECK(json_of(app.as(ann, "GET", "/api/v1/keys").body).at("items").as_array().size() == 2);
    CHECK(app.as(ann, "DELETE", "/api/v1/keys/" + key).status == 204);
    CHECK(ask("POST", "/api/v1/analytics/query", R"({"measures":["statements"]})").status == 401);
    CHECK(refusal(app.as(ann, "POST", "/api/v1/keys", R"({"scopes":["everything"]})")) ==
          "400 scope_unknown");
}

TEST_CASE("Every role may do what its row says, and nobody else") {
    PeopleFixture app;
    app.arrivals.stop(); // so that a live stream ends at once
    struct Row {
        std::string method, target, body;
        std::set<std::string> roles;
    };
    const std::set<std::string> all{"administrator", "analyst", "auditor", "trainer", "learner"};
    const std::set<std::string> analysts{"administrator", "analyst", "auditor", "trainer"};
    const std::set<std::string> see_persons{"administrator", "auditor", "trainer"};
    const std::set<std::string> exporters{"administrator", "auditor"};
    const std::set<std::string> administrator{"administrator"};
    const std::set<std::string> everybody{"administrator", "analyst", "auditor",
                                          "trainer",       "learner", "nobody"};
    const std::vector<Row> table = {
        {"GET", "/api/v1/session", "", all},
        {"GET", "/api/v1/sessions", "", all},
        {"DELETE", "/api/v1/sessions/unknown", "", all},
        {"GET", "/api/v1/people", "", administrator},
        {"DELETE", "/api/v1/people/unknown", "", administrator},
        {"POST", "/api/v1/invitations", R"({"role":"learner"})", administrator},
        {"GET", "/api/v1/keys", "", administrator},
        {"POST", "/api/v1/keys", R"({"name":"n"})", administrator},
        {"DELETE", "/api/v1/keys/unknown", "", administrator},
        {"POST", "/api/v1/analytics/query", R"({"measures":["statements"]})", analysts},
        {"GET", "/api/v1/analytics/query?query=%7B%22measures%22%3A%5B%22statements%22%5D%7D", "", analysts},
        {"GET", "/api/v1/analytics/measures", "", analysts},
        {"POST", "/api/v1/analytics/funnel", R"({"steps":[{},{}]})", analysts},
        {"POST", "/api/v1/analytics/cohorts", "{}", analysts},
        {"POST", "/api/v1/analytics/matrix", "{}", see_persons},
        {"POST", "/api/v1/analytics/questions", "{}", analysts},
        {"POST", "/api/v1/analytics/query", R"({"measures":["statements"],"dimensions":["learner"]})",
         see_persons},
        {"POST", "/api/v1/analytics/query",
         R"({"measures":["statements"],"filter":{"learner":{"mbox":"mailto:a@b.nl"}}})", see_persons},
        {"GET", "/api/v1/organization", "", everybody},
        {"PUT", "/api/v1/organization", R"({"smallest_group":4})", administrator},
        {"GET", "/api/v1/personas", "", see_persons},
        {"GET", "/api/v1/personas/proposals", "", administrator},
        {"POST", "/api/v1/personas", R"({"agents":[]})", administrator},
        {"DELETE", "/api/v1/personas/unknown", "", administrator},
        {"GET", "/api/v1/statements/live", "", see_persons},
        {"GET", "/api/v1/statements/9c2b1f0e-0000-4000-8000-000000000001/attachments/ab", "", see_persons},
        {"GET", "/api/v1/statements/9c2b1f0e-0000-4000-8000-000000000001/inclusion", "", see_persons},
        {"GET", "/api/v1/exports", "", exporters},
        {"POST", "/api/v1/exports", R"({"format":"none"})", exporters},
        {"GET", "/api/v1/exports/schedules", "", exporters},
        {"POST", "/api/v1/exports/schedules", "{}", exporters},
        {"DELETE", "/api/v1/exports/schedules/none", "", exporters},
        {"GET", "/api/v1/exports/none", "", exporters},
        {"DELETE", "/api/v1/exports/none", "", exporters},
        {"GET", "/api/v1/exports/none/file", "", exporters},
        {"GET", "/api/v1/accesses", "", exporters},
        {"GET", "/api/v1/courses", "", analysts},
        {"POST", "/api/v1/courses", "", {"administrator", "trainer"}},
        {"GET", "/api/v1/courses/none", "", analysts},
        {"PATCH", "/api/v1/courses/none", "{}", {"administrator", "trainer"}},
        {"DELETE", "/api/v1/courses/none", "", {"administrator", "trainer"}},
        {"GET", "/api/v1/courses/none/registrations", "", {"administrator", "auditor", "trainer"}},
        {"POST", "/api/v1/courses/none/move", "{}", {"administrator", "trainer"}},
        {"POST", "/api/v1/courses/none/registrations/none/waive", "{}", {"administrator", "trainer"}},
        {"POST", "/api/v1/launches", "{}", {"administrator", "trainer"}},
        {"GET", "/api/v1/my/courses", "", all},
        {"POST", "/api/v1/my/courses/none/launch", "", all},
        {"POST", "/api/v1/sessions/none/abandon", "", {"administrator", "trainer"}},
        {"GET", "/api/v1/relays", "", administrator},
        {"POST", "/api/v1/relays", "{}", administrator},
        {"GET", "/api/v1/relays/none", "", administrator},
        {"DELETE", "/api/v1/relays/none", "", administrator},
        {"GET", "/api/v1/relays/none/dead-letters", "", administrator},
        {"POST", "/api/v1/relays/none/retry", "", administrator},
        {"GET", "/api/v1/erasures", "", exporters},
        {"POST", "/api/v1/erasures", R"({"kind":"none"})", administrator},
        {"GET", "/api/v1/erasures/none", "", exporters},
        {"DELETE", "/api/v1/erasures/none", "", administrator},
        {"POST", "/api/v1/erasures/none/confirm", "", administrator},
        {"GET", "/api/v1/holds", "", exporters},
        {"POST", "/api/v1/holds", R"({"reason":""})", administrator},
        {"DELETE", "/api/v1/holds/none", "", administrator},
        {"GET", "/api/v1/retention", "", exporters},
        {"POST", "/api/v1/retention", R"({"days":0})", administrator},
        {"POST", "/api/v1/retention/apply", "", administrator},
        {"DELETE", "/api/v1/retention/none", "", administrator},
        {"GET", "/api/v1/log/checkpoint", "", everybody},
        {"GET", "/api/v1/log/key", "", everybody},
        {"GET", "/api/v1/log/consistency?from=0&to=0", "", everybody},
        {"GET", "/api/v1/log/tile/0/000", "", everybody},
        {"GET", "/xapi/statements", "", see_persons},
        {"GET", "/xapi/activities?activityId=http%3A%2F%2Fexample.com%2Fa", "", see_persons},
        {"GET", "/xapi/agents?agent=%7B%22mbox%22%3A%22mailto%3Aann%40example.com%22%7D", "", see_persons},
        {"POST", "/xapi/statements", statement(), {}},
        {"GET", "/xapi/activities/profile?activityId=http%3A%2F%2Fexample.com%2Fa", "", {}},
        {"GET", "/metrics", "", {}},
    };
    for (const auto& role : auth::all_roles()) {
        const auto who = app.account(role.role, "a " + std::string(role.name));
        for (const auto& row : table) {
            INFO(role.name << " " << row.method << " " << row.target);
            const auto status = app.as(who, row.method, row.target, row.body).status;
            CHECK((status != 401 && status != 403) == row.roles.contains(std::string(role.name)));
            CHECK(status < 500);
        }
    }
    for (const auto& row : table) {
        INFO("nobody " << row.method << " " << row.target);
        const auto status =
            app.send_bare(row.method, row.target, row.body, {{"Content-Type", "application/json"}}).status;
        CHECK((status != 401) == row.roles.contains("nobody"));
    }
    CHECK(app.send_bare("GET", "/api/v1/nothing", "", {}).status == 404);
}

TEST_CASE("The session is found among other cookies") {
    http::RequestHead head;
    head.fields.add("cookie", "a=b;  __Host-leerspoor=token; c=d");
    CHECK(server::session_token(head) == "token");
    http::RequestHead other;
    other.fields.add("Cookie", "leerspoor=x; x__Host-leerspoor=y");
    CHECK_FALSE(server::session_token(other));
}

TEST_CASE("The command line invites, lists, resets and removes people") {
    PeopleFixture app;
    const auto run = [&](const std::string& line) {
        return json_of(server::control::run_line(*app.keys, *app.log, line, app.people.get()));
    };
    const auto path = text(run(R"({"command":"invite","role":"administrator"})").at("result").at("path"));
    REQUIRE(path.starts_with("/welcome/"));
    const auto accept = [&](const std::string& of, const std::string& name) {
        return app
            .post("/api/v1/invitations/" + of.substr(9),
                  R"({"name":")" + name + R"(","password":"a long enough password"})")
            .status;
    };
    CHECK(accept(path, "Ann") == 201);
    CHECK(accept(text(run(R"({"command":"invite","role":"analyst"})").at("result").at("path")), "Bob") ==
          201);
    CHECK(run(R"({"command":"people"})").at("result").at("people").as_array().size() == 2);
    CHECK(accept(text(run(R"({"command":"invite","reset_of":"Bob"})").at("result").at("path")), "") == 201);
    CHECK(text(run(R"({"command":"remove","name":"Bob"})").at("result").at("name")) == "Bob");
    CHECK(text(run(R"({"command":"remove","name":"Ann"})").at("error").at("code")) == "last_administrator");
    CHECK(text(run(R"({"command":"invite","role":"king"})").at("error").at("code")) == "role_unknown");
    CHECK(text(run(R"({"command":"invite","reset_of":"Cor"})").at("error").at("code")) == "person_unknown");
    CHECK(text(json_of(server::control::run_line(*app.keys, *app.log, R"({"command":"people"})"))
                   .at("error")
                   .at("code")) == "command_invalid");
}
