// What holds for a statement as a whole: its JSON, its names and types and forms (xAPI 1.0.3 Part Two 2.2;
// IEEE 9274.1.1 4.2.1).
#include "conformance/checks/groups.hpp"
#include "conformance/probe/context.hpp"
#include "conformance/probe/pointer.hpp"

#include <boost/json/serialize.hpp>

namespace leerspoor::conformance::checks {
namespace {

void refuses_text(Context& c, const std::string& text, std::string_view why) {
    c.expect_status(c.send(post("/statements").body("application/json", text)), 400, why);
}

// Every property of a rich statement, one after the other, set to null.
void refuse_nulls(Context& c, const Draft& draft, const json::object& object, const std::string& under) {
    for (const auto& member : object) {
        const auto key = member.key();
        const auto at = under + "/" + escaped({key.data(), key.size()});
        if (key == "extensions") continue;
        c.refuses(draft.with(at, nullptr));
        if (const auto* inner = member.value().if_object()) refuse_nulls(c, draft, *inner, at);
    }
}

void nulls(Context& c) {
    for (const auto& draft : {with_context(), with_result(), by_group(), with_file_url()}) {
        refuse_nulls(c, draft, draft.statement(), "");
    }
    c.refuses(about_substatement().with("/object/verb", nullptr).with("/object/actor", nullptr));
}

void keeps_numbers(Context& c) {
    const auto draft =
        with_result()
            .with("/result/score", {{"scaled", 0.12123434}, {"raw", 12.125}, {"min", 0.25}, {"max", 45.45}})
            .with("/result/extensions/http:~1~1example.com~1pi", 3.14159274);
    const auto kept = json::value(c.fetch(c.store(draft)));
    const auto answer = c.send(get("/about"));
    for (const auto* at : {"/result/score/scaled", "/result/score/raw", "/result/score/min",
                           "/result/score/max", "/result/extensions/http:~1~1example.com~1pi"}) {
        const auto sent = json::value(draft.statement()).at_pointer(at).as_double();
        const auto* got = at_pointer(kept, at);
        const bool near = got != nullptr && got->is_number() &&
                          std::abs(got->to_number<double>() - sent) <= std::abs(sent) * 1e-7;
        c.expect(answer, near, std::string("the statement back with the same number at ") + at);
    }
}

void wrong_types(Context& c) {
    c.refuses(statement_places(),
              {set("/actor", "a learner"), set("/actor", json::array{agent()}), set("/verb", "attempted"),
               set("/verb", json::array{}), set("/object", "a course"), set("/object", 7)});
    c.refuses({{with_context(), ""}}, {set("/context", "here"), set("/context", json::array{})});
    c.refuses({{with_result(), ""}},
              {set("/result", "well"), set("/result", true), set("/result", json::array{})});
    c.refuses({{plain(), ""}}, {set("/id", 7), set("/timestamp", 1700000000), set("/version", 1.0),
                                set("/attachments", json::object{}), set("/authority", "me")});
    for (const auto* body : {"7", "\"a statement\"", "null", "true"}) {
        refuses_text(c, body, "the body is neither a statement nor an array of statements");
    }
}

void wrong_formats(Context& c) {
    c.refuses({{plain(), ""}},
              {set("/actor/mbox", ""), set("/actor/mbox", "mailto:"), set("/verb/id", ""),
               set("/verb/id", "attempted"), set("/object/id", ""), set("/object/id", "a course"),
               set("/id", ""), set("/id", "7"), set("/timestamp", ""), set("/timestamp", "yesterday"),
               set("/object/definition/type", ""), set("/object/definition/moreInfo", ""),
               set("/verb/display", {{"", "attempted"}})});
    c.refuses({{with_context(), "/context"}}, {set("/registration", ""), set("/language", "")});
    c.refuses({{with_result(), "/result"}}, {set("/duration", "")});
}

void key_case(Context& c) {
    for (const auto* at :
         {"/actor", "/verb", "/object", "/actor/mbox", "/actor/name", "/actor/objectType", "/verb/id",
          "/verb/display", "/object/id", "/object/definition", "/object/definition/moreInfo"}) {
        std::string name = std::string(at).substr(std::string(at).rfind('/') + 1);
        name[0] = static_cast<char>(name[0] - 'a' + 'A');
        c.refuses(plain().renamed(at, name));
    }
    c.refuses(with_result().renamed("/result/score", "SCORE"));
    c.refuses(with_context().renamed("/context/contextActivities", "contextactivities"));
    c.refuses(plain().with("/Version", c.is_2_0() ? "2.0.0" : "1.0.0"));
    c.refuses(plain().with("/ID", new_uuid()));
}

void value_case(Context& c) {
    c.refuses({{plain(), ""}}, {set("/actor/objectType", "agent"), set("/actor/objectType", "AGENT"),
                                set("/object/objectType", "activity")});
    c.refuses(by_group().with("/actor/objectType", "group"));
    c.refuses(about_substatement().with("/object/objectType", "substatement"));
    c.refuses(about_statement(new_uuid()).with("/object/objectType", "statementRef"));
    c.refuses(with_interaction("choice").with("/object/definition/interactionType", "Choice"));
    c.refuses(with_interaction("true-false").with("/object/definition/interactionType", "True-False"));
}

void unknown_keys(Context& c) {
    const auto added = set("/somethingElse", "here");
    c.refuses(statement_places(), {added});
    c.refuses(agent_places(), {added});
    c.refuses(verb_places(), {added});
    c.refuses(activity_places(), {added, set("/definition/somethingElse", "here")});
    c.refuses(result_places(), {added, set("/score/somethingElse", 1)});
    c.refuses(context_places(), {added, set("/contextActivities/somethingElse", json::array{activity()})});
    c.refuses({{with_file_url(), "/attachments/0"}, {about_statement(new_uuid()), "/object"}}, {added});
    c.refuses(plain().with("/actor", agent_by("account")).with("/actor/account/somethingElse", "here"));
    if (c.is_2_0()) return;
    const json::object mentor{{"objectType", "contextAgent"}, {"agent", agent()}};
    const json::object team{{"objectType", "contextGroup"}, {"group", identified_group()}};
    c.refuses(context_places(),
              {set("/contextAgents", json::array{mentor}), set("/contextGroups", json::array{team})});
}

void no_scheme(Context& c) {
    const std::vector<Change> relative = {set("", "example.com/no-scheme"), set("", "/no-scheme"),
                                          set("", "noscheme")};
    c.refuses({{plain(), "/verb/id"},
               {plain(), "/object/id"},
               {plain(), "/object/definition/type"},
               {plain(), "/object/definition/moreInfo"},
               {plain().with("/actor", agent_by("openid")), "/actor/openid"},
               {plain().with("/actor", agent_by("account")), "/actor/account/homePage"},
               {with_file_url(), "/attachments/0/usageType"},
               {with_file_url(), "/attachments/0/fileUrl"},
               {with_context(), "/context/contextActivities/parent/0/id"},
               {about_substatement(), "/object/verb/id"}},
              relative);
}

void parameters(Context& c) {
    const auto with = [](const char* name, const char* value) {
        return get("/statements").param(name, value);
    };
    c.expect_each(400, {with("statementId", "7"), with("voidedStatementId", "7"), with("agent", "a learner"),
                        with("agent", R"({"mbox":"learner@example.com"})"), with("agent", "{}"),
                        with("agent", R"({"mbox":"mailto:a@example.com","openid":"https://a.example.com"})"),
                        with("verb", "attempted"), with("activity", "a course"), with("registration", "7"),
                        with("related_activities", "yes"), with("related_agents", "TRUE"),
                        with("since", "yesterday"), with("until", "2020-13-01T00:00:00Z"),
                        with("limit", "-1"), with("limit", "many"), with("format", "short"),
                        with("attachments", "1"), with("ascending", "no")});
}

void well_formed(Context& c) {
    const auto text = json::serialize(plain().statement());
    for (const std::string& broken :
         {text.substr(0, text.size() - 1), text + "}", "[" + text, text + text, text.substr(1),
          std::string("{actor: 1}"), std::string("{'actor': 1}"), std::string("not JSON"), std::string()}) {
        refuses_text(c, broken, "the body is not JSON");
    }
    c.accepts(plain());
    c.accepts(with_context());
    c.accepts(with_result());
    c.accepts(about_agent());
    c.accepts(about_group());
    c.accepts(about_substatement());
    c.accepts(about_statement(new_uuid()));
    c.accepts(by_group());
    c.accepts(by_anonymous_group());
}

void utf_8(Context& c) {
    const std::string name = "Zoë 語学 العربية 🪜";
    const auto draft = plain().with("/object/definition/name/nl", name).with("/actor/name", name);
    const auto id = c.store(draft);
    const auto kept = json::value(c.fetch(id));
    const auto answer = c.send(get("/statements").param("statementId", id));
    for (const auto* at : {"/object/definition/name/nl", "/actor/name"}) {
        const auto* got = at_pointer(kept, at);
        c.expect(answer, got != nullptr && *got == json::value(name),
                 "the same characters at " + std::string(at));
    }
    refuses_text(c,
                 R"({"actor":{"mbox":"mailto:a@example.com","name":")"
                 "\xff\xfe"
                 R"("},)"
                 R"("verb":{"id":"http://example.com/v"},"object":{"id":"http://example.com/a"}})",
                 "the name is not UTF-8");
}

