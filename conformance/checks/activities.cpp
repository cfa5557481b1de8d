// The Activities resource: what is known of an Activity (xAPI 1.0.3 Part Three 2.5; IEEE 9274.1.1 4.1.6.4).
#include "conformance/checks/groups.hpp"
#include "conformance/probe/context.hpp"
#include "conformance/probe/pointer.hpp"

namespace leerspoor::conformance::checks {
namespace {

// Once statements have told of it.
Answer ask(Context& c, const std::string& id, std::string_view told = "") {
    return c.send_until(get("/activities").param("activityId", id), [&](const Answer& answer) {
        return answer.status == 200 && answer.body.find(told) != std::string::npos;
    });
}

void complete(Context& c) {
    const auto draft = plain();
    c.store(draft);
    const auto answer = ask(c, draft.find("/object/id")->get_string().c_str(), "Veilig");
    c.require_status(answer, 200, "an Activity that a statement told of");
    const json::value got = answer.object();
    for (const auto* at : {"/id", "/definition/name", "/definition/description", "/definition/type",
                           "/definition/moreInfo", "/definition/extensions"}) {
        const auto* value = at_pointer(got, at);
        c.expect(answer, value != nullptr && *value == *draft.find(std::string("/object") + at),
                 std::string(at) + " as the statement told it");
    }
}

void all_languages(Context& c) {
    const auto draft = plain();
    const std::string id(draft.find("/object/id")->get_string().c_str());
    c.store(draft.with("/object/definition/name", {{"en", "Ladders"}}));
    c.store(draft.with("/object/definition/name", {{"fr", "Des échelles"}}));
    const auto answer = ask(c, id, "chelles");
    const json::value got = answer.object();
    for (const auto& [at, text] :
         {std::pair{"/definition/name/en", "Ladders"}, std::pair{"/definition/name/fr", "Des échelles"}}) {
        const auto* value = at_pointer(got, at);
        c.expect(answer, value != nullptr && *value == json::value(text),
                 std::string(at) + " as one of the statements told it");
    }
}

} // namespace

Requirements activities() {
    const Clauses clauses{"Part Three 2.5", "4.1.6.4"};
    const auto answers = [](Context& c) {
        const auto draft = plain();
        c.store(draft);
        c.expect_status(ask(c, draft.find("/object/id")->get_string().c_str()), 200,
                        "an Activity that is known");
    };
    return {
        {"XAPI-00250", "GET without an activityId is refused", clauses,
         [](Context& c) { c.expect_status(c.send(get("/activities")), 400, "activityId is missing"); }},
        {"XAPI-00251", "GET answers 200 with the whole Activity", clauses, complete},
        {"XAPI-00252", "It is at \"activities\"", clauses, answers},
        {"XAPI-00253", "GET is taken", clauses, answers},
        {"XAPI-00254", "What several statements told of an Activity is all there", clauses, all_languages},
        {"IEEE-4.1.6.4-1",
         "An Activity nobody told of is given with its id",
         {"", "4.1.6.4"},
         [](Context& c) {
             const auto id = activity_id();
             const auto answer = c.send(get("/activities").param("activityId", id));
             c.expect(answer, answer.status == 200 && answer.object()["id"] == json::value(json::string(id)),
                      "200 with an Activity of that id");
         }},
    };
}

} // namespace leerspoor::conformance::checks
