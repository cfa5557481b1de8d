// The demonstration: what happens at its academy, and that it keeps off other people's records.
#include "server/demo/demo.hpp"
#include "server/demo/story.hpp"
#include "spec/base/json.hpp"
#include "spec/facts.hpp"
#include "spec/prepare.hpp"
#include "tests/server/app_fixture.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <thread>

using namespace leerspoor;
using namespace leerspoor::test;
namespace demo = server::demo;

namespace {

spec::Instant instant(std::string_view text) {
    return *spec::parse_timestamp(text, spec::Version::v2_0_0);
}

} // namespace

TEST_CASE("Everybody of the demonstration has a name and identifiers of their own", "[demo]") {
    const demo::Academy academy;
    std::set<std::string> names;
    std::set<std::string> mailboxes;
    for (std::size_t i = 0; i < academy.learners(); ++i) {
        names.insert(boost::json::serialize(academy.learner(i)));
        mailboxes.insert(boost::json::serialize(academy.learner_by_mail(i)));
    }
    CHECK(names.size() == academy.learners());
    CHECK(mailboxes.size() == academy.learners());
}

TEST_CASE("Stories of the demonstration are statements of either version, in order, with all that happens",
          "[demo]") {
    const demo::Academy academy;
    const auto from = instant("2023-11-01T00:00:00Z");
    const auto to = instant("2026-11-01T00:00:00Z");
    std::map<std::string, std::size_t> verbs;
    std::set<std::string> ids;
    std::size_t statements = 0;
    std::size_t right = 0;
    std::size_t answered = 0;
    for (std::uint32_t number = 0; number < 200; ++number) {
        const auto enrolment = demo::enrol(academy, 7, number, from, to);
        REQUIRE(enrolment.begin >= from);
        REQUIRE(enrolment.learner < academy.learners());
        auto before = from;
        for (const auto& step : demo::story(academy, enrolment)) {
            REQUIRE(step.at >= before);
            before = step.at;
            const auto told = demo::statement(academy, enrolment, step);
            for (const auto version : {spec::Version::v1_0_3, spec::Version::v2_0_0}) {
                const auto prepared =
                    spec::prepare_statement(told, version, academy.authority(), [] { return spec::Uuid{}; });
                INFO(boost::json::serialize(told));
                REQUIRE(prepared.has_value());
                if (version == spec::Version::v1_0_3) continue;
                ++statements;
                ids.insert(spec::to_string(prepared->id));
                ++verbs[prepared->facts.verb.substr(prepared->facts.verb.rfind('/') + 1)];
                REQUIRE(prepared->facts.registration.has_value());
                REQUIRE(!prepared->facts.team.empty());
                if (step.event == demo::Event::answered) {
                    ++answered;
                    right += prepared->facts.success.value_or(false) ? 1 : 0;
                    CHECK(prepared->facts.success.value_or(false) == (prepared->facts.response == "a"));
                }
            }
        }
    }
    CHECK(ids.size() == statements);
    for (const auto* verb : {"initialized", "resumed", "suspended", "experienced", "completed", "answered",
                             "passed", "failed", "attended", "responded"}) {
        INFO(verb);
        CHECK(verbs[verb] > 0);
    }
    CHECK(right > answered / 2);
    CHECK(right < answered * 9 / 10);
    // Again, the same.
    const auto again = demo::enrol(academy, 7, 3, from, to);
    CHECK(
        demo::statement(academy, again, demo::story(academy, again).front()) ==
        demo::statement(academy, again, demo::story(academy, demo::enrol(academy, 7, 3, from, to)).front()));
}

TEST_CASE_METHOD(AppFixture, "The demonstration fills an empty store, and then goes on", "[demo]") {
    REQUIRE(demo::claim(store).has_value());
    std::jthread running([this](const std::stop_token& stop) { demo::run(stop, store, 1200, *log); });
    const auto count = [this] { return store.count_statements(storage::first_store, {})->matches; };
    while (count() <= 1200)
        std::this_thread::yield(); // the test's own limit of time ends what would never come
    running = {};
    // What began is a demonstration, also with records in it.
    CHECK(demo::claim(store).has_value());
    const auto there = count();
    std::jthread once_more([this](const std::stop_token& stop) { demo::run(stop, store, 1200, *log); });
    while (count() == there) std::this_thread::yield();
    once_more = {};
    CHECK(count() < there + 100);
}

TEST_CASE_METHOD(AppFixture, "The demonstration leaves a store with records alone", "[demo]") {
    REQUIRE(send("POST", "/xapi/statements", statement()).status == 200);
    const auto claimed = demo::claim(store);
    REQUIRE(claimed.has_error());
    CHECK(claimed.error().code == "demo_store_in_use");
}
