// Versions of the protocol and of statements (xAPI 1.0.3 Part Three 3.3, Part Two 2.4.10; IEEE
// 9274.1.1 4.1.1, 4.2.4.3).
#include "conformance/checks/groups.hpp"
#include "conformance/probe/context.hpp"

namespace leerspoor::conformance::checks {
namespace {

constexpr const char* field = "X-Experience-API-Version";

Call with_version(std::string_view version) {
    return get("/statements").param("limit", "1").field(field, version);
}

void header_values(Context& c) {
    const std::vector<const char*> good = c.is_2_0() ? std::vector{"2.0", "2.0.0", "2.0.1"}
                                                     : std::vector{"1.0", "1.0.0", "1.0.1", "1.0.3", "1.0.9"};
    for (const auto* version : good)
        c.expect_status(c.send(with_version(version)), 200, "a version that must be taken");
    for (const auto* version : {"0.8", "1.1.0", "3.0.0", "one", ""}) {
        c.expect_status(c.send(with_version(version)), 400, "a version that no LRS has");
    }
    const auto none = c.send(get("/statements").param("limit", "1").without(field));
    c.expect(none, none.status == 400 || none.field(field).starts_with("0.9"), "400: the version is missing");
}

void whatever_begins_with_1_0(Context& c) {
    for (const auto* version : {"1.0.3-beta", "1.0.99", "1.0.3.4.5"})
        c.expect_status(c.send(with_version(version)), 200, "a version that begins with 1.0.");
}

// Of an LRS that speaks 2.0 as well.
void newer_as_accepted(Context& c) {
    const auto about = c.send(get("/about"));
    if (about.body.find("\"2.0") == std::string::npos) return;
    const auto draft = plain()
                           .with_id(new_uuid())
                           .with("/context/contextAgents",
                                 json::array{{{"objectType", "contextAgent"}, {"agent", agent()}}});
    const auto sent = c.send(post("/statements").field(field, "2.0.0").body(draft.statement()));
    c.require_status(sent, 200, "a statement of 2.0");
    const auto answer =
        c.send_until(get("/statements").param("statementId", draft.statement().at("id").as_string().c_str()),
                     [](const Answer& got) { return got.status == 200; });
    const auto got = answer.object();
    const auto* context = got.if_contains("context");
    c.expect(answer, context != nullptr && *context == draft.statement().at("context"),
             "the context as it was accepted");
    c.expect(answer, got.contains("version") && got.at("version") == "2.0.0", "its version, 2.0.0");
}

void not_converted(Context& c) {
    const auto draft = c.is_2_0() ? plain().with("/version", "2.0.0") : plain().with("/version", "1.0.0");
    const auto id = c.store(draft);
    const auto answer = c.send(get("/statements").param("statementId", id));
    const auto statement = answer.object();
    for (const auto* property : {"actor", "verb", "object"}) {
        const auto* kept = statement.if_contains(property);
        c.expect(answer, kept != nullptr && *kept == draft.statement().at(property),
                 std::string(property) + " as it was sent");
    }
}

void keeps_version(Context& c) {
    const auto version_of = [&](const Draft& draft, Answer& answer) {
        answer = c.send(get("/statements").param("statementId", c.store(draft)));
        return answer.object()["version"];
    };
    const json::value own = c.is_2_0() ? "2.0.0" : "1.0.0";
    Answer answer;
    const auto given = version_of(plain().with("/version", own), answer);
    c.expect(answer, given == own, "the version that was sent");
    const auto made = version_of(plain(), answer);
    c.expect(answer, made == own, std::string(own.get_string().c_str()) + " when none was sent");
}

void in_every_answer(Context& c) {
    for (const auto& call :
         {get("/about"), get("/statements").param("limit", "1"), get("/statements").param("limit", "-1"),
          get("/statements").param("statementId", new_uuid()), post("/statements").body(plain().statement()),
          post("/statements").body("application/json", "{"), get("/agents").param("agent", agent()),
          get("/activities").param("activityId", activity_id()), get("/activities/state"),
          get("/statements").without("Authorization").param("limit", "1")}) {
        const auto answer = c.send(call);
        c.expect(answer, answer.field(field) == c.version_text(),
                 std::string(field) + ": " + std::string(c.version_text()));
    }
}

} // namespace

Requirements versioning() {
    const Clauses clauses{"Part Three 3.3", "4.1.1"};
    return {
        {"P3-3.3-1",
         "Every version that begins with 1.0. is accepted",
         {"Part Three 3.3", ""},
         whatever_begins_with_1_0},
        {"P3-3.3-2",
         "A statement of a newer version is given as it was accepted",
         {"Part Three 3.3", ""},
         newer_as_accepted},
        {"XAPI-00330", "Statements are not rewritten into another version", clauses, not_converted},
        {"XAPI-00331", "Requests of a version that the LRS does not have are refused", clauses,
         header_values},
        {"XAPI-00332",
         "A statement keeps its version, and gets one when it has none",
         {"Part Two 2.4.10", "4.2.4.3"},
         keeps_version},
        {"XAPI-00333", "Every answer has the version that it follows", clauses, in_every_answer},
    };
}

} // namespace leerspoor::conformance::checks
