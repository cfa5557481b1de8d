// Requests dressed as forms, for browsers of long ago: part of 1.0.3, gone from 2.0 (xAPI 1.0.3 Part
// Three 1.3).
#include "conformance/checks/groups.hpp"
#include "conformance/probe/context.hpp"

#include <boost/json/serialize.hpp>

namespace leerspoor::conformance::checks {
namespace {

constexpr const char* version_field = "X-Experience-API-Version";

std::string form(const Fields& fields) {
    std::string text;
    for (const auto& [name, value] : fields) {
        text += (text.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(value);
    }
    return text;
}

Call dressed(std::string_view method, const std::string& path, const Fields& fields) {
    return post(path).param("method", method).body("application/x-www-form-urlencoded", form(fields));
}

// What a client that can set no header puts into its form.
Fields with_headers(const Context& c, Fields fields) {
    fields.emplace_back("Authorization", basic_authorization(c.settings().key, c.settings().secret));
    fields.emplace_back(version_field, c.version_text());
    fields.emplace_back("Content-Type", "application/json");
    return fields;
}

void lists(Context& c) {
    const auto draft = plain();
    const auto id = c.store(draft);
    const auto answer = c.send(dressed(
        "GET", "/statements", {{"agent", json::serialize(draft.statement().at("actor"))}, {"limit", "1"}}));
    c.expect(answer, answer.status == 200 && contains(ids_of(answer), id),
             "200 with a StatementResult, as GET gives it");
}

void all_methods(Context& c) {
    const auto id = new_uuid();
    const auto content = json::serialize(plain().with_id(id).statement());
    auto bare = dressed("PUT", "/statements", with_headers(c, {{"statementId", id}, {"content", content}}));
    c.expect_status(c.send(bare.without("Authorization").without(version_field)), 204,
                    "a statement, with credentials and version in the form");
    c.expect_status(c.send_until(get("/statements").param("statementId", id),
                                 [](const Answer& got) { return got.status == 200; }),
                    200, "the statement was stored");
    const Fields place = {
        {"activityId", activity_id()}, {"agent", json::serialize(agent())}, {"stateId", "bookmark"}};
    auto stored = place;
    stored.emplace_back("content", "{\"page\":\"7 & 8 = é\"}");
    stored.emplace_back("Content-Type", "application/json");
    c.expect_status(c.send(dressed("PUT", "/activities/state", stored)), 204, "a State document");
    const auto given = c.send(dressed("GET", "/activities/state", place));
    c.expect(given, given.body == "{\"page\":\"7 & 8 = é\"}" && given.is_json(),
             "the document as the form had it");
    c.expect_status(c.send(dressed("DELETE", "/activities/state", place)), 204, "the document deleted");
    c.expect_status(c.send(dressed("GET", "/activities/state", place)), 404, "it is gone");
}

void refusals(Context& c) {
    const auto id = new_uuid();
    const auto content = json::serialize(plain().with_id(id).statement());
    const Fields fields = {{"statementId", id}, {"content", content}, {"Content-Type", "application/json"}};
    c.expect_status(c.send(dressed("PUT", "/statements", fields).param("statementId", id)), 400,
                    "\"method\" is the only parameter in the URL");
    c.expect_status(c.send(dressed("PUT", "/statements", {{"statementId", id}})), 400, "there is no content");
    auto old =
        dressed("PUT", "/statements", {{"statementId", id}, {"content", content}, {version_field, "0.8"}});
    c.expect_status(c.send(old.without(version_field)), 400, "the version in the form counts");
    c.expect_status(c.send(dressed("POST", "/statements", fields).method("PUT")), 400,
                    "the request itself is a POST");
    c.expect_status(c.send(get("/statements").param("statementId", id)), 404, "nothing was stored");
}

void gone(Context& c) {
    const auto id = new_uuid();
    const Fields fields = {{"statementId", id},
                           {"content", json::serialize(plain().with_id(id).statement())}};
    for (const auto& call :
         {dressed("PUT", "/statements", fields), dressed("GET", "/statements", {{"limit", "1"}}),
          post("/statements").param("method", "PUT").body(plain().statement())}) {
        const auto answer = c.send(call);
        c.expect(answer, answer.status >= 400 && answer.status < 500, "4xx: \"method\" is no parameter");
    }
    c.expect_status(c.send(get("/statements").param("statementId", id)), 404, "nothing was stored");
}

} // namespace

Requirements alternate_syntax() {
    const Clauses clauses{"Part Three 1.3", ""};
    return {
        {"XAPI-00148", "A POST that stands for GET gives statements", clauses, lists},
        {"XAPI-00336", "A POST may stand for every method, with everything in its form", clauses,
         [](Context& c) {
             all_methods(c);
             refusals(c);
         }},
        {"IEEE-4.1.6-1", "A POST stands for itself: \"method\" is not taken", {"", "4.1.6"}, gone},
    };
}

} // namespace leerspoor::conformance::checks
