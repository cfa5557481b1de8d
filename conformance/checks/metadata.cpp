// Data types that occur all over a statement: extensions, language maps, timestamps, durations and IRIs (xAPI
// 1.0.3 Part Two 4; IEEE 9274.1.1 4.2.7).
#include "conformance/checks/groups.hpp"
#include "conformance/probe/context.hpp"
#include "conformance/probe/pointer.hpp"

#include <boost/json/serialize.hpp>
#include <cmath>
#include <cstdlib>

namespace leerspoor::conformance::checks {
namespace {

void any_value(Context& c) {
    const auto key = "http://example.com/extensions/anything";
    c.accepts(extensions_places(), {set("", {{key, nullptr}}), set("", {{key, ""}}),
                                    set("", {{key, json::object{}}}), set("", {{key, json::array{}}}),
                                    set("", {{key, {{"null", nullptr}}}}), set("", json::object{})});
}

// At least a float's precision must be there (4.1); many digits, or an exponent beyond a double's, are no
// reason to refuse.
void any_number(Context& c) {
    const auto* const key = "http://example.com/extensions/number";
    for (const std::string digits :
         {"123456789012345678901234567890", "-0.12345678901234567890123456789", "1e400", "-1E-400"}) {
        const auto id = new_uuid();
        const auto draft = plain().with_id(id).with("/context/extensions", {{key, "digits"}});
        auto text = json::serialize(draft.statement());
        text.replace(text.find("\"digits\""), sizeof "\"digits\"" - 1, digits);
        c.require_status(c.send(post("/statements").body("application/json", text)), 200,
                         "an extension with the number " + digits);
        const auto answer = c.send_until(get("/statements").param("statementId", id).param("format", "exact"),
                                         [](const Answer& got) { return got.status == 200; });
        const auto statement = answer.json();
        const auto* got = statement ? at_pointer(*statement, "/context/extensions") : nullptr;
        const auto* number = got != nullptr ? got->as_object().if_contains(key) : nullptr;
        const bool kept = answer.body.find(digits) != std::string::npos;
        const double wanted = std::strtod(digits.c_str(), nullptr);
        const bool close = number != nullptr && number->is_number() &&
                           std::abs(number->to_number<double>() - wanted) <= std::abs(wanted) * 1e-6;
        c.expect(answer, kept || close, "the number " + digits);
    }
}

void language_tags(Context& c) {
    c.refuses(language_map_places(),
              {set("", {{"a12345678", "text"}}), set("", {{"nl", 7}}), set("", {{"", "tekst"}})});
    c.accepts(plain().with("/verb/display", {{"nl", "a"},
                                             {"en-GB", "a"},
                                             {"zh-Hans-CN", "a"},
                                             {"sl-rozaj-biske", "a"},
                                             {"de-CH-1996", "a"},
                                             {"x-own", "a"}}));
}

void milliseconds(Context& c) {
    const auto id = c.store(plain().with("/timestamp", "2020-06-14T10:20:30.123456Z"));
    const auto answer = c.send(get("/statements").param("statementId", id));
    const json::value statement = answer.object();
    const auto* got = at_pointer(statement, "/timestamp");
    c.expect(answer,
             got != nullptr && got->is_string() && got->get_string().find(":30.123") != json::string::npos,
             "a timestamp with at least the milliseconds that were sent");
}

void timestamps(Context& c) {
    c.accepts(statement_places(),
              {set("/timestamp", "2020-06-14T10:20:30Z"), set("/timestamp", "2020-06-14T10:20:30.5Z"),
               set("/timestamp", "2020-06-14T10:20:30.123+02:00"),
               set("/timestamp", "2020-06-14T10:20:30.123-11:30")});
    c.refuses(statement_places(),
              {set("/timestamp", "14 June 2020"), set("/timestamp", "2020-06-14T10:20:30-00:00"),
               set("/timestamp", "2020-06-14T25:20:30Z"), set("/timestamp", "2020-06-31T10:20:30Z"),
               set("/timestamp", "2020-13-14T10:20:30Z"), set("/timestamp", "2020-06-14 at 10"),
               set("/timestamp", "2020-06-14T10:60:30Z")});
}

void durations(Context& c) {
    auto places = result_places();
    for (auto& place : places) place.at += "/duration";
    std::vector<Change> right;
    for (const auto* text :
         {"PT4H35M59.14S", "PT16559.14S", "P3Y1M29DT4H35M59.14S", "P3Y", "P4W", "P1DT12H", "PT0S"}) {
        right.push_back(set("", text));
    }
    std::vector<Change> wrong;
    for (const auto* text :
         {"P4W1D", "4M", "PT", "P", "T4H", "PT4H2D", "P0003-01-29T04:35:59", "P1.5Y2M", "pt4h", "P-1D"}) {
        wrong.push_back(set("", text));
    }
    c.accepts(places, right);
    c.refuses(places, wrong);
}

std::string kept_text(Context& c, const Draft& draft, std::string_view at, Answer& answer) {
    const auto id = c.store(draft);
    answer = c.send(get("/statements").param("statementId", id));
    const json::value statement = answer.object();
    const auto* got = at_pointer(statement, at);
    return got != nullptr && got->is_string() ? std::string(got->get_string().c_str()) : std::string();
}

void precise_durations(Context& c) {
    Answer answer;
    const auto kept = kept_text(c, with_result().with("/result/duration", "P1DT12H36M0.12567S"),
                                "/result/duration", answer);
    c.expect(answer, kept == "P1DT12H36M0.12567S" || kept == "P1DT12H36M0.12S",
             "the duration as it was sent, or cut to 0.01 s, and not rounded");
}

void same_instant(Context& c) {
    Answer answer;
    const auto kept =
        kept_text(c, plain().with("/timestamp", "2023-05-04T12:00:00-05:00"), "/timestamp", answer);
    c.expect(answer, kept.starts_with("2023-05-04T17:00:00") || kept.starts_with("2023-05-04T12:00:00-05"),
             "a timestamp of the same instant");
}

void iris_as_they_are(Context& c) {
    const auto unique = new_uuid();
    const auto plain_iri = "http://example.com/a/" + unique;
    const auto other_iri = "http://example.com/a/" + unique + "/";
    const auto id = c.store(plain().with("/object/id", plain_iri));
    const auto same = c.send(get("/statements").param("activity", plain_iri));
    c.expect(same, contains(ids_of(same), id), "the statement about this Activity");
    const auto other = c.send(get("/statements").param("activity", other_iri));
    c.expect(other, ids_of(other).empty(), "no statement: an IRI with a slash more is another one");
}

} // namespace

Requirements metadata() {
    return {
        {"P2-4.1-1",
         "No statement is refused for a number in an extension",
         {"Part Two 4.1", "4.2.7"},
         any_number},
        {"XAPI-00118",
         "Keys of extensions are IRIs",
         {"Part Two 4.1", "4.2.7"},
         [](Context& c) {
             c.refuses(extensions_places(),
                       {set("", {{"no IRI", 1}}), set("", {{"", 1}}), set("", {{"example.com/x", 1}})});
         }},
        {"XAPI-00119",
         "Values in extensions may be anything, null and empty ones too",
         {"Part Two 4.1", "4.2.7"},
         any_value},
        {"XAPI-00120",
         "Extensions are an object",
         {"Part Two 4.1", "4.2.7"},
         [](Context& c) {
             c.refuses(extensions_places(),
                       {set("", "more"), set("", 7), set("", true), set("", json::array{}),
                        set("", json::array{{{"http://example.com/x", 1}}})});
         }},
        {"XAPI-00121",
         "Language maps have language tags of RFC 5646 and strings",
         {"Part Two 4.2", "4.2.7"},
         language_tags},
        {"XAPI-00122", "Timestamps keep their milliseconds", {"Part Two 4.5", "4.2.7"}, milliseconds},
        {"XAPI-00123", "Timestamps are of ISO 8601", {"Part Two 4.5", "4.2.7"}, timestamps},
        {"XAPI-00124",
         "Durations are of ISO 8601, in its form with designators",
         {"Part Two 4.6", "4.2.7"},
         durations},
        {"IEEE-4.2.7-1",
         "A duration more precise than 0.01 s is taken, and cut at most",
         {"", "4.2.7"},
         precise_durations},
        {"IEEE-4.2.7-2", "A timestamp with an offset keeps its instant", {"", "4.2.7"}, same_instant},
        {"IEEE-4.2.7-3",
         "IRIs are compared as strings, or after normalising their syntax",
         {"", "4.2.7"},
         iris_as_they_are},
    };
}

} // namespace leerspoor::conformance::checks
