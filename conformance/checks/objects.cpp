// What a statement is about: an Activity, an Agent or Group, another statement or a SubStatement (xAPI 1.0.3
// Part Two 2.4.4; IEEE 9274.1.1 4.2.2.3).
#include "conformance/checks/groups.hpp"
#include "conformance/probe/context.hpp"

namespace leerspoor::conformance::checks {
namespace {

Requirement substatement_without(std::string id, std::string_view property, const json::value& value) {
    const auto at = "/object/" + std::string(property);
    return {std::move(id),
            "A SubStatement has no " + std::string(property),
            {"Part Two 2.4.4.3", "4.2.2.3"},
            [at, value](Context& c) { c.refuses(about_substatement().with(at, value)); }};
}

void like_statements(Context& c) {
    c.accepts(about_substatement());
    c.refuses({{about_substatement(), "/object"}},
              {drop("/actor"), drop("/verb"), drop("/object"), set("/actor/mbox", "nobody"),
               set("/verb/id", "did"), set("/object/id", "a course"), set("/result/score/scaled", 2),
               set("/context/registration", "7"), set("/timestamp", "soon"), set("/attachments", "a photo"),
               set("/somethingElse", 1), set("/result/duration", "long")});
}

void object_type_needed(Context& c) {
    const auto id = new_uuid();
    c.refuses(about_statement(id).without("/object/objectType"));
    c.refuses(about_substatement().without("/object/objectType"));
    c.accepts(about_statement(id));
}

} // namespace

Requirements objects() {
    return {
        {"XAPI-00046",
         "An object is of one of the five types, or an Activity without saying so",
         {"Part Two 2.4.4", "4.2.2.3"},
         [](Context& c) {
             c.refuses({{plain(), "/object/objectType"}, {about_substatement(), "/object/object/objectType"}},
                       {set("", "Person"), set("", "Statement"), set("", 7), set("", "")});
             c.accepts(plain().without("/object/objectType"));
         }},
        {"XAPI-00047",
         "An Activity has an id, an IRI",
         {"Part Two 2.4.4.1", "4.2.2.3"},
         [](Context& c) {
             c.refuses(activity_places(),
                       {drop("/id"), set("/id", "a course"), set("/id", 7), set("/id", json::object{})});
         }},
        {"XAPI-00048",
         "An Activity's definition is an object",
         {"Part Two 2.4.4.1", "4.2.2.3"},
         [](Context& c) {
             c.refuses(activity_places(), {set("/definition", "a course"), set("/definition", 7),
                                           set("/definition", json::array{}), set("/definition", true)});
         }},
        {"XAPI-00056",
         "A definition's name is a language map",
         {"Part Two 2.4.4.1", "4.2.2.3"},
         [](Context& c) {
             c.refuses(activity_places(), {set("/definition/name", "a course"), set("/definition/name", 7),
                                           set("/definition/name", {{"nl", 7}}),
                                           set("/definition/name", {{"a12345678", "a course"}})});
         }},
        {"XAPI-00057",
         "A definition's extensions are an object",
         {"Part Two 2.4.4.1", "4.2.2.3"},
         [](Context& c) {
             c.refuses(activity_places(),
                       {set("/definition/extensions", "more"), set("/definition/extensions", 7),
                        set("/definition/extensions", json::array{}),
                        set("/definition/extensions", {{"no IRI", 1}})});
         }},
        {"XAPI-00059",
         "A definition's description is a language map",
         {"Part Two 2.4.4.1", "4.2.2.3"},
         [](Context& c) {
             c.refuses(activity_places(),
                       {set("/definition/description", "a course"), set("/definition/description", 7),
                        set("/definition/description", {{"nl", 7}}),
                        set("/definition/description", {{"a12345678", "a course"}})});
         }},
        {"XAPI-00060",
         "A definition's type is an IRI",
         {"Part Two 2.4.4.1", "4.2.2.3"},
         [](Context& c) {
             c.refuses(activity_places(), {set("/definition/type", "course"), set("/definition/type", 7),
                                           set("/definition/type", json::object{})});
         }},
        {"XAPI-00061",
         "A definition's moreInfo is an IRL",
         {"Part Two 2.4.4.1", "4.2.2.3"},
         [](Context& c) {
             c.refuses(activity_places(),
                       {set("/definition/moreInfo", "ask me"), set("/definition/moreInfo", 7),
                        set("/definition/moreInfo", json::object{})});
         }},
        {"XAPI-00065",
         "An Agent or Group as object says which it is",
         {"Part Two 2.4.4.2", "4.2.2.3"},
         [](Context& c) {
             c.refuses(about_agent().without("/object/objectType"));
             c.refuses(about_group().without("/object/objectType"));
             c.accepts(about_agent());
             c.accepts(about_group());
         }},
        {"XAPI-00066",
         "What is refused in a statement is refused in a SubStatement",
         {"Part Two 2.4.4.3", "4.2.2.3"},
         like_statements},
        substatement_without("XAPI-00067", "authority", agent()),
        substatement_without("XAPI-00068", "version", "1.0.0"),
        substatement_without("XAPI-00069", "stored", "2020-01-01T00:00:00Z"),
        substatement_without("XAPI-00070", "id", "39c3dd4a-1c9d-4d26-8dd5-7f5a7b7cc65f"),
        {"XAPI-00071",
         "A SubStatement is not about a SubStatement",
         {"Part Two 2.4.4.3", "4.2.2.3"},
         [](Context& c) {
             auto inner = plain().statement();
             inner["objectType"] = "SubStatement";
             c.refuses(about_substatement().with("/object/object", inner));
         }},
        {"XAPI-00072",
         "A StatementRef has an id, a UUID",
         {"Part Two 2.4.4.3", "4.2.2.3"},
         [](Context& c) {
             c.refuses({{about_statement(new_uuid()), "/object"}, {with_context(), "/context/statement"}},
                       {drop("/id"), set("/id", "7"), set("/id", 7), set("/id", json::object{})});
         }},
        {"XAPI-00073",
         "A StatementRef or SubStatement says which it is",
         {"Part Two 2.4.4.3", "4.2.2.3"},
         object_type_needed},
    };
}

} // namespace leerspoor::conformance::checks
