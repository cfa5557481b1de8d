// The Agents resource: what is known of somebody (xAPI 1.0.3 Part Three 2.4; IEEE 9274.1.1 4.1.6.3).
#include "conformance/checks/groups.hpp"
#include "conformance/probe/context.hpp"

#include <boost/json/serialize.hpp>

namespace leerspoor::conformance::checks {
namespace {

Answer ask(Context& c, const json::object& who) {
    auto answer = c.send(get("/agents").param("agent", who));
    c.require(answer, answer.status == 200 && !answer.object().empty(), "200 with a Person");
    return answer;
}

bool lists(const Answer& answer, std::string_view property, const json::value& value) {
    const auto person = answer.object();
    const auto* list = person.if_contains(json::string_view(property.data(), property.size()));
    if (list == nullptr || !list->is_array()) return false;
    for (const auto& one : list->get_array()) {
        if (one == value) return true;
    }
    return false;
}

Requirement lists_identifier(std::string id, std::string_view property, std::string_view title) {
    return {std::move(id), std::string(title), {"Part Three 2.4", "4.1.6.3"}, [property](Context& c) {
                const auto who = agent_by(property);
                const auto answer = ask(c, who);
                const auto& value = who.at(json::string_view(property.data(), property.size()));
                c.expect(answer, lists(answer, property, value),
                         "a Person with an array " + std::string(property) + " in which " +
                             json::serialize(value) + " is");
            }};
}

void all_arrays(Context& c) {
    const auto who = agent_by("account");
    c.store(plain().with("/actor", who));
    const auto answer = ask(c, who);
    for (const auto& member : answer.object()) {
        const bool type = member.key() == "objectType";
        c.expect(answer, type ? member.value().is_string() : member.value().is_array(),
                 std::string(member.key()) + (type ? " as a string" : " as an array"));
    }
}

} // namespace

Requirements agents() {
    const Clauses clauses{"Part Three 2.4", "4.1.6.3"};
    const auto answers = [](Context& c) { ask(c, agent()); };
    return {
        {"XAPI-00236", "GET answers 200 with a Person", clauses, answers},
        {"XAPI-00237", "A Person says that it is one", clauses,
         [](Context& c) {
             const auto answer = ask(c, agent());
             c.expect(answer, answer.object()["objectType"] == json::value("Person"),
                      "objectType \"Person\"");
         }},
        {"XAPI-00238", "A Person's names are an array of strings", clauses,
         [](Context& c) {
             const auto who = agent();
             c.store(plain().with("/actor", who));
             const auto answer = ask(c, who);
             const auto person = answer.object();
             const auto* names = person.if_contains("name");
             bool good = names == nullptr || names->is_array();
             if (good && names != nullptr) {
                 for (const auto& name : names->get_array()) good = good && name.is_string();
             }
             c.expect(answer, good, "an array of strings as names, or none");
         }},
        lists_identifier("XAPI-00239", "mbox", "A Person's mbox is an array of mailto IRIs"),
        lists_identifier("XAPI-00240", "mbox_sha1sum", "A Person's mbox_sha1sum is an array of digests"),
        lists_identifier("XAPI-00241", "openid", "A Person's openid is an array of URIs"),
        lists_identifier("XAPI-00242", "account", "A Person's account is an array of accounts"),
        {"XAPI-00243", "GET without an agent is refused", clauses,
         [](Context& c) { c.expect_status(c.send(get("/agents")), 400, "agent is missing"); }},
        {"XAPI-00244", "Each mbox of a Person begins with mailto:", clauses,
         [](Context& c) {
             const auto answer = ask(c, agent());
             const auto person = answer.object();
             const auto* list = person.if_contains("mbox");
             c.require(answer, list != nullptr && list->is_array() && !list->get_array().empty(),
                       "an array mbox");
             for (const auto& one : list->get_array()) {
                 c.expect(answer, one.is_string() && one.get_string().starts_with("mailto:"), "a mailto IRI");
             }
         }},
        {"XAPI-00245", "It is at \"agents\"", clauses, answers},
        {"XAPI-00246", "Everything in a Person but its objectType is an array", clauses, all_arrays},
        {"XAPI-00247", "An agent nobody knows gives a Person with what was asked", clauses,
         [](Context& c) {
             for (const auto* property : {"mbox", "mbox_sha1sum", "openid", "account"}) {
                 const auto who = agent_by(property);
                 const auto answer = ask(c, who);
                 c.expect(answer, lists(answer, property, who.at(property)),
                          std::string("the ") + property + " that was asked");
             }
         }},
        {"XAPI-00248", "The Person is the one asked for", clauses,
         [](Context& c) {
             const auto who = agent_by("account");
             c.store(plain().with("/actor", who));
             c.store(plain());
             const auto answer = ask(c, who);
             c.expect(answer, answer.object()["account"] == json::value(json::array{who.at("account")}),
                      "the one account");
         }},
        {"XAPI-00249", "GET with an agent that is none is refused", clauses,
         [](Context& c) {
             for (const auto* value : {"a learner", "{}", "[]", R"({"mbox":"learner@example.com"})",
                                       R"({"objectType":"Agent"})", R"({"account":{"name":"7"}})"}) {
                 c.expect_status(c.send(get("/agents").param("agent", value)), 400, "it is no Agent");
             }
             c.expect_status(c.send(get("/agents").param("agent", anonymous_group())), 400, "it is a Group");
         }},
    };
}

} // namespace leerspoor::conformance::checks
