// Refusing well: the right status, nothing half done, nobody unknown (xAPI 1.0.3 Part Three 3.2, 4.0; IEEE
// 9274.1.1 4.1.5).
#include "conformance/checks/groups.hpp"
#include "conformance/probe/context.hpp"

#include <algorithm>

namespace leerspoor::conformance::checks {
namespace {

void known_codes(Context& c) {
    constexpr unsigned codes[] = {400, 401, 403, 404, 409, 412, 413, 429, 500};
    for (const auto& call :
         {post("/statements").body("application/json", "{"), post("/statements").body("text/plain", "hello"),
          post("/statements").body(plain().without("/actor").statement()),
          get("/statements").param("statementId", new_uuid()), get("/statements").param("limit", "-1"),
          get("/statements").param("limit", "1").without("Authorization"),
          put("/statements").body(plain().statement()), get("/agents"), get("/activities"),
          get("/activities/state")}) {
        const auto answer = c.send(call);
        c.expect(answer, std::find(std::begin(codes), std::end(codes), answer.status) != std::end(codes),
                 "one of the codes of the specification");
    }
}

void unknown_parameters(Context& c) {
    const auto id = new_uuid();
    const auto who = agent();
    c.expect_each(
        400,
        {get("/statements").param("foo", "bar"),
         post("/statements").param("foo", "bar").body(plain().statement()),
         put("/statements").param("statementId", id).param("foo", "bar").body(plain().statement()),
         get("/agents").param("agent", who).param("foo", "bar"),
         get("/activities").param("activityId", activity_id()).param("foo", "bar"),
         get("/activities/state").param("activityId", activity_id()).param("agent", who).param("foo", "bar"),
         get("/activities/profile").param("activityId", activity_id()).param("foo", "bar"),
         get("/agents/profile").param("agent", who).param("foo", "bar")});
}

void parameter_case(Context& c) {
    const std::pair<const char*, const char*> wrong[] = {
        {"StatementId", "39c3dd4a-1c9d-4d26-8dd5-7f5a7b7cc65f"},
        {"voidedstatementid", "39c3dd4a-1c9d-4d26-8dd5-7f5a7b7cc65f"},
        {"Agent", R"({"mbox":"mailto:a@example.com"})"},
        {"Verb", "http://example.com/v"},
        {"ACTIVITY", "http://example.com/a"},
        {"Registration", "39c3dd4a-1c9d-4d26-8dd5-7f5a7b7cc65f"},
        {"Related_Activities", "true"},
        {"related_Agents", "true"},
        {"Since", "2020-01-01T00:00:00Z"},
        {"Until", "2020-01-01T00:00:00Z"},
        {"Limit", "1"},
        {"Format", "ids"},
        {"Attachments", "true"},
        {"Ascending", "true"}};
    for (const auto& [name, value] : wrong) {
        c.expect_status(c.send(get("/statements").param(name, value)), 400, "a parameter in another case");
    }
    c.expect_each(400, {get("/agents").param("Agent", agent()),
                        get("/activities").param("ActivityId", activity_id()),
                        put("/statements").param("StatementId", new_uuid()).body(plain().statement())});
}

void all_or_nothing(Context& c) {
    const auto first = new_uuid();
    const auto third = new_uuid();
    const auto batch =
        json::array{plain().with_id(first).statement(), plain().with("/actor/mbox", "nobody").statement(),
                    plain().with_id(third).statement()};
    c.expect_status(c.send(post("/statements").body(batch)), 400, "the second statement is not valid");
    for (const auto& id : {first, third}) {
        c.expect_status(c.send(get("/statements").param("statementId", id)), 404,
                        "nothing of a refused batch is stored");
    }
}

// Few requests: an LRS may well slow down who keeps guessing.
void strangers(Context& c) {
    const auto id = new_uuid();
    const auto posted = post("/statements").body(plain().with_id(id).statement());
    for (auto call :
         {get("/statements").param("limit", "1"), posted, get("/agents").param("agent", agent())}) {
        c.expect_status(c.send(call.without("Authorization")), 401, "no credentials");
    }
    for (const auto& credentials :
         {basic_authorization("nobody-" + new_uuid(), "wrong"), std::string("Basic :not:base64:")}) {
        auto guessed = posted;
        const auto answer = c.send(guessed.field("Authorization", credentials));
        c.expect(answer, answer.status == 401 || answer.status == 429,
                 "401: nobody has these credentials; or 429 after many such requests");
    }
    c.expect_status(c.send(get("/statements").param("statementId", id)), 404, "nothing was stored");
}

} // namespace

Requirements errors() {
    const Clauses clauses{"Part Three 3.2", "4.1.5"};
    return {
        {"XAPI-00323", "Refusals use the codes of the specification", clauses, known_codes},
        {"XAPI-00324", "Parameters that are not known are refused", clauses, unknown_parameters},
        {"XAPI-00325", "Parameters in another case are refused", clauses, parameter_case},
        {"XAPI-00326", "A batch is stored whole or not at all", clauses, all_or_nothing},
        {"XAPI-00334", "Wrong credentials, or none, answer 401", {"Part Three 4.0", "4.1.5"}, strangers},
        {"XAPI-00335",
         "HTTP Basic authentication is taken",
         {"Part Three 4.0", "4.1.5"},
         [](Context& c) { c.accepts(plain()); }},
    };
}

} // namespace leerspoor::conformance::checks
