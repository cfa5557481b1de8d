// Finding statements: by id, by each filter, and by all of them together (xAPI 1.0.3 Part Three 2.1.3, 2.1.4;
// IEEE 9274.1.1 4.1.6.1).
#include "conformance/checks/groups.hpp"
#include "conformance/checks/search.hpp"

#include <boost/json/serialize.hpp>

namespace leerspoor::conformance::checks {
namespace {

std::string text_at(const Draft& draft, std::string_view at) {
    return draft.find(at)->get_string().c_str();
}

json::object object_at(const Draft& draft, std::string_view at) {
    return draft.find(at)->get_object();
}

// What identifies an actor and no more.
json::object identifier_of(const Draft& draft, std::string_view at) {
    auto actor = object_at(draft, at);
    actor.erase("name");
    actor.erase("member");
    return actor;
}

void refuses_company(Context& c, const std::string& name) {
    const auto id = c.store(plain());
    const std::vector<std::pair<std::string, std::string>> company = {
        {"agent", json::serialize(agent())},
        {"verb", "http://example.com/verbs/did"},
        {"activity", activity_id()},
        {"registration", new_uuid()},
        {"related_activities", "true"},
        {"related_agents", "true"},
        {"since", "2012-06-01T19:09:13.245Z"},
        {"until", "2012-06-01T19:09:13.245Z"},
        {"limit", "1"},
        {"ascending", "true"},
        {name == "statementId" ? "voidedStatementId" : "statementId", new_uuid()}};
    for (const auto& [other, value] : company) {
        const auto answer = c.send(query().param(name, id).param(other, value));
        c.expect_status(answer, 400, name + " goes with attachments and format only");
    }
    for (const auto& [other, value] : {std::pair{"attachments", "false"}, std::pair{"format", "exact"}}) {
        const auto answer = c.send(query().param(name, id).param(other, value));
        c.expect_status(answer, name == "statementId" ? 200 : 404, name + " may go with " + other);
    }
}

void by_id(Context& c) {
    const auto id = c.store(plain());
    const auto answer = c.send(query().param("statementId", id));
    c.expect(answer, answer.status == 200 && answer.object()["id"] == json::value(json::string(id)),
             "200 with the one statement of this id");
    c.expect_status(c.send(query().param("statementId", new_uuid())), 404, "no statement has this id");
}

void by_voided_id(Context& c) {
    const auto id = c.store(plain());
    c.expect_status(c.send(query().param("voidedStatementId", id)), 404, "it is not voided yet");
    c.store(conformance::voiding(id));
    const auto answer = c.send_until(query().param("voidedStatementId", id),
                                     [](const Answer& got) { return got.status == 200; });
    c.expect(answer, answer.status == 200 && answer.object()["id"] == json::value(json::string(id)),
             "200 with the one voided statement of this id");
}

void voided_and_voiders(Context& c) {
    const auto draft = plain();
    const auto who = object_at(draft, "/actor");
    const auto voided = c.store(draft);
    const auto comment = c.store(about_statement(voided));
    const auto voider = c.store(conformance::voiding(voided));
    expect_found(c, query().param("agent", who), {comment, voider},
                 "statements about a voided statement still match by it, which itself does not");
    expect_found(c, query().param("activity", text_at(draft, "/object/id")), {comment, voider},
                 "by the activity too");
}

void only_by_voided_id(Context& c) {
    const auto registration = new_uuid();
    const auto draft = plain().with("/context/registration", registration);
    const auto voided = c.store(draft);
    const auto other = c.store(plain().with("/context/registration", registration));
    const auto voider = c.store(conformance::voiding(voided));
    expect_found(c, query().param("registration", registration), {other, voider}, "all but the voided one");
    c.expect_status(c.send(query().param("statementId", voided)), 404, "a voided statement");
}

void by_agent(Context& c) {
    for (const auto* identifier : {"mbox", "mbox_sha1sum", "openid", "account"}) {
        const auto who = agent_by(identifier);
        auto query_who = who;
        query_who.erase("name");
        const auto actor = c.store(plain().with("/actor", who));
        const auto object = c.store(about_agent().with("/object", who));
        auto group = anonymous_group();
        group["member"] = json::array{agent(), who};
        const auto member = c.store(plain().with("/actor", group));
        c.store(plain().with("/context/instructor", who));
        expect_found(c, query().param("agent", query_who), {actor, object, member},
                     "actor, object and member of a group");
    }
    const auto draft = by_group();
    const auto id = c.store(draft);
    expect_found(c, query().param("agent", identifier_of(draft, "/actor")), {id}, "an identified group");
}

void by_related_agent(Context& c) {
    const auto who = agent();
    const auto actor = c.store(plain().with("/actor", who));
    const auto instructor = c.store(plain().with("/context/instructor", who));
    auto class_of = identified_group();
    class_of["member"] = json::array{who};
    const auto team = c.store(plain().with("/context/team", class_of));
    const auto inside = c.store(about_substatement().with("/object/actor", who));
    const auto inner = c.store(about_substatement().with("/object/context/instructor", who));
    expect_found(c, query().param("agent", who).param("related_agents", "true"),
                 {actor, instructor, team, inside, inner},
                 "instructor, team and the same in SubStatements too");
    expect_found(c, query().param("agent", who).param("related_agents", "false"), {actor},
                 "as without related_agents");
}

void by_related_activity(Context& c) {
    const auto activity_at = activity_id();
    const json::object what{{"id", activity_at}};
    Ids all{c.store(plain().with("/object/id", activity_at))};
    for (const auto* relation : {"parent", "grouping", "category", "other"}) {
        all.push_back(
            c.store(plain().with(std::string("/context/contextActivities/") + relation, json::array{what})));
    }
    all.push_back(c.store(about_substatement().with("/object/object/id", activity_at)));
    all.push_back(
        c.store(about_substatement().with("/object/context/contextActivities/other", json::array{what})));
    expect_found(c, query().param("activity", activity_at).param("related_activities", "true"), all,
                 "contextActivities and the same in SubStatements too");
    expect_found(c, query().param("activity", activity_at).param("related_activities", "false"), {all[0]},
                 "as without related_activities");
}

void by_registration(Context& c) {
    const auto registration = new_uuid();
    const auto id = c.store(plain().with("/context/registration", registration));
    c.store(plain().with("/context/registration", new_uuid()));
    expect_found(c, query().param("registration", registration), {id}, "the statement of the registration");
}

void by_activity(Context& c) {
    const auto draft = plain();
    const auto id = c.store(draft);
    const auto activity_at = text_at(draft, "/object/id");
    c.store(plain().with("/context/contextActivities/parent", json::array{{{"id", activity_at}}}));
    expect_found(c, query().param("activity", activity_at), {id}, "the statement about the activity");
}

void by_verb(Context& c) {
    const auto verb = "https://example.com/verbs/" + new_uuid();
    const auto id = c.store(plain().with("/verb/id", verb));
    expect_found(c, query().param("verb", verb), {id}, "the statement with the verb");
}

void combined(Context& c) {
    const auto draft = plain()
                           .with("/context/registration", new_uuid())
                           .with("/verb/id", "https://example.com/verbs/" + new_uuid());
    const auto id = c.store(draft);
    c.store(draft.with("/actor", agent()));
    c.store(draft.with("/object/id", activity_id()));
    c.store(draft.with("/verb/id", "https://example.com/verbs/other"));
    c.store(draft.with("/context/registration", new_uuid()));
    expect_found(c,
                 query()
                     .param("agent", object_at(draft, "/actor"))
                     .param("activity", text_at(draft, "/object/id"))
                     .param("verb", text_at(draft, "/verb/id"))
                     .param("registration", text_at(draft, "/context/registration")),
                 {id}, "only what matches every filter");
    const auto comment = c.store(about_statement(id));
    const auto second = c.store(about_statement(comment));
    expect_found(c,
                 query()
                     .param("registration", text_at(draft, "/context/registration"))
                     .param("agent", object_at(draft, "/actor"))
                     .param("verb", text_at(draft, "/verb/id"))
                     .param("activity", text_at(draft, "/object/id")),
                 {id, comment, second}, "and statements about it, and about those");
}

void by_context_actors(Context& c) {
    const auto who = agent();
    const json::object mentor{{"objectType", "contextAgent"}, {"agent", who}};
    auto members = identified_group();
    members["member"] = json::array{who};
    const json::object team{{"objectType", "contextGroup"}, {"group", members}};
    const auto one = c.store(plain().with("/context/contextAgents", json::array{mentor}));
    const auto two = c.store(plain().with("/context/contextGroups", json::array{team}));
    expect_found(c, query().param("agent", who).param("related_agents", "true"), {one, two},
                 "contextAgents and contextGroups are related agents");
    expect_found(c, query().param("agent", who), {}, "but not without related_agents");
}

} // namespace

Requirements queries() {
    const Clauses gets{"Part Three 2.1.3", "4.1.6.1"};
    const Clauses voids{"Part Three 2.1.4", "4.1.6.1"};
    return {
        {"XAPI-00150", "voidedStatementId goes with attachments and format only", gets,
         [](Context& c) { refuses_company(c, "voidedStatementId"); }},
        {"XAPI-00151", "statementId goes with attachments and format only", gets,
         [](Context& c) { refuses_company(c, "statementId"); }},
        {"XAPI-00155", "voidedStatementId gives the one voided statement", gets, by_voided_id},
        {"XAPI-00156", "statementId gives the one statement", gets, by_id},
        {"XAPI-00157", "voidedStatementId is taken", gets, by_voided_id},
        {"XAPI-00158", "statementId is taken", gets, by_id},
        {"XAPI-00162", "Statements about a voided one match by it, the voided one does not", voids,
         voided_and_voiders},
        {"XAPI-00163", "Voided statements are given by voidedStatementId only", voids, only_by_voided_id},
        {"XAPI-00164", "Only what matches all filters is given", gets, combined},
        {"XAPI-00176", "related_agents widens where an agent is looked for", gets, by_related_agent},
        {"XAPI-00177", "related_activities widens where an activity is looked for", gets,
         by_related_activity},
        {"XAPI-00178", "registration filters", gets, by_registration},
        {"XAPI-00179", "activity filters by the object", gets, by_activity},
        {"XAPI-00180", "verb filters", gets, by_verb},
        {"XAPI-00181", "agent filters by actor, object and members", gets, by_agent},
        {"IEEE-4.1.6.1-3",
         "contextAgents and contextGroups are related agents",
         {"", "4.1.6.1"},
         by_context_actors},
    };
}

} // namespace leerspoor::conformance::checks