void repeated_keys(Context& c) {
    const std::string actor = R"("actor":{"mbox":"mailto:a@example.com"},)";
    const std::string verb = R"("verb":{"id":"http://example.com/verbs/did"},)";
    const std::string object = R"("object":{"id":"http://example.com/activities/1"})";
    refuses_text(c, "{" + actor + actor + verb + object + "}", "the actor is given twice");
    refuses_text(c, "{" + actor + verb + verb + object + "}", "the verb is given twice");
    refuses_text(c, "{" + actor + verb + object + "," + object + "}", "the object is given twice");
    refuses_text(
        c, R"({"actor":{"mbox":"mailto:a@example.com","mbox":"mailto:b@example.com"},)" + verb + object + "}",
        "the mbox is given twice");
}

Requirement misses(std::string id, std::string_view property, std::string clause) {
    const auto at = "/" + std::string(property);
    return {std::move(id),
            "A statement without " + std::string(property) + " is refused",
            {"Part Two 2.2", clause},
            [at](Context& c) { c.refuses(statement_places(), {drop(at)}); }};
}

} // namespace

Requirements statements_data() {
    return {
        {"XAPI-00001",
         "null is refused wherever it is not inside extensions",
         {"Part Two 2.2", "4.2.1"},
         nulls},
        {"XAPI-00002",
         "Numbers come back with at least the precision of 32-bit floats",
         {"Part Two 2.2", "4.2.1"},
         keeps_numbers},
        misses("XAPI-00003", "actor", "4.2.1"),
        misses("XAPI-00004", "verb", "4.2.1"),
        misses("XAPI-00005", "object", "4.2.1"),
        {"XAPI-00006",
         "A property of another JSON type than its own is refused",
         {"Part Two 2.2", "4.2.1"},
         wrong_types},
        {"XAPI-00007",
         "A string that does not have the form its property needs is refused, the empty one too",
         {"Part Two 2.2", "4.2.1"},
         wrong_formats},
        {"XAPI-00008",
         "The name of a property in another case is refused",
         {"Part Two 2.2", "4.2.1"},
         key_case},
        {"XAPI-00009",
         "A value out of a fixed list in another case is refused",
         {"Part Two 2.2", "4.2.1"},
         value_case},
        {"XAPI-00010",
         "Properties that the specification does not know are refused",
         {"Part Two 2.2", "4.2.1"},
         unknown_keys},
        {"XAPI-00011", "An IRI or IRL without a scheme is refused", {"Part Two 2.2", "4.2.1"}, no_scheme},
        {"XAPI-00012",
         "Parameters are held to the same forms as values in statements",
         {"Part Two 2.2", "4.2.1"},
         parameters},
        {"XAPI-00013",
         "A key of a language map that is no language tag is refused",
         {"Part Two 2.2", "4.2.1"},
         [](Context& c) {
             c.refuses(language_map_places(),
                       {set("", {{"abcdefghij", "text"}}), set("", {{"nl-abcdefghij", "tekst"}})});
         }},
        {"XAPI-00014",
         "Whole JSON makes a statement, anything less is refused",
         {"Part Two 2.1", "4.2.1"},
         well_formed},
        {"XAPI-00015", "Text is UTF-8, and comes back as it was sent", {"Part Three 1.4", "4.1.2"}, utf_8},
        {"XAPI-00021",
         "A property given twice in one object is refused",
         {"Part Two 2.4", "4.2.1"},
         repeated_keys},
    };
}

} // namespace leerspoor::conformance::checks
