// The State resource (xAPI 1.0.3 Part Three 2.3; IEEE 9274.1.1 4.1.6.2).
#include "conformance/checks/document_checks.hpp"
#include "conformance/checks/groups.hpp"

namespace leerspoor::conformance::checks {
namespace {

const Resource& state_of = state_resource;

void deletes_all(Context& c) {
    const Document document(state_of);
    const auto other = document.sibling();
    const Document elsewhere(state_of);
    for (const auto* each : {&document, &other, &elsewhere}) each->put(c, some_content());
    c.expect_status(c.send(document.listing("DELETE")), 204,
                    "all documents of this agent and activity deleted");
    c.expect_status(c.send(document.call("GET")), 404, "the first one is gone");
    c.expect_status(c.send(other.call("GET")), 404, "the second one is gone");
    c.expect_status(c.send(elsewhere.call("GET")), 200, "that of somebody else is still there");
}

Requirement by_registration(std::string id, std::string_view method) {
    return {std::move(id), "State: " + std::string(method) + " keeps to its registration", state_of.clauses,
            [method](Context& c) {
                const Document document(state_of);
                const auto registration = new_uuid();
                const auto of = [&](const char* verb, std::string_view value) {
                    return document.call(verb).param("registration", value);
                };
                auto first = method == "POST" ? of("POST", registration) : of("PUT", registration);
                if (method != "POST") first.field("If-None-Match", "*");
                c.require_status(c.send(first.body(some_content())), 204, "a new document of a registration");
                const auto same = c.send(of("GET", registration));
                c.expect(same, same.status == 200 && same.json() == json::value(some_content()),
                         "200 with the document of the registration");
                c.expect_status(c.send(of("GET", new_uuid())), 404,
                                "another registration has no such document");
                if (method != "DELETE") return;
                c.expect_status(c.send(of("DELETE", new_uuid())), 204, "nothing to delete");
                c.expect_status(c.send(of("GET", registration)), 200, "another registration was deleted");
                c.expect_status(c.send(of("DELETE", registration)), 204, "it is deleted");
                c.expect_status(c.send(of("GET", registration)), 404, "and gone");
            }};
}

} // namespace

Requirements state() {
    const auto& r = state_resource;
    return {
        accepted("XAPI-00187", r, "DELETE", "DELETE answers 204"),
        accepted("XAPI-00188", r, "GET", "GET answers 200"),
        accepted("XAPI-00189", r, "POST", "POST answers 204"),
        accepted("XAPI-00190", r, "PUT", "PUT answers 204"),
        deletes_document("XAPI-00191", r, "DELETE with a stateId deletes that document and no other"),
        gives_document("XAPI-00192", r, "GET with a stateId gives that document as it was stored"),
        lists_ids("XAPI-00193", r, "GET without a stateId lists the ids"),
        {"XAPI-00194", "State: DELETE without a stateId deletes all documents of agent and activity",
         r.clauses, deletes_all},
        lists_since("XAPI-00195", r, "the ids are those of documents stored after \"since\""),
        refuses_value("XAPI-00196", r, "DELETE", "agent"),
        refuses_value("XAPI-00197", r, "GET", "agent"),
        refuses_value("XAPI-00198", r, "POST", "agent"),
        refuses_value("XAPI-00199", r, "PUT", "agent"),
        refuses_value("XAPI-00200", r, "DELETE", "registration"),
        refuses_value("XAPI-00201", r, "GET", "registration"),
        refuses_value("XAPI-00202", r, "POST", "registration"),
        refuses_value("XAPI-00203", r, "PUT", "registration"),
        refuses_value("XAPI-00204", r, "GET", "since"),
        refuses_without("XAPI-00206", r, "PUT", "stateId"),
        refuses_without("XAPI-00207", r, "DELETE", "activityId"),
        refuses_without("XAPI-00208", r, "GET", "activityId"),
        refuses_without("XAPI-00209", r, "POST", "activityId"),
        refuses_without("XAPI-00210", r, "PUT", "activityId"),
        refuses_without("XAPI-00211", r, "POST", "stateId"),
        refuses_without("XAPI-00212", r, "DELETE", "agent"),
        refuses_without("XAPI-00213", r, "GET", "agent"),
        refuses_without("XAPI-00214", r, "POST", "agent"),
        refuses_without("XAPI-00215", r, "PUT", "agent"),
        accepted("XAPI-00216", r, "DELETE", "DELETE takes a stateId"),
        accepted("XAPI-00217", r, "GET", "GET takes a stateId"),
        by_registration("XAPI-00218", "PUT"),
        by_registration("XAPI-00219", "DELETE"),
        by_registration("XAPI-00220", "GET"),
        lists_since("XAPI-00221", r, "GET takes \"since\""),
        lists_since("XAPI-00222", r, "with \"since\" no id of an older document is listed"),
        by_registration("XAPI-00227", "POST"),
        refuses_other_json("XAPI-00229", r),
        accepted("XAPI-00230", r, "PUT", "it is at activities/state"),
        accepted("XAPI-00231", r, "POST", "POST is taken"),
        refuses_other_types("XAPI-00232", r),
        creates_by_post("XAPI-00233", r),
        merges("XAPI-00234", r),
        refuses_broken_json("XAPI-00235", r),
        last_modified("IEEE-4.1.6.2-1", r),
    };
}

} // namespace leerspoor::conformance::checks
