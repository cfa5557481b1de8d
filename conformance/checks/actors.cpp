// Agents and Groups, wherever they stand (xAPI 1.0.3 Part Two 2.4.2; IEEE 9274.1.1 4.2.2.1).
#include "conformance/checks/groups.hpp"
#include "conformance/probe/context.hpp"

namespace leerspoor::conformance::checks {
namespace {

constexpr const char* identifiers[] = {"mbox", "mbox_sha1sum", "openid", "account"};

// The same places, with who is there identified by `identifier`.
Places identified_by(Places places, std::string_view identifier) {
    const auto all = agent_by(identifier);
    const auto& value = all.at(json::string_view(identifier.data(), identifier.size()));
    for (auto& [draft, at] : places) {
        for (const auto* other : identifiers) {
            if (draft.find(at + "/" + other) != nullptr) draft = draft.without(at + "/" + other);
        }
        draft = draft.with(at + "/" + std::string(identifier), value);
    }
    return places;
}

Places actors_by(std::string_view identifier) {
    auto places = identified_by(agent_places(), identifier);
    const auto groups = identified_by(group_places(), identifier);
    places.insert(places.end(), groups.begin(), groups.end());
    return places;
}

void one_identifier(Context& c, const Places& places, bool needed) {
    for (const auto* identifier : identifiers) {
        const auto with = identified_by(places, identifier);
        for (const auto& place : with) c.accepts(place.draft);
        if (needed) c.refuses(with, {drop(std::string("/") + identifier)});
        for (const auto* other : identifiers) {
            if (other == identifier) continue;
            c.refuses(with, {set(std::string("/") + other, agent_by(other).at(other))});
        }
    }
}

void agent_object_type(Context& c) {
    c.refuses(agent_places(), {set("/objectType", 7), set("/objectType", true),
                               set("/objectType", json::object{}), set("/objectType", "")});
}

void group_members(Context& c) {
    c.refuses({{by_anonymous_group(), "/actor"}}, {drop("/member"), set("/member", json::array{})});
    c.refuses(agent_places(), {set("/member", json::array{agent()})});
    for (const auto& place : group_places()) {
        c.accepts(place.draft.without(place.at + "/member"));
        c.accepts(place.draft.without(place.at + "/account"));
    }
}

} // namespace

Requirements actors() {
    return {
        {"XAPI-00031",
         "An actor is an Agent or a Group and nothing else",
         {"Part Two 2.4.2", "4.2.2.1"},
         [](Context& c) {
             c.refuses({{plain(), "/actor/objectType"}, {about_substatement(), "/object/actor/objectType"}},
                       {set("", "Person"), set("", "Activity"), set("", "agent")});
             c.accepts(plain().without("/actor/objectType"));
         }},
        {"XAPI-00032",
         "An Agent's objectType is a string, when it is there",
         {"Part Two 2.4.2.1", "4.2.2.1"},
         agent_object_type},
        {"XAPI-00033",
         "The name of an Agent or Group is a string",
         {"Part Two 2.4.2.1", "4.2.2.1"},
         [](Context& c) {
             const std::vector<Change> changes = {set("/name", 7), set("/name", true),
                                                  set("/name", json::object{}),
                                                  set("/name", json::array{"A learner"})};
             c.refuses(agent_places(), changes);
             c.refuses(group_places(), changes);
         }},
        {"XAPI-00034",
         "An Agent has one identifier, no more and no less",
         {"Part Two 2.4.2.1", "4.2.2.1"},
         [](Context& c) { one_identifier(c, agent_places(), true); }},
        {"XAPI-00035",
         "A Group without an identifier has members, and only Groups have them",
         {"Part Two 2.4.2.2", "4.2.2.1"},
         group_members},
        {"XAPI-00036",
         "Members of a Group are Agents, in an array",
         {"Part Two 2.4.2.2", "4.2.2.1"},
         [](Context& c) {
             auto places = group_places();
             places.push_back({by_anonymous_group(), "/actor"});
             c.refuses(places, {set("/member", agent()), set("/member", "everybody"),
                                set("/member", json::array{"one"}), set("/member", json::array{7}),
                                set("/member", json::array{activity()}),
                                set("/member", json::array{identified_group()}),
                                set("/member", json::array{{{"objectType", "Agent"}}})});
         }},
        {"XAPI-00037",
         "A Group has one identifier at most",
         {"Part Two 2.4.2.2", "4.2.2.1"},
         [](Context& c) { one_identifier(c, group_places(), false); }},
        {"XAPI-00038",
         "mbox is a mailto IRI with an address",
         {"Part Two 2.4.2.3", "4.2.2.1"},
         [](Context& c) {
             c.refuses(actors_by("mbox"),
                       {set("/mbox", "learner@example.com"), set("/mbox", "mailto:learner"),
                        set("/mbox", "http://example.com"), set("/mbox", 7), set("/mbox", json::object{})});
         }},
        {"XAPI-00039",
         "mbox_sha1sum is a string of a SHA-1",
         {"Part Two 2.4.2.3", "4.2.2.1"},
         [](Context& c) {
             c.refuses(actors_by("mbox_sha1sum"),
                       {set("/mbox_sha1sum", 7), set("/mbox_sha1sum", json::object{}),
                        set("/mbox_sha1sum", "abc"), set("/mbox_sha1sum", std::string(40, 'g'))});
         }},
        {"XAPI-00040",
         "openid is a URI",
         {"Part Two 2.4.2.3", "4.2.2.1"},
         [](Context& c) {
             c.refuses(actors_by("openid"), {set("/openid", "not a URI"), set("/openid", 7),
                                             set("/openid", json::object{}), set("/openid", "example.com")});
         }},
        {"XAPI-00041",
         "account is an object",
         {"Part Two 2.4.2.3", "4.2.2.1"},
         [](Context& c) {
             c.refuses(actors_by("account"),
                       {set("/account", "a learner"), set("/account", 7), set("/account", json::array{}),
                        set("/account", json::object{})});
         }},
        {"XAPI-00042",
         "An account has a homePage, an IRL",
         {"Part Two 2.4.2.4", "4.2.2.1"},
         [](Context& c) {
             c.refuses(actors_by("account"), {drop("/account/homePage"), set("/account/homePage", "no IRL"),
                                              set("/account/homePage", 7)});
         }},
        {"XAPI-00043",
         "An account has a name, a string",
         {"Part Two 2.4.2.4", "4.2.2.1"},
         [](Context& c) {
             c.refuses(actors_by("account"),
                       {drop("/account/name"), set("/account/name", 7), set("/account/name", true),
                        set("/account/name", json::object{})});
         }},
    };
}

} // namespace leerspoor::conformance::checks
