#include "conformance/checks/document_checks.hpp"

#include "conformance/probe/instant.hpp"

#include <boost/json/serialize.hpp>

namespace leerspoor::conformance::checks {
namespace {

Requirement of(std::string id, const Resource& resource, std::string title,
               std::function<void(Context&)> check) {
    return {std::move(id), resource.name + ": " + std::move(title), resource.clauses, std::move(check)};
}

// What a method needs beside its parameters to be a good request.
Call with_content(Call call, std::string_view method) {
    if (method == "PUT") call.field("If-None-Match", "*");
    if (method == "PUT" || method == "POST") call.body(some_content());
    return call;
}

void expect_content(Context& c, const Document& document, const json::value& content, std::string_view why) {
    const auto answer = c.send(document.call("GET"));
    c.expect(answer, answer.status == 200 && answer.json() == content,
             "200 with " + json::serialize(content) + ": " + std::string(why));
}

std::vector<std::string> listed(const Answer& answer) {
    std::vector<std::string> ids;
    for (const auto& id : answer.array()) {
        if (id.is_string()) ids.emplace_back(id.get_string().c_str());
    }
    return ids;
}

void list_after(Context& c, const Resource& resource) {
    const Document before(resource);
    const auto after = before.sibling();
    before.put(c, some_content());
    const auto between = c.instant();
    after.put(c, some_content());
    const auto answer = c.send(before.listing("GET").param("since", between));
    c.expect(answer, answer.status == 200 && listed(answer) == std::vector{after.id()},
             "200 with the id of the document stored after " + between + " and no other");
    const auto updated = c.send(before.call("POST").body({{"z", 1}}));
    c.require_status(updated, 204, "a merge");
    const auto both = c.send(before.listing("GET").param("since", between));
    c.expect(both, listed(both).size() == 2, "both ids, now that the other was changed after it too");
}

} // namespace

const Resource state_resource{"State", "/activities/state",          "stateId", true,
                              true,    {"Part Three 2.3", "4.1.6.2"}};
const Resource agent_profile_resource{
    "Agent Profile", "/agents/profile", "profileId", true, false, {"Part Three 2.6", "4.1.6.5"}};
const Resource activity_profile_resource{
    "Activity Profile", "/activities/profile", "profileId", false, true, {"Part Three 2.7", "4.1.6.6"}};

Document::Document(const Resource& resource)
    : resource_(&resource), id_("document-" + new_uuid()), activity_(activity_id()), agent_(agent()) {}

Call Document::listing(const std::string& method) const {
    Call call(method, resource_->path);
    if (resource_->of_activity) call.param("activityId", activity_);
    if (resource_->of_agent) call.param("agent", agent_);
    return call;
}

Call Document::call(const std::string& method) const {
    return listing(method).param(resource_->id, id_);
}

Document Document::sibling() const {
    Document other = *this;
    other.id_ = "document-" + new_uuid();
    return other;
}

void Document::put(Context& c, const json::value& content) const {
    put(c, "application/json", json::serialize(content));
}

void Document::put(Context& c, std::string_view content_type, std::string_view bytes) const {
    const auto answer = c.send(call("PUT").field("If-None-Match", "*").body(content_type, bytes));
    c.require_status(answer, 204, "a new document");
}

json::object some_content() {
    return {{"bookmark", "page 7"}, {"tries", 3}};
}

Requirement accepted(std::string id, const Resource& resource, std::string_view method,
                     std::string_view title) {
    return of(std::move(id), resource, std::string(title), [&resource, method](Context& c) {
        const Document document(resource);
        if (method == "GET" || method == "DELETE") document.put(c, some_content());
        const auto answer = c.send(with_content(document.call(std::string(method)), method));
        c.expect_status(answer, method == "GET" ? 200 : 204, std::string(method) + " of a document");
    });
}

Requirement gives_document(std::string id, const Resource& resource, std::string_view title) {
    return of(std::move(id), resource, std::string(title), [&resource](Context& c) {
        const Document document(resource);
        document.put(c, some_content());
        expect_content(c, document, some_content(), "the document that was stored");
        const auto other = document.sibling();
        other.put(c, "image/png", std::string_view("\x89PNG\r\n\x1a\n\0\1\2", 11));
        const auto answer = c.send(other.call("GET"));
        c.expect(answer,
                 answer.body == std::string_view("\x89PNG\r\n\x1a\n\0\1\2", 11) &&
                     answer.field("Content-Type").starts_with("image/png"),
                 "the bytes that were stored, with their type image/png");
        c.expect_status(c.send(document.sibling().call("GET")), 404, "no document has this id");
    });
}

Requirement deletes_document(std::string id, const Resource& resource, std::string_view title) {
    return of(std::move(id), resource, std::string(title), [&resource](Context& c) {
        const Document document(resource);
        const auto other = document.sibling();
        document.put(c, some_content());
        other.put(c, some_content());
        c.expect_status(c.send(document.call("DELETE")), 204, "a document deleted");
        c.expect_status(c.send(document.call("GET")), 404, "it is not there any more");
        c.expect_status(c.send(other.call("GET")), 200, "others are still there");
    });
}

Requirement lists_ids(std::string id, const Resource& resource, std::string_view title) {
    return of(std::move(id), resource, std::string(title), [&resource](Context& c) {
        const Document document(resource);
        const auto none = c.send(document.listing("GET"));
        c.expect(none, none.status == 200 && none.json() == json::value(json::array{}),
                 "200 with an empty array");
        const auto other = document.sibling();
        document.put(c, some_content());
        other.put(c, some_content());
        Document(resource).put(c, some_content());
        const auto ids = c.send(document.listing("GET"));
        c.expect(ids,
                 ids.status == 200 && listed(ids).size() == 2 && contains(listed(ids), document.id()) &&
                     contains(listed(ids), other.id()),
                 "200 with an array of the two ids");
    });
}

Requirement lists_since(std::string id, const Resource& resource, std::string_view title) {
    return of(std::move(id), resource, std::string(title),
              [&resource](Context& c) { list_after(c, resource); });
}

Requirement merges(std::string id, const Resource& resource) {
    return of(std::move(id), resource, "POST merges a JSON object into one that is there",
              [&resource](Context& c) {
                  const Document document(resource);
                  document.put(c, {{"a", 1}, {"b", 1}});
                  c.expect_status(c.send(document.call("POST").body({{"b", 2}, {"c", 2}})), 204, "a merge");
                  expect_content(c, document, {{"a", 1}, {"b", 2}, {"c", 2}},
                                 "both documents, the posted one over the other");
              });
}

Requirement creates_by_post(std::string id, const Resource& resource) {
    return of(std::move(id), resource, "POST of a document that is not there stores it",
              [&resource](Context& c) {
                  const Document document(resource);
                  c.expect_status(c.send(document.call("POST").body(some_content())), 204, "a new document");
                  expect_content(c, document, some_content(), "the document that was posted");
              });
}

Requirement refuses_other_types(std::string id, const Resource& resource) {
    return of(std::move(id), resource, "POST onto, or of, anything but application/json is refused",
              [&resource](Context& c) {
                  const Document text(resource);
                  text.put(c, "text/plain", "{\"a\":1}");
                  c.expect_status(c.send(text.call("POST").body({{"b", 1}})), 400,
                                  "text is there, JSON was posted");
                  const Document document(resource);
                  document.put(c, {{"a", 1}});
                  c.expect_status(c.send(document.call("POST").body("text/plain", "{\"b\":1}")), 400,
                                  "JSON is there, text was posted");
                  expect_content(c, document, {{"a", 1}}, "nothing was changed");
              });
}

Requirement refuses_other_json(std::string id, const Resource& resource) {
    return of(std::move(id), resource, "POST onto, or of, JSON that is no object is refused",
              [&resource](Context& c) {
                  const Document list(resource);
                  list.put(c, json::array{1, 2});
                  c.expect_status(c.send(list.call("POST").body({{"b", 1}})), 400, "an array is there");
                  const Document document(resource);
                  document.put(c, {{"a", 1}});
                  for (const json::value& content :
                       {json::value(json::array{1}), json::value(7), json::value("text")}) {
                      c.expect_status(c.send(document.call("POST").body(content)), 400,
                                      "no object was posted");
                  }
                  expect_content(c, document, {{"a", 1}}, "nothing was changed");
              });
}

Requirement refuses_broken_json(std::string id, const Resource& resource) {
    return of(std::move(id), resource, "POST of application/json that is no JSON is refused",
              [&resource](Context& c) {
                  const Document document(resource);
                  for (const auto* content : {"{\"a\":", "a=1", "{a:1}", "{\"a\":1}}"}) {
                      c.expect_status(c.send(document.call("POST").body("application/json", content)), 400,
                                      "it is not JSON");
                  }
                  c.expect_status(c.send(document.call("GET")), 404, "nothing was stored");
              });
}

Requirement last_modified(std::string id, const Resource& resource) {
    auto requirement =
        of(std::move(id), resource, "Last-Modified tells when a document was changed last",
           [&resource](Context& c) {
               const Document document(resource);
               document.put(c, some_content());
               const auto answer = c.send(document.call("GET"));
               const auto modified = parse_http_date(answer.field("Last-Modified"));
               const auto now = parse_http_date(answer.field("Date"));
               c.require(answer, modified.has_value(), "a Last-Modified field with an HTTP date");
               c.expect(answer, !now || std::chrono::abs(*modified - *now) <= std::chrono::minutes(1),
                        "a Last-Modified of just now, not " + answer.field("Last-Modified"));
           });
    requirement.clauses.in_1_0_3.clear();
    return requirement;
}

Requirement refuses_without(std::string id, const Resource& resource, std::string_view method,
                            std::string_view parameter) {
    const auto title = std::string(method) + " without " + std::string(parameter) + " is refused";
    return of(std::move(id), resource, title, [&resource, method, parameter](Context& c) {
        auto call = with_content(Document(resource).call(std::string(method)), method);
        c.expect_status(c.send(call.without(parameter)), 400, std::string(parameter) + " is missing");
    });
}

Requirement refuses_value(std::string id, const Resource& resource, std::string_view method,
                          std::string_view parameter) {
    const auto title = std::string(method) + " with " + std::string(parameter) + " that is none is refused";
    return of(std::move(id), resource, title, [&resource, method, parameter](Context& c) {
        std::vector<std::string> values = {"nonsense", "7"};
        if (parameter == "agent") {
            values = {"not JSON",
                      "{",
                      "7",
                      "[]",
                      "{}",
                      json::serialize(activity()),
                      json::serialize(anonymous_group()),
                      R"({"objectType":"Agent","name":"nobody"})"};
        }
        for (const auto& value : values) {
            const Document document(resource);
            auto call = parameter == "since" ? document.listing(std::string(method))
                                             : document.call(std::string(method));
            call = with_content(call.without(parameter), method);
            c.expect_status(c.send(call.param(parameter, value)), 400,
                            std::string(parameter) + " cannot be this");
        }
    });
}

} // namespace leerspoor::conformance::checks
