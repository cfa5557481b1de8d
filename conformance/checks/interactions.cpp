// Interaction activities: their kinds, their components and their correct responses (xAPI 1.0.3 Part Two
// 2.4.4.1; IEEE 9274.1.1 4.2.2.3).
#include "conformance/checks/groups.hpp"
#include "conformance/probe/context.hpp"

namespace leerspoor::conformance::checks {
namespace {

constexpr const char* types[] = {"true-false",  "choice",     "fill-in", "long-fill-in", "matching",
                                 "performance", "sequencing", "likert",  "numeric",      "other"};

Places component_places() {
    return {{with_interaction("choice"), "/object/definition/choices"},
            {with_interaction("sequencing"), "/object/definition/choices"},
            {with_interaction("likert"), "/object/definition/scale"},
            {with_interaction("matching"), "/object/definition/source"},
            {with_interaction("matching"), "/object/definition/target"},
            {with_interaction("performance"), "/object/definition/steps"}};
}

Requirement component_list(std::string id, std::string_view list, std::string_view type) {
    const auto at = "/object/definition/" + std::string(list);
    const std::string of(type);
    return {std::move(id),
            std::string(list) + " is an array of interaction components",
            {"Part Two 2.4.4.1", "4.2.2.3"},
            [at, of](Context& c) {
                c.accepts(with_interaction(of));
                c.refuses({{with_interaction(of), at}},
                          {set("", "a"), set("", 7), set("", json::object{}), set("", json::array{"a"}),
                           set("", json::array{{{"id", 7}}})});
            }};
}

void patterns(Context& c) {
    for (const auto* type : types) {
        c.refuses({{with_interaction(type), "/object/definition/correctResponsesPattern"}},
                  {set("", "an answer"), set("", 7), set("", json::object{}), set("", json::array{7}),
                   set("", json::array{json::array{"a"}})});
    }
}

void ids(Context& c) {
    c.refuses(component_places(),
              {drop("/0/id"), set("/0/id", 7), set("/0/id", true), set("/0/id", json::object{})});
    for (const auto& place : component_places()) {
        c.refuses(place.draft.with(place.at, json::array{{{"id", "a"}}, {{"id", "a"}}}));
    }
}

} // namespace

Requirements interactions() {
    return {
        {"XAPI-00049",
         "interactionType is one of the ten",
         {"Part Two 2.4.4.1", "4.2.2.3"},
         [](Context& c) {
             for (const auto* type : types) c.accepts(with_interaction(type));
             c.refuses(
                 {{with_interaction("other"), "/object/definition/interactionType"}},
                 {set("", "essay"), set("", "Other"), set("", 7), set("", json::object{}), set("", "")});
         }},
        {"XAPI-00050",
         "correctResponsesPattern is an array of strings",
         {"Part Two 2.4.4.1", "4.2.2.3"},
         patterns},
        component_list("XAPI-00051", "steps", "performance"),
        component_list("XAPI-00052", "target", "matching"),
        component_list("XAPI-00053", "source", "matching"),
        component_list("XAPI-00054", "scale", "likert"),
        component_list("XAPI-00055", "choices", "choice"),
        {"XAPI-00058",
         "A component has an id, a string that no other in its list has",
         {"Part Two 2.4.4.1", "4.2.2.3"},
         ids},
        {"XAPI-00062",
         "A component's description is a language map",
         {"Part Two 2.4.4.1", "4.2.2.3"},
         [](Context& c) {
             c.refuses(component_places(),
                       {set("/0/description", "a"), set("/0/description", 7),
                        set("/0/description", {{"nl", 7}}), set("/0/description", {{"a12345678", "a"}})});
         }},
        {"XAPI-00063",
         "A component is an object",
         {"Part Two 2.4.4.1", "4.2.2.3"},
         [](Context& c) {
             c.refuses(component_places(),
                       {set("/0", "a"), set("/0", 7), set("/0", json::array{}), set("/0", true)});
         }},
        {"XAPI-00064",
         "Correct responses come with an interactionType",
         {"Part Two 2.4.4.1", "4.2.2.3"},
         [](Context& c) {
             for (const auto* type : types)
                 c.refuses(with_interaction(type).without("/object/definition/interactionType"));
         }},
    };
}

} // namespace leerspoor::conformance::checks
