// A statement's own properties, and those that the LRS sets (xAPI 1.0.3 Part Two 2.4, 2.4.1, 2.4.7 to 2.4.10;
// IEEE 9274.1.1 4.2.4).
#include "conformance/checks/groups.hpp"
#include "conformance/probe/context.hpp"
#include "conformance/probe/instant.hpp"

namespace leerspoor::conformance::checks {
namespace {

std::string text_of(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(json::string_view(key.data(), key.size()));
    return value != nullptr && value->is_string() ? std::string(value->get_string().c_str()) : std::string();
}

bool is_timestamp(std::string_view text) {
    return parse_instant(text).has_value();
}

void sets_stored(Context& c) {
    const auto id = c.store(plain().with("/stored", "2013-05-18T05:32:34.804Z"));
    const auto answer = c.send(get("/statements").param("statementId", id));
    const auto stored = text_of(answer.object(), "stored");
    c.expect(answer, is_timestamp(stored), "a statement with a timestamp as \"stored\"");
    c.expect(answer, !stored.starts_with("2013-"), "\"stored\" set by the LRS, not by the client");
}

void stored_is_timestamp(Context& c) {
    const auto id = c.store(plain());
    const auto answer = c.send(get("/statements").param("statementId", id));
    c.expect(answer, is_timestamp(text_of(answer.object(), "stored")),
             "a statement with a timestamp as \"stored\"");
    c.refuses({{plain(), "/stored"}}, {set("", "yesterday"), set("", 7)});
}

void makes_ids(Context& c) {
    const auto posted =
        c.send(post("/statements").body(json::array{plain().statement(), plain().statement()}));
    c.require_status(posted, 200, "two statements without ids");
    const auto ids = posted.array();
    c.require(posted, ids.size() == 2 && ids[0].is_string() && ids[1].is_string() && ids[0] != ids[1],
              "two different ids");
    for (const auto& id : ids) {
        const std::string text(id.get_string().c_str());
        const auto found = c.send_until(get("/statements").param("statementId", text),
                                        [](const Answer& answer) { return answer.status == 200; });
        c.expect(found, text_of(found.object(), "id") == text,
                 "the statement with the id that the LRS gave it");
    }
}

const std::vector<Change>& bad_uuids() {
    static const std::vector<Change> list = {set("", "7"),
                                             set("", "not-a-uuid"),
                                             set("", "39c3dd4a-1c9d-4d26-8dd5-7f5a7b7cc65"),
                                             set("", "39c3dd4a-1c9d-4d26-8dd5-7f5a7b7cc65ff"),
                                             set("", "39c3dd4a1c9d4d268dd57f5a7b7cc65f"),
                                             set("", "{39c3dd4a-1c9d-4d26-8dd5-7f5a7b7cc65f}"),
                                             set("", "39c3dd4g-1c9d-4d26-8dd5-7f5a7b7cc65f")};
    return list;
}

Places uuid_places() {
    return {{plain().with("/id", new_uuid()), "/id"},
            {with_context(), "/context/registration"},
            {with_context(), "/context/statement/id"},
            {about_statement(new_uuid()), "/object/id"},
            {about_substatement(), "/object/context/registration"}};
}

Draft by_authority_group(std::size_t members) {
    json::array list;
    for (std::size_t i = 0; i < members; ++i) list.push_back(i == 0 ? agent_by("account") : agent());
    return plain().with("/authority", {{"objectType", "Group"}, {"member", std::move(list)}});
}

void adds_authority(Context& c) {
    const auto id = c.store(plain());
    const auto answer = c.send(get("/statements").param("statementId", id));
    const auto statement = answer.object();
    const auto* authority = statement.if_contains("authority");
    c.expect(answer, authority != nullptr && authority->is_object() && !authority->get_object().empty(),
             "a statement with an authority");
}

void version_values(Context& c) {
    if (c.is_2_0()) {
        c.accepts({{plain(), "/version"}}, {set("", "2.0.0"), set("", "1.0.0"), set("", "1.0.3")});
        c.refuses({{plain(), "/version"}},
                  {set("", "two"), set("", "0.9.9"), set("", "3.0.0"), set("", ""), set("", 2)});
    } else {
        c.accepts({{plain(), "/version"}}, {set("", "1.0.0"), set("", "1.0.1"), set("", "1.0.9")});
        c.refuses({{plain(), "/version"}},
                  {set("", "one"), set("", "0.9.9"), set("", "1.1.0"), set("", ""), set("", 1)});
    }
}

void adds_timestamp(Context& c) {
    const auto id = c.store(plain());
    const auto answer = c.send(get("/statements").param("statementId", id));
    const auto statement = answer.object();
    c.expect(answer,
             is_timestamp(text_of(statement, "timestamp")) &&
                 text_of(statement, "timestamp") == text_of(statement, "stored"),
             "a timestamp equal to \"stored\"");
}

void future_timestamp(Context& c) {
    c.accepts(plain().with("/timestamp", "2199-01-01T12:00:00.000Z"));
}

} // namespace

Requirements statement_properties() {
    return {
        {"XAPI-00022",
         "A timestamp that is none is refused",
         {"Part Two 2.4", "4.2.4.2"},
         [](Context& c) {
             c.refuses(statement_places(),
                       {set("/timestamp", "soon"), set("/timestamp", 20200101),
                        set("/timestamp", "2020-02-30T00:00:00Z"), set("/timestamp", true)});
             c.accepts(statement_places(), {set("/timestamp", "2020-02-29T23:59:59.999Z")});
         }},
        {"XAPI-00023", "\"stored\" is a timestamp", {"Part Two 2.4", "4.2.4.2"}, stored_is_timestamp},
        {"XAPI-00024",
         "An authority that is neither Agent nor Group is refused",
         {"Part Two 2.4", "4.2.4.2"},
         [](Context& c) {
             c.refuses({{plain(), "/authority"}},
                       {set("", activity()), set("", "me"), set("", json::array{agent()}),
                        set("", json::object{}), set("", {{"objectType", "Agent"}})});
         }},
        {"XAPI-00025",
         "Attachments that are not an array of attachments are refused",
         {"Part Two 2.4", "4.2.2.6"},
         [](Context& c) {
             const auto one = *with_file_url().find("/attachments");
             c.refuses({{plain(), "/attachments"}},
                       {set("", one.at(0)), set("", "a photo"), set("", json::array{"a photo"}),
                        set("", json::array{7})});
         }},
        {"XAPI-00026", "A statement without an id gets one", {"Part Two 2.4.1", "4.2.4.2"}, makes_ids},
        {"XAPI-00027",
         "An id that is no UUID is refused",
         {"Part Two 2.4.1", "4.2.4.2"},
         [](Context& c) {
             c.refuses({{plain(), "/id"}}, bad_uuids());
         }},
        {"XAPI-00028",
         "An id that is no string is refused",
         {"Part Two 2.4.1", "4.2.4.2"},
         [](Context& c) {
             c.refuses({{plain(), "/id"}},
                       {set("", 7), set("", true), set("", json::object{}), set("", json::array{})});
         }},
        {"XAPI-00029",
         "UUIDs in anything but their standard text form are refused, wherever there is one",
         {"Part Two 2.4.1", "4.2.7"},
         [](Context& c) {
             c.refuses(uuid_places(), {set("", "39c3dd4a1c9d4d268dd57f5a7b7cc65f"), set("", 7),
                                       set("", "{39c3dd4a-1c9d-4d26-8dd5-7f5a7b7cc65f}")});
         }},
        {"XAPI-00030",
         "UUIDs that do not follow RFC 4122 are refused, wherever there is one",
         {"Part Two 2.4.1", "4.2.7"},
         [](Context& c) {
             c.refuses(uuid_places(), bad_uuids());
             c.accepts(uuid_places(), {set("", new_uuid())});
         }},
        {"XAPI-00097",
         "The LRS sets \"stored\" itself, whatever was sent",
         {"Part Two 2.4.8", "4.2.4.2"},
         sets_stored},
        {"XAPI-00098",
         "An authority that is a Group has exactly two members",
         {"Part Two 2.4.9", "4.2.4.2"},
         [](Context& c) {
             for (const std::size_t members : {0, 1, 3}) c.refuses(by_authority_group(members));
         }},
        {"XAPI-00099",
         "A statement without an authority gets one",
         {"Part Two 2.4.9", "4.2.4.2"},
         adds_authority},
        {"XAPI-00100",
         "An authority of more than two is refused",
         {"Part Two 2.4.9", "4.2.4.2"},
         [](Context& c) {
             c.refuses(by_authority_group(3));
             c.refuses(by_authority_group(4));
         }},
        {"XAPI-00101",
         "A statement's version is one that the LRS can take, or the statement is refused",
         {"Part Two 2.4.10", "4.2.4.3"},
         version_values},
        {"IEEE-4.2.4.2-1",
         "A statement without a timestamp gets the value of \"stored\"",
         {"", "4.2.4.2"},
         adds_timestamp},
        {"IEEE-4.2.4.2-2",
         "A timestamp in the future is no reason to refuse",
         {"", "4.2.4.2"},
         future_timestamp},
    };
}

} // namespace leerspoor::conformance::checks
