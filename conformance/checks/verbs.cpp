// Verbs (xAPI 1.0.3 Part Two 2.4.3; IEEE 9274.1.1 4.2.2.2).
#include "conformance/checks/groups.hpp"
#include "conformance/probe/context.hpp"

namespace leerspoor::conformance::checks {

Requirements verbs() {
    return {
        {"XAPI-00044",
         "A verb has an id, an IRI",
         {"Part Two 2.4.3", "4.2.2.2"},
         [](Context& c) {
             c.refuses(verb_places(), {drop("/id"), set("/id", "attempted"), set("/id", 7),
                                       set("/id", json::object{}), set("/id", true), set("/id", "")});
             c.accepts(verb_places(), {drop("/display"), set("/id", "tag:example.com,2024:leerde-à-fond")});
         }},
        {"XAPI-00045",
         "A verb's display is a language map",
         {"Part Two 2.4.3", "4.2.2.2"},
         [](Context& c) {
             c.refuses(verb_places(),
                       {set("/display", "attempted"), set("/display", 7), set("/display", json::array{}),
                        set("/display", {{"nl", 7}}), set("/display", {{"nl", json::object{}}}),
                        set("/display", {{"not a tag", "attempted"}})});
         }},
    };
}

} // namespace leerspoor::conformance::checks
