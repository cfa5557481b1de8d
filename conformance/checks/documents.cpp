// What the three document resources have in common: how POST merges, and that a refused request changes
// nothing (xAPI 1.0.3 Part Three 2.2; IEEE 9274.1.1 4.1.5).
#include "conformance/checks/document_checks.hpp"
#include "conformance/checks/groups.hpp"

namespace leerspoor::conformance::checks {
namespace {

const Resource* const resources[] = {&state_resource, &agent_profile_resource, &activity_profile_resource};

// Merges `posted` into `present` at each resource.
void merge(Context& c, const json::object& present, const json::object& posted, const json::object& merged,
           std::string_view expected) {
    for (const auto* resource : resources) {
        const Document document(*resource);
        document.put(c, present);
        c.require_status(c.send(document.call("POST").body(posted)), 204, "a merge");
        const auto answer = c.send(document.call("GET"));
        c.expect(answer, answer.json() == json::value(merged), expected);
    }
}

void refused_changes_nothing(Context& c) {
    for (const auto* resource : resources) {
        const Document document(*resource);
        document.put(c, {{"a", 1}});
        c.expect_status(c.send(document.call("POST").body("application/json", "{\"a\":2")), 400, "no JSON");
        c.expect_status(c.send(document.call("POST").body("text/plain", "b")), 400, "no application/json");
        c.expect_status(c.send(document.call("PUT").field("If-Match", "\"0\"").body({{"a", 3}})), 412,
                        "another ETag");
        const auto answer = c.send(document.call("GET"));
        c.expect(answer, answer.json() == json::value{{"a", 1}}, "the document as it was");
    }
}

void any_bytes(Context& c) {
    const std::string deep = std::string(200, '[') + std::string(200, ']');
    for (const auto* resource : resources) {
        for (const std::string& bytes :
             {std::string(R"({"a":1,"a":2})"),
              std::string(R"({ "n" : 1e400, "m":123456789012345678901234567890 })"),
              R"({"deep":)" + deep + "}"}) {
            const Document document(*resource);
            document.put(c, "application/json", bytes);
            const auto answer = c.send(document.call("GET"));
            c.expect(answer, answer.status == 200 && answer.body == bytes,
                     "the bytes that were sent: " + bytes);
        }
    }
}

void etags_of_lists(Context& c) {
    for (const auto* resource : resources) {
        const Document document(*resource);
        document.put(c, some_content());
        for (const auto& call : {document.call("GET"), document.listing("GET")}) {
            const auto answer = c.send(call);
            c.expect(answer, answer.status == 200 && answer.field("ETag").size() > 2, "200 with an ETag");
        }
        const auto before = c.send(document.listing("GET")).field("ETag");
        document.sibling().put(c, some_content());
        const auto answer = c.send(document.listing("GET"));
        c.expect(answer, answer.field("ETag") != before, "another ETag for another list");
    }
}

} // namespace

Requirements documents() {
    const Clauses clauses{"Part Three 2.2", "4.1.5"};
    return {
        {"P3-2.2-1", "A document is kept byte for byte, whatever JSON it holds", clauses, any_bytes},
        {"P3-3.1-1", "Documents and lists of them have an ETag", {"Part Three 3.1", "4.1.4"}, etags_of_lists},
        {"XAPI-00182", "A refused request changes no document", clauses, refused_changes_nothing},
        {"XAPI-00183", "A merge replaces top-level properties whole", clauses,
         [](Context& c) {
             merge(c, {{"car", {{"make", "Ford"}, {"model", "Escape"}}}, {"b", 1}},
                   {{"car", {{"make", "Dodge"}}}}, {{"car", {{"make", "Dodge"}}}, {"b", 1}},
                   "nothing of what was inside the replaced object");
         }},
        {"XAPI-00184", "A merge takes the posted value where both documents have one", clauses,
         [](Context& c) {
             merge(c, {{"a", 1}, {"b", "x"}}, {{"a", "new"}, {"b", nullptr}}, {{"a", "new"}, {"b", nullptr}},
                   "the posted values");
         }},
        {"XAPI-00185", "A merge leaves one JSON object", clauses,
         [](Context& c) {
             merge(c, {{"a", json::array{1, 2}}}, {{"b", {{"c", true}}}},
                   {{"a", json::array{1, 2}}, {"b", {{"c", true}}}},
                   "one object with the properties of both");
         }},
        {"XAPI-00186", "A merge reads both documents as JSON", clauses,
         [](Context& c) {
             for (const auto* resource : resources) {
                 const Document document(*resource);
                 document.put(c, "application/json", "{ \"\\u0061\" : 1,\n \"b\" : 2 }");
                 c.require_status(c.send(document.call("POST").body({{"a", 3}})), 204, "a merge");
                 const auto answer = c.send(document.call("GET"));
                 c.expect(answer, answer.json() == json::value{{"a", 3}, {"b", 2}},
                          "one property \"a\", however it was written");
             }
         }},
    };
}

} // namespace leerspoor::conformance::checks
