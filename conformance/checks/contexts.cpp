// Contexts: what surrounds what happened (xAPI 1.0.3 Part Two 2.4.6; IEEE 9274.1.1 4.2.2.5).
#include "conformance/checks/groups.hpp"
#include "conformance/probe/context.hpp"
#include "conformance/probe/pointer.hpp"

namespace leerspoor::conformance::checks {
namespace {

constexpr const char* relations[] = {"parent", "grouping", "category", "other"};

void only_with_activities(Context& c, std::string_view property) {
    const auto at = "/context/" + std::string(property);
    for (const auto& draft :
         {about_agent(), about_group(), about_statement(new_uuid()), about_substatement()}) {
        c.refuses(draft.with(at, "2"));
    }
    const auto inner =
        about_substatement().without("/object/context/revision").without("/object/context/platform");
    c.refuses(inner.with("/object/object", agent()).with("/object" + at, "2"));
    c.accepts(plain().with(at, "2"));
    c.accepts(plain().without("/object/objectType").with(at, "2"));
}

void arrays_come_back(Context& c) {
    auto draft = with_context();
    for (const auto* relation : relations) {
        draft = draft.with(std::string("/context/contextActivities/") + relation, activity());
    }
    const auto id = c.store(draft);
    const auto answer = c.send(get("/statements").param("statementId", id));
    const json::value statement = answer.object();
    for (const auto* relation : relations) {
        const auto* list = at_pointer(statement, std::string("/context/contextActivities/") + relation);
        c.expect(answer, list != nullptr && list->is_array() && list->get_array().size() == 1,
                 std::string(relation) + " as an array of one Activity");
    }
}

// contextAgents and contextGroups are alike but for who is in them.
struct Related {
    std::string list;
    std::string type;
    std::string who;
    json::object (*sample)();
};
const Related related_agents{"contextAgents", "contextAgent", "agent", agent};
const Related related_groups{"contextGroups", "contextGroup", "group", identified_group};

json::object entry_of(const Related& related) {
    return {{"objectType", related.type},
            {related.who, related.sample()},
            {"relevantTypes", json::array{"https://w3id.org/xapi/roles/mentor"}}};
}

Places related_places(const Related& related) {
    auto places = context_places();
    for (auto& place : places) {
        place.at += "/" + related.list;
        place.draft = place.draft.with(place.at, json::array{entry_of(related)});
    }
    return places;
}

Requirements of_related(const Related& related, const std::string& number) {
    const auto id = [&](int i) { return "IEEE-4.2.2.5-" + number + std::to_string(i); };
    const std::string clause = "4.2.2.5";
    return {
        {id(1),
         related.list + " is an array of " + related.type + " objects",
         {"", clause},
         [related](Context& c) {
             const auto places = related_places(related);
             for (const auto& place : places) c.accepts(place.draft);
             c.refuses(places, {set("", entry_of(related)), set("", "somebody"), set("/0", "somebody"),
                                set("/0", 7)});
         }},
        {id(2),
         "Each of " + related.list + " says that it is a " + related.type,
         {"", clause},
         [related](Context& c) {
             c.refuses(related_places(related),
                       {drop("/0/objectType"), set("/0/objectType", "Agent"), set("/0/objectType", 7),
                        set("/0/objectType", "ContextAgent")});
         }},
        {id(3),
         "Each of " + related.list + " has a valid " + related.who,
         {"", clause},
         [related](Context& c) {
             c.refuses(related_places(related),
                       {drop("/0/" + related.who), set("/0/" + related.who, activity()),
                        set("/0/" + related.who, {{"name", "nobody"}}),
                        set("/0/" + related.who, "somebody")});
         }},
        {id(4),
         "relevantTypes in " + related.list + " is an array of IRIs with at least one",
         {"", clause},
         [related](Context& c) {
             const auto places = related_places(related);
             c.accepts(places, {drop("/0/relevantTypes")});
             c.refuses(places, {set("/0/relevantTypes", json::array{}),
                                set("/0/relevantTypes", json::array{"mentor"}),
                                set("/0/relevantTypes", "mentor"), set("/0/relevantTypes", json::array{7})});
         }},
    };
}

} // namespace

Requirements contexts() {
    Requirements list = {
        {"XAPI-00084",
         "revision goes with an Activity as object only",
         {"Part Two 2.4.6", "4.2.2.5"},
         [](Context& c) { only_with_activities(c, "revision"); }},
        {"XAPI-00085",
         "platform goes with an Activity as object only",
         {"Part Two 2.4.6", "4.2.2.5"},
         [](Context& c) { only_with_activities(c, "platform"); }},
        {"XAPI-00086",
         "contextActivities is an object",
         {"Part Two 2.4.6", "4.2.2.5"},
         [](Context& c) {
             c.refuses(context_places(), {set("/contextActivities", "a course"), set("/contextActivities", 7),
                                          set("/contextActivities", json::array{activity()})});
         }},
        {"XAPI-00087",
         "registration is a UUID and instructor an Agent or Group",
         {"Part Two 2.4.6", "4.2.2.5"},
         [](Context& c) {
             c.refuses(context_places(),
                       {set("/registration", "7"), set("/registration", 7),
                        set("/registration", json::object{}), set("/instructor", "a teacher"),
                        set("/instructor", 7), set("/instructor", activity()),
                        set("/instructor", json::array{agent()})});
             c.accepts(context_places(),
                       {set("/instructor", identified_group()), set("/instructor", agent())});
         }},
        {"XAPI-00088",
         "team is a Group",
         {"Part Two 2.4.6", "4.2.2.5"},
         [](Context& c) {
             c.refuses(context_places(), {set("/team", agent()), set("/team", "a class"), set("/team", 7),
                                          set("/team", activity())});
         }},
        {"XAPI-00089",
         "revision is a string",
         {"Part Two 2.4.6", "4.2.2.5"},
         [](Context& c) {
             c.refuses(context_places(), {set("/revision", 2), set("/revision", json::object{})});
         }},
        {"XAPI-00090",
         "platform is a string",
         {"Part Two 2.4.6", "4.2.2.5"},
         [](Context& c) {
             c.refuses(context_places(), {set("/platform", 2), set("/platform", json::object{})});
         }},
        {"XAPI-00091",
         "language is a language tag of RFC 5646",
         {"Part Two 2.4.6", "4.2.2.5"},
         [](Context& c) {
             c.refuses(context_places(), {set("/language", 7), set("/language", "a12345678"),
                                          set("/language", json::object{})});
             c.accepts(context_places(), {set("/language", "zh-Hant-TW"), set("/language", "de-CH-1996")});
         }},
        {"XAPI-00092",
         "statement is a StatementRef",
         {"Part Two 2.4.6", "4.2.2.5"},
         [](Context& c) {
             c.refuses(context_places(),
                       {set("/statement", new_uuid()), set("/statement/objectType", "SubStatement"),
                        set("/statement", activity()), set("/statement/id", "7"), set("/statement", 7)});
         }},
        {"XAPI-00093",
         "contextActivities has parent, grouping, category and other",
         {"Part Two 2.4.6.2", "4.2.2.5"},
         [](Context& c) {
             c.refuses(context_places(), {set("/contextActivities/child", json::array{activity()}),
                                          set("/contextActivities/Parent", json::array{activity()})});
         }},
        {"XAPI-00094",
         "Each of contextActivities is Activities",
         {"Part Two 2.4.6.2", "4.2.2.5"},
         [](Context& c) {
             for (const auto* relation : relations) {
                 const auto at = std::string("/contextActivities/") + relation;
                 c.refuses(context_places(),
                           {set(at, "a course"), set(at, 7), set(at, agent()), set(at, json::array{agent()}),
                            set(at, json::array{"a course"})});
             }
         }},
        {"XAPI-00095",
         "contextActivities may hold one or several of its kinds",
         {"Part Two 2.4.6.2", "4.2.2.5"},
         [](Context& c) {
             for (const auto* relation : relations) {
                 c.accepts(context_places(),
                           {set("/contextActivities", {{relation, json::array{activity(), activity()}}})});
             }
             c.accepts(with_context());
         }},
        {"XAPI-00096",
         "Single contextActivities come back as arrays",
         {"Part Two 2.4.6.2", "4.2.2.5"},
         arrays_come_back},
    };
    for (const auto& related : {of_related(related_agents, "a"), of_related(related_groups, "g")}) {
        list.insert(list.end(), related.begin(), related.end());
    }
    return list;
}

} // namespace leerspoor::conformance::checks
