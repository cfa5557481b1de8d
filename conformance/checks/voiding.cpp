// Taking statements back (xAPI 1.0.3 Part Two 2.3.2, Part Three 2.1.4; IEEE 9274.1.1 4.2.5).
#include "conformance/checks/groups.hpp"
#include "conformance/probe/context.hpp"

namespace leerspoor::conformance::checks {
namespace {

Call voided(std::string_view id) {
    return get("/statements").param("voidedStatementId", id);
}

Call not_voided(std::string_view id) {
    return get("/statements").param("statementId", id);
}

bool found(const Answer& answer) {
    return answer.status == 200;
}

void stays_hidden(Context& c) {
    const auto id = c.store(plain());
    c.store(conformance::voiding(id));
    const auto answer = c.send_until(voided(id), found);
    c.expect(answer, answer.object()["id"] == json::value(id), "the voided statement by voidedStatementId");
    c.expect_status(c.send(not_voided(id)), 404, "a voided statement is not found by statementId");
}

void voiders_stay(Context& c) {
    const auto id = c.store(plain());
    const auto voider = c.store(conformance::voiding(id));
    c.send_until(voided(id), found);
    // It may be refused; when it is taken, it does not count.
    const auto second = c.send(post("/statements").body(conformance::voiding(voider).statement()));
    c.expect(second,
             second.status == 200 || second.status == 400 || second.status == 409 || second.status == 403,
             "a voiding statement about a voiding statement refused, or taken and passed over");
    c.expect_status(c.send(not_voided(voider)), 200, "a voiding statement cannot be voided");
    c.expect_status(c.send(voided(voider)), 404, "a voiding statement is never a voided one");
    c.expect_status(c.send(voided(id)), 200, "and what it voided stays voided");
}

void only_references(Context& c) {
    const auto draft = conformance::voiding(new_uuid());
    c.refuses({{draft, "/object"}}, {set("", activity()), set("", agent()), set("", identified_group()),
                                     drop("/objectType"), set("/objectType", "Activity")});
    c.refuses(about_substatement().with("/verb/id", "http://adlnet.gov/expapi/verbs/voided"));
}

void only_that_verb(Context& c) {
    const auto id = c.store(plain());
    c.store(about_statement(id));
    c.store(about_statement(id).with("/verb/id", "http://example.com/verbs/voided-by-hand"));
    c.expect_status(c.send(not_voided(id)), 200, "other verbs void nothing");
    c.store(conformance::voiding(id));
    c.expect(c.send_until(voided(id), found), found(c.send(voided(id))), "200: the voiding verb voids");
}

} // namespace

Requirements voiding() {
    return {
        {"XAPI-00016", "A voiding statement cannot be voided", {"Part Two 2.3.2", "4.2.5"}, voiders_stay},
        {"XAPI-00017",
         "A voiding statement about anything but a StatementRef is refused",
         {"Part Two 2.3.2", "4.2.5"},
         only_references},
        {"XAPI-00018",
         "A statement is voided once a voiding statement refers to it",
         {"Part Two 2.3.2", "4.2.5"},
         stays_hidden},
        {"XAPI-00019",
         "The verb \"voided\" makes a statement a voiding one",
         {"Part Two 2.3.2", "4.2.5"},
         only_that_verb},
        {"XAPI-00020",
         "A voiding statement about a StatementRef is taken",
         {"Part Two 2.3.2", "4.2.5"},
         [](Context& c) { c.accepts(conformance::voiding(c.store(plain()))); }},
        {"IEEE-4.2.5-1",
         "A voiding statement may come before what it voids, or without it",
         {"", "4.2.5"},
         [](Context& c) { c.accepts(conformance::voiding(new_uuid())); }},
    };
}

} // namespace leerspoor::conformance::checks
