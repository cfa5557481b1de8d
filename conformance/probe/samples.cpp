// The valid drafts and the places that they have in common (draft.hpp). Whatever is in them is allowed by
// both 1.0.3 and 2.0.
#include "conformance/probe/draft.hpp"

#include <boost/json/array.hpp>
#include <utility>

namespace leerspoor::conformance {
namespace {

json::object verb(const std::string& name = "attempted") {
    return {{"id", "http://adlnet.gov/expapi/verbs/" + name},
            {"display", {{"en-GB", name}, {"nl", "probeerde"}}}};
}

json::object context() {
    return {{"registration", new_uuid()},
            {"instructor", agent()},
            {"team", identified_group()},
            {"contextActivities",
             {{"parent", json::array{activity()}},
              {"grouping", json::array{activity()}},
              {"category", json::array{activity()}},
              {"other", json::array{activity()}}}},
            {"revision", "2"},
            {"platform", "a classroom"},
            {"language", "nl-NL"},
            {"statement", {{"objectType", "StatementRef"}, {"id", new_uuid()}}},
            {"extensions", {{"http://example.com/extensions/room", "12b"}}}};
}

json::object result() {
    return {{"score", {{"scaled", 0.5}, {"raw", 50}, {"min", 0}, {"max", 100}}},
            {"success", true},
            {"completion", true},
            {"response", "forty-two"},
            {"duration", "PT4M35.5S"},
            {"extensions", {{"http://example.com/extensions/tries", 3}}}};
}

json::array components(std::initializer_list<const char*> ids) {
    json::array list;
    for (const auto* id : ids) {
        json::object component{{"id", id}, {"description", {{"en", "a component"}}}};
        list.push_back(std::move(component));
    }
    return list;
}

} // namespace

json::object agent_by(std::string_view identifier) {
    const auto unique = new_uuid();
    json::object agent{{"objectType", "Agent"}, {"name", "A learner"}};
    if (identifier == "mbox") {
        agent["mbox"] = "mailto:" + unique + "@example.com";
    } else if (identifier == "mbox_sha1sum") {
        auto digits = unique + unique;
        std::erase(digits, '-');
        agent["mbox_sha1sum"] = digits.substr(0, 40);
    } else if (identifier == "openid") {
        agent["openid"] = "https://" + unique + ".example.com/";
    } else {
        agent["account"] = {{"homePage", "https://learning.example.com/"}, {"name", unique}};
    }
    return agent;
}

json::object agent() {
    return agent_by("mbox");
}

json::object identified_group() {
    auto group = agent_by("account");
    group["objectType"] = "Group";
    group["name"] = "A class";
    group["member"] = json::array{agent(), agent_by("account")};
    return group;
}

json::object anonymous_group() {
    return {{"objectType", "Group"}, {"name", "Some learners"}, {"member", json::array{agent(), agent()}}};
}

std::string activity_id() {
    return "https://learning.example.com/activities/" + new_uuid();
}

json::object activity() {
    return {{"objectType", "Activity"},
            {"id", activity_id()},
            {"definition",
             {{"name", {{"en", "Safety on a ladder"}, {"nl", "Veilig op een ladder"}}},
              {"description", {{"en", "A course"}, {"nl", "Een cursus"}}},
              {"type", "http://adlnet.gov/expapi/activities/course"},
              {"moreInfo", "https://learning.example.com/ladder"},
              {"extensions", {{"http://example.com/extensions/level", "b1"}}}}}};
}

Draft plain() {
    return {"a statement about an Activity", {{"actor", agent()}, {"verb", verb()}, {"object", activity()}}};
}

Draft with_context() {
    auto statement = plain().statement();
    statement["context"] = context();
    return {"a statement with a context", std::move(statement)};
}

Draft with_result() {
    auto statement = plain().statement();
    statement["result"] = result();
    return {"a statement with a result", std::move(statement)};
}

Draft about_agent() {
    auto statement = plain().statement();
    statement["object"] = agent();
    return {"a statement about an Agent", std::move(statement)};
}

Draft about_group() {
    auto statement = plain().statement();
    statement["object"] = identified_group();
    return {"a statement about a Group", std::move(statement)};
}

Draft about_substatement() {
    auto inner = plain().statement();
    inner["objectType"] = "SubStatement";
    inner["context"] = context();
    inner["result"] = result();
    auto statement = plain().statement();
    statement["object"] = std::move(inner);
    return {"a statement about a SubStatement", std::move(statement)};
}

Draft about_statement(std::string_view id) {
    auto statement = plain().statement();
    statement["object"] = {{"objectType", "StatementRef"}, {"id", json::string_view(id.data(), id.size())}};
    return {"a statement about a statement", std::move(statement)};
}

Draft voiding(std::string_view id) {
    auto statement = about_statement(id).statement();
    statement["verb"] = verb("voided");
    return {"a voiding statement", std::move(statement)};
}

Draft by_group() {
    auto statement = plain().statement();
    statement["actor"] = identified_group();
    return {"a statement by an identified Group", std::move(statement)};
}

Draft by_anonymous_group() {
    auto statement = plain().statement();
    statement["actor"] = anonymous_group();
    return {"a statement by an anonymous Group", std::move(statement)};
}

Draft with_interaction(std::string_view type) {
    auto statement = plain().statement();
    auto& definition = statement["object"].as_object()["definition"].as_object();
    definition["type"] = "http://adlnet.gov/expapi/activities/cmi.interaction";
    definition["interactionType"] = json::string_view(type.data(), type.size());
    auto& pattern = definition["correctResponsesPattern"];
    pattern = json::array{"an answer"};
    if (type == "true-false") pattern = json::array{"true"};
    if (type == "numeric") pattern = json::array{"4[:]5"};
    if (type == "choice" || type == "sequencing") {
        pattern = json::array{"a[,]b"};
        definition["choices"] = components({"a", "b"});
    }
    if (type == "likert") {
        pattern = json::array{"a"};
        definition["scale"] = components({"a", "b"});
    }
    if (type == "matching") {
        pattern = json::array{"a[.]x[,]b[.]y"};
        definition["source"] = components({"a", "b"});
        definition["target"] = components({"x", "y"});
    }
    if (type == "performance") {
        pattern = json::array{"a[.]1:[,]b[.]lantern"};
        definition["steps"] = components({"a", "b"});
    }
    return {"a statement about a " + std::string(type) + " interaction", std::move(statement)};
}

Draft with_file_url() {
    auto statement = plain().statement();
    statement["attachments"] =
        json::array{{{"usageType", "http://example.com/attachments/photo"},
                     {"display", {{"en", "A photo"}}},
                     {"description", {{"en", "A photo of a ladder"}}},
                     {"contentType", "image/jpeg"},
                     {"length", 27},
                     {"sha2", "495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a"},
                     {"fileUrl", "https://files.example.com/ladder.jpg"}}};
    return {"a statement with an attachment that is elsewhere", std::move(statement)};
}

Places agent_places() {
    return {{plain(), "/actor"},
            {about_agent(), "/object"},
            {with_context(), "/context/instructor"},
            {by_group(), "/actor/member/0"},
            {by_anonymous_group(), "/actor/member/1"},
            {plain().with("/authority", agent()), "/authority"},
            {about_substatement(), "/object/actor"},
            {about_substatement()
                 .with("/object/object", agent())
                 .without("/object/context/revision")
                 .without("/object/context/platform"),
             "/object/object"},
            {about_substatement(), "/object/context/instructor"}};
}

Places group_places() {
    return {{by_group(), "/actor"},
            {about_group(), "/object"},
            {with_context(), "/context/team"},
            {about_substatement().with("/object/actor", identified_group()), "/object/actor"},
            {about_substatement(), "/object/context/team"}};
}

Places activity_places() {
    return {{plain(), "/object"},
            {with_context(), "/context/contextActivities/parent/0"},
            {with_context(), "/context/contextActivities/grouping/0"},
            {with_context(), "/context/contextActivities/category/0"},
            {with_context(), "/context/contextActivities/other/0"},
            {about_substatement(), "/object/object"},
            {about_substatement(), "/object/context/contextActivities/other/0"}};
}

Places verb_places() {
    return {{plain(), "/verb"}, {about_substatement(), "/object/verb"}};
}

Places result_places() {
    return {{with_result(), "/result"}, {about_substatement(), "/object/result"}};
}

Places context_places() {
    return {{with_context(), "/context"}, {about_substatement(), "/object/context"}};
}

Places language_map_places() {
    return {{plain(), "/verb/display"},
            {plain(), "/object/definition/name"},
            {plain(), "/object/definition/description"},
            {with_interaction("choice"), "/object/definition/choices/0/description"},
            {with_interaction("likert"), "/object/definition/scale/0/description"},
            {with_interaction("matching"), "/object/definition/source/0/description"},
            {with_interaction("matching"), "/object/definition/target/0/description"},
            {with_interaction("performance"), "/object/definition/steps/0/description"},
            {with_file_url(), "/attachments/0/display"},
            {with_file_url(), "/attachments/0/description"},
            {about_substatement(), "/object/verb/display"},
            {about_substatement(), "/object/object/definition/name"}};
}

Places extensions_places() {
    return {{plain(), "/object/definition/extensions"},
            {with_result(), "/result/extensions"},
            {with_context(), "/context/extensions"},
            {about_substatement(), "/object/object/definition/extensions"},
            {about_substatement(), "/object/result/extensions"},
            {about_substatement(), "/object/context/extensions"}};
}

Places statement_places() {
    return {{plain(), ""}, {about_substatement(), "/object"}};
}

} // namespace leerspoor::conformance
