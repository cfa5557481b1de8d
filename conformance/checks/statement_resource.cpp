// Storing statements and fetching one, and what every answer of the resource has (xAPI 1.0.3 Part Three 1.1,
// 2.1.1 to 2.1.3; IEEE 9274.1.1 4.1.6.1).
#include "conformance/checks/document_checks.hpp"
#include "conformance/checks/groups.hpp"
#include "conformance/probe/instant.hpp"

namespace leerspoor::conformance::checks {
namespace {

constexpr const char* through = "X-Experience-API-Consistent-Through";

Call put_of(std::string_view id, const Draft& draft) {
    return put("/statements").param("statementId", id).body(draft.statement());
}

void never_changes(Context& c) {
    const auto id = new_uuid();
    c.require_status(c.send(put_of(id, plain().with_id(id))), 204, "a new statement");
    c.send_until(get("/statements").param("statementId", id),
                 [](const Answer& got) { return got.status == 200; });
    const auto kept = c.fetch(id);
    for (const auto& other :
         {plain().with_id(id), plain().with_id(id).with("/verb/id", "http://example.com/verbs/left")}) {
        for (const auto& call : {put_of(id, other), post("/statements").body(other.statement())}) {
            const auto answer = c.send(call);
            c.expect(answer, answer.status == 409 || answer.status == 204 || answer.status == 200,
                     "409, or 204 for a statement that is there already");
        }
    }
    const auto after = c.send(get("/statements").param("statementId", id));
    c.expect(after, after.object() == kept, "the statement as it was stored first");
}

void posts(Context& c) {
    const auto one = new_uuid();
    const auto single = c.send(post("/statements").body(plain().with_id(one).statement()));
    c.expect(single, single.status == 200 && single.json() == json::value(json::array{one}),
             "200 with the one id");
    const auto two = new_uuid();
    const auto three = new_uuid();
    const auto several =
        c.send(post("/statements")
                   .body(json::array{plain().with_id(two).statement(), plain().with_id(three).statement()}));
    c.expect(several, several.status == 200 && several.json() == json::value(json::array{two, three}),
             "200 with both ids in the order of the statements");
}

std::vector<Call> readable(Context& c) {
    const Document state(state_resource);
    const Document agent_profile(agent_profile_resource);
    const Document activity_profile(activity_profile_resource);
    for (const auto* document : {&state, &agent_profile, &activity_profile}) document->put(c, some_content());
    const auto id = c.store(plain());
    return {get("/about"),
            get("/statements").param("limit", "1").param("agent", agent()),
            get("/statements").param("statementId", id),
            get("/statements").param("statementId", new_uuid()),
            get("/agents").param("agent", agent()),
            get("/activities").param("activityId", activity_id()),
            state.call("GET"),
            state.listing("GET"),
            agent_profile.call("GET"),
            agent_profile.listing("GET"),
            activity_profile.call("GET"),
            activity_profile.listing("GET")};
}

void heads(Context& c) {
    for (auto call : readable(c)) {
        const auto with_body = c.send(call);
        const auto without = c.send(call.method("HEAD"));
        c.expect(without, without.status == with_body.status,
                 std::to_string(with_body.status) + ", as for GET");
        c.expect(without, without.body.empty(), "no body");
        for (const auto* field : {"Content-Type", "ETag", "Last-Modified", "X-Experience-API-Version"}) {
            c.expect(without, without.field(field) == with_body.field(field),
                     std::string(field) + ": " + with_body.field(field) + ", as for GET");
        }
    }
}

void accepts_head(Context& c) {
    for (auto call : readable(c)) {
        const auto answer = c.send(call.method("HEAD"));
        c.expect(answer, answer.status == 200 || answer.status == 404, "200, or 404 for what is not there");
    }
}

void consistent_everywhere(Context& c) {
    const auto id = c.store(plain());
    for (const auto& call :
         {get("/statements").param("limit", "1"), get("/statements").param("statementId", id),
          get("/statements").param("statementId", new_uuid()), get("/statements").param("limit", "-1")}) {
        const auto answer = c.send(call);
        c.expect(answer, answer.has(through), std::string("a field ") + through);
    }
}

void consistent_is_instant(Context& c) {
    const auto answer = c.send(get("/statements").param("limit", "1"));
    c.expect(answer, parse_instant(answer.field(through)).has_value(),
             std::string("a timestamp in ") + through);
}

void consistent_enough(Context& c) {
    const auto who = agent();
    for (int i = 0; i < 3; ++i) c.store(plain().with("/actor", who));
    const auto answer = c.send(get("/statements").param("agent", who));
    const auto until = parse_instant(answer.field(through));
    c.require(answer, until.has_value(), std::string("a timestamp in ") + through);
    const auto result = answer.object();
    const auto* statements = result.if_contains("statements");
    c.require(answer, statements != nullptr && statements->is_array(), "a StatementResult");
    for (const auto& statement : statements->get_array()) {
        boost::system::error_code ec;
        const auto* stored = statement.find_pointer("/stored", ec);
        const auto at = stored != nullptr && stored->is_string() ? parse_instant(stored->get_string().c_str())
                                                                 : std::nullopt;
        c.expect(answer, at && *at <= *until,
                 std::string(through) + " not before \"stored\" of a statement given");
    }
}

void has_every_resource(Context& c) {
    for (const auto& call : readable(c)) {
        const auto answer = c.send(call);
        c.expect(answer, answer.status == 200 || answer.has(through), "an answer of this resource");
    }
}

} // namespace

namespace {

void lists_are_dated(Context& c) {
    const auto draft = plain();
    c.store(draft);
    const auto answer = c.send(get("/statements").param("agent", draft.statement().at("actor").as_object()));
    c.require_status(answer, 200, "a query");
    c.expect(answer, answer.field("Last-Modified").ends_with(" GMT"), "Last-Modified, a date of HTTP");
}

void resends(Context& c) {
    const auto draft = with_file_url().with_id(new_uuid()).with("/timestamp", "2024-05-01T10:00:00Z");
    const auto id = c.store(draft);
    const auto before = c.fetch(id);
    for (const auto& again : {draft.with("/timestamp", "2024-05-02T10:00:00Z"), draft.without("/timestamp"),
                              draft.without("/attachments")}) {
        c.expect_status(c.send(post("/statements").body(again.statement())), 200,
                        "a resend that differs in what does not count: " + again.what());
        c.expect_status(c.send(put("/statements").param("statementId", id).body(again.statement())), 204,
                        "the same by PUT");
    }
    const auto answer = c.send(get("/statements").param("statementId", id));
    c.expect(answer, answer.object() == before, "the statement as it was stored first");
    c.expect_status(
        c.send(post("/statements").body(draft.with("/verb/id", "http://example.com/other").statement())), 409,
        "a resend that differs in its verb");
}

} // namespace

Requirements statement_resource() {
    const Clauses head_clauses{"Part Three 1.1", "4.1.6"};
    const Clauses put_clauses{"Part Three 2.1.1", "4.1.6.1"};
    const Clauses post_clauses{"Part Three 2.1.2", "4.1.6.1"};
    const Clauses get_clauses{"Part Three 2.1.3", "4.1.6.1"};
    return {
        {"IEEE-4.1.6.1-4", "A list of statements has Last-Modified", {"", "4.1.6.1"}, lists_are_dated},
        {"IEEE-4.2-1",
         "A resend may differ in timestamp and attachments, and changes nothing",
         {"", "4.2"},
         resends},
        {"XAPI-00125", "HEAD answers like GET, but for the body", head_clauses, heads},
        {"XAPI-00126", "HEAD is taken wherever GET is", head_clauses, accepts_head},
        {"XAPI-00139",
         "Statements are at \"statements\"",
         {"Part Three 2.1", "4.1.6.1"},
         [](Context& c) { c.accepts(plain()); }},
        {"XAPI-00140", "All resources are there", {"Part Three 2.0", "4.1.6"}, has_every_resource},
        {"XAPI-00141",
         "Lists of documents keep to \"since\" at every resource",
         {"Part Three 2.0", "4.1.6"},
         [](Context& c) {
             for (const auto* resource :
                  {&state_resource, &agent_profile_resource, &activity_profile_resource}) {
                 lists_since("", *resource, "").check(c);
             }
         }},
        {"XAPI-00142", "A statement never changes, whatever is sent with its id", put_clauses, never_changes},
        {"XAPI-00143", "PUT of a statement answers 204", put_clauses,
         [](Context& c) {
             const auto id = new_uuid();
             c.expect_status(c.send(put_of(id, plain().with_id(id))), 204, "a new statement");
         }},
        {"XAPI-00144", "PUT with a statementId stores the statement under it", put_clauses,
         [](Context& c) {
             const auto id = new_uuid();
             c.require_status(c.send(put_of(id, plain())), 204, "a statement without an id of its own");
             const auto answer = c.send_until(get("/statements").param("statementId", id),
                                              [](const Answer& got) { return got.status == 200; });
             c.expect(answer, answer.object()["id"] == json::value(json::string(id)),
                      "the statement with that id");
             c.expect_status(c.send(put_of(new_uuid(), plain().with_id(new_uuid()))), 400,
                             "two different ids");
         }},
        {"XAPI-00145", "PUT without a statementId is refused", put_clauses,
         [](Context& c) {
             c.expect_status(c.send(put("/statements").body(plain().with_id(new_uuid()).statement())), 400,
                             "statementId is missing");
         }},
        {"XAPI-00146", "POST answers 200 with all ids", post_clauses, posts},
        {"XAPI-00147", "POST is taken", post_clauses, [](Context& c) { c.accepts(plain()); }},
        {"XAPI-00152", "Consistent-Through is not before what is given", get_clauses, consistent_enough},
        {"XAPI-00153", "Consistent-Through is in every answer, whatever its status", get_clauses,
         consistent_everywhere},
        {"XAPI-00160", "Consistent-Through is a timestamp", get_clauses, consistent_is_instant},
        {"XAPI-00165", "Answers to GET have a Content-Type", get_clauses,
         [](Context& c) {
             const auto id = c.store(plain());
             for (const auto& call :
                  {get("/statements").param("statementId", id), get("/statements").param("limit", "1")}) {
                 const auto answer = c.send(call);
                 c.expect(answer, answer.is_json(), "application/json");
             }
         }},
        {"IEEE-4.1.6.1-1",
         "A batch in which an id occurs twice is refused",
         {"", "4.1.6.1"},
         [](Context& c) {
             const auto id = new_uuid();
             const auto batch = json::array{plain().with_id(id).statement(), plain().with_id(id).statement()};
             c.expect_status(c.send(post("/statements").body(batch)), 400, "an id is there twice");
             c.expect_status(c.send(get("/statements").param("statementId", id)), 404, "nothing was stored");
         }},
        {"IEEE-4.1.6.1-2",
         "A single statement comes with Last-Modified, its \"stored\"",
         {"", "4.1.6.1"},
         [](Context& c) {
             const auto id = c.store(plain());
             const auto answer = c.send(get("/statements").param("statementId", id));
             const auto stored = answer.object()["stored"];
             const auto instant =
                 stored.is_string() ? parse_instant(stored.get_string().c_str()) : std::nullopt;
             const auto modified = parse_http_date(answer.field("Last-Modified"));
             c.expect(answer,
                      instant && modified && std::chrono::floor<std::chrono::seconds>(*instant) == *modified,
                      "a Last-Modified field with the time of \"stored\"");
         }},
    };
}

} // namespace leerspoor::conformance::checks
