// How statements are given back: exact, ids, canonical; with attachments or without (xAPI 1.0.3 Part Three
// 2.1.3; IEEE 9274.1.1 4.1.6.1).
#include "conformance/checks/groups.hpp"
#include "conformance/probe/context.hpp"
#include "conformance/probe/pointer.hpp"

#include <boost/json/serialize.hpp>

namespace leerspoor::conformance::checks {
namespace {

Answer in_format(Context& c, std::string_view id, std::string_view format, std::string_view languages = "") {
    auto call = get("/statements").param("statementId", id);
    if (!format.empty()) call.param("format", format);
    if (!languages.empty()) call.field("Accept-Language", languages);
    auto answer = c.send(call);
    c.require_status(answer, 200, "a statement that was stored");
    return answer;
}

// Each of the places has what the draft has there.
void expect_same(Context& c, const Answer& answer, const Draft& draft,
                 std::initializer_list<const char*> places) {
    const json::value got = answer.object();
    for (const auto* at : places) {
        const auto* value = at_pointer(got, at);
        c.expect(answer, value != nullptr && *value == *draft.find(at),
                 std::string(at) + " exactly as it was sent");
    }
}

void exact(Context& c, std::string_view format) {
    const auto draft = with_context().with("/actor", agent_by("account"));
    const auto id = c.store(draft);
    expect_same(
        c, in_format(c, id, format), draft,
        {"/actor", "/verb", "/object", "/context/instructor", "/context/team", "/context/contextActivities"});
}

void ids(Context& c) {
    const auto draft = by_anonymous_group()
                           .with("/context/instructor", agent())
                           .with("/context/contextActivities/parent", json::array{activity()});
    const auto answer = in_format(c, c.store(draft), "ids");
    const json::value got = answer.object();
    const auto expect = [&](const char* at, const char* sent_at) {
        const auto* value = at_pointer(got, at);
        c.expect(answer, value != nullptr && *value == *draft.find(sent_at), std::string(at) + " is there");
    };
    const auto expect_none = [&](const char* at) {
        c.expect(answer, at_pointer(got, at) == nullptr, std::string("no ") + at);
    };
    expect("/verb/id", "/verb/id");
    expect("/object/id", "/object/id");
    expect("/context/instructor/mbox", "/context/instructor/mbox");
    expect("/context/contextActivities/parent/0/id", "/context/contextActivities/parent/0/id");
    for (const auto* at : {"/object/definition", "/actor/name", "/actor/member/0/name",
                           "/context/instructor/name", "/context/contextActivities/parent/0/definition"}) {
        expect_none(at);
    }
    const auto* members = at_pointer(got, "/actor/member");
    c.expect(answer, members != nullptr && members->is_array() && members->get_array().size() == 2,
             "both members of the anonymous group");
}

bool one_language(const json::value& statement, std::string_view at, std::string_view language) {
    const auto* map = at_pointer(statement, at);
    return map != nullptr && map->is_object() && map->get_object().size() == 1 &&
           (language.empty() ||
            map->get_object().begin()->key() == json::string_view(language.data(), language.size()));
}

void canonical(Context& c) {
    const auto draft = plain();
    const auto answer = in_format(c, c.store(draft), "canonical");
    const json::value got = answer.object();
    for (const auto* at : {"/object/definition/name", "/object/definition/description"}) {
        c.expect(answer, one_language(got, at, ""), std::string(at) + " in one language");
    }
    expect_same(c, answer, draft, {"/actor", "/verb/id", "/object/id"});
}

void languages(Context& c) {
    const auto draft =
        plain().with("/object/definition/description", {{"en", "A course"}, {"fr", "Un cours"}});
    const auto id = c.store(draft);
    struct Wish {
        const char* header;
        const char* name;        // of en, nl
        const char* description; // of en, fr
    };
    for (const auto& wish :
         {Wish{"nl, fr;q=0.5", "nl", "fr"}, Wish{"en", "en", "en"},
          Wish{"fr, nl;q=0.9, en;q=0.1", "nl", "fr"}, Wish{"en;q=0.2, nl;q=0.8", "nl", "en"}}) {
        const auto answer = in_format(c, id, "canonical", wish.header);
        const json::value got = answer.object();
        c.expect(answer, one_language(got, "/object/definition/name", wish.name),
                 std::string("the name in ") + wish.name + " for Accept-Language: " + wish.header);
        c.expect(answer, one_language(got, "/object/definition/description", wish.description),
                 std::string("the description in ") + wish.description +
                     " for Accept-Language: " + wish.header);
    }
}

// RFC 2616 14.4: the longest range that matches decides, a star stands for the rest, q=0 is not acceptable.
void qualities(Context& c) {
    const auto draft =
        plain().with("/object/definition/name", {{"en-GB", "course"}, {"fr", "cours"}, {"nl", "cursus"}});
    const auto id = c.store(draft);
    struct Wish {
        const char* header;
        const char* name;
    };
    for (const auto& wish :
         {Wish{"en;q=0.9, en-GB;q=0.1, fr;q=0.5", "fr"}, Wish{"en-GB;q=0, *;q=0.5, fr;q=0.1", "nl"},
          Wish{"en-GB;q=0, fr;q=0, *;q=0.1", "nl"}, Wish{"en, en-GB;q=0, nl;q=0.2", "nl"},
          Wish{"en", "en-GB"}}) {
        const auto answer = in_format(c, id, "canonical", wish.header);
        const json::value got = answer.object();
        c.expect(answer, one_language(got, "/object/definition/name", wish.name),
                 std::string("the name in ") + wish.name + " for Accept-Language: " + wish.header);
    }
}

void no_attachments(Context& c) {
    const auto id = c.store(with_file_url());
    for (const auto& call : {get("/statements").param("statementId", id).param("attachments", "false"),
                             get("/statements").param("statementId", id),
                             get("/statements").param("limit", "1").param("attachments", "false")}) {
        const auto answer = c.send(call);
        c.expect(answer, answer.status == 200 && answer.is_json(), "200 with application/json");
    }
}

} // namespace

Requirements formats() {
    const Clauses clauses{"Part Three 2.1.3", "4.1.6.1"};
    return {
        {"XAPI-00161", "Without attachments asked for the answer is application/json", clauses,
         no_attachments},
        {"XAPI-00168", "The format is exact when none is asked for", clauses,
         [](Context& c) { exact(c, ""); }},
        {"XAPI-00169", "canonical gives one language of each map of a definition", clauses, canonical},
        {"XAPI-00170", "exact gives agents, verbs and activities as they were sent", clauses,
         [](Context& c) { exact(c, "exact"); }},
        {"XAPI-00171", "ids gives only what identifies", clauses, ids},
        {"P3-2.1.3-1", "canonical reads the qualities of Accept-Language as RFC 2616 does", clauses,
         qualities},
        {"XAPI-00172", "canonical chooses the language of each map by Accept-Language", clauses, languages},
    };
}

} // namespace leerspoor::conformance::checks
