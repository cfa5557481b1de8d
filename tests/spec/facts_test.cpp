// What a statement tells that is counted.
#include "spec/facts.hpp"

#include "spec/base/json.hpp"

#include <catch2/catch.hpp>

using namespace leerspoor;
using namespace leerspoor::spec;

namespace {

Facts of(std::string_view json) {
    return facts_of(parse_json(json)->get_object());
}

} // namespace

TEST_CASE("A statement's facts are what it says itself") {
    const auto facts = of(R"({
        "actor": {"mbox": "mailto:Ann@Example.com"}, "verb": {"id": "http://a.b/v"},
        "object": {"id": "http://a.b/o", "definition": {"type": "http://a.b/t"}},
        "timestamp": "2026-03-29T03:00:00+02:00",
        "context": {"registration": "A0000000-0000-4000-8000-000000000001", "platform": "VR", "language": "nl",
                    "team": {"objectType": "Group", "mbox": "mailto:team@b.nl"},
                    "instructor": {"mbox": "mailto:t@b.nl"},
                    "contextActivities": {"parent": {"id": "http://a.b/p"},
                                          "grouping": [{"id": "http://a.b/g"}, {"id": "http://a.b/h"}],
                                          "category": [{"id": "http://a.b/c"}]}},
        "result": {"success": true, "completion": false, "score": {"scaled": 0.87, "raw": -0.0},
                   "duration": "P1DT1H0.255S", "response": "a[,]b"}})");
    CHECK(facts.actor == "mbox mailto:Ann@example.com");
    CHECK(facts.verb == "http://a.b/v");
    CHECK(facts.object == "http://a.b/o");
    CHECK_FALSE(facts.object_is_actor);
    CHECK(facts.activity_type == "http://a.b/t");
    CHECK(format_timestamp(*facts.timestamp) == "2026-03-29T01:00:00.000000Z");
    CHECK(to_string(*facts.registration) == "a0000000-0000-4000-8000-000000000001");
    CHECK(facts.platform == "VR");
    CHECK(facts.language == "nl");
    CHECK(facts.team == "mbox mailto:team@b.nl");
    CHECK(facts.instructor == "mbox mailto:t@b.nl");
    CHECK(facts.parents == std::vector<std::string>{"http://a.b/p"});
    CHECK(facts.groupings == std::vector<std::string>{"http://a.b/g", "http://a.b/h"});
    CHECK(facts.categories == std::vector<std::string>{"http://a.b/c"});
    CHECK(facts.success == true);
    CHECK(facts.completion == false);
    CHECK(facts.score_scaled == 0.87);
    CHECK(facts.score_raw == 0.0);
    CHECK(facts.duration == (25 * 3600) * 100 + 26);
    CHECK(facts.response == "a[,]b");
}

TEST_CASE("What a statement does not say is no fact") {
    const auto facts = of(R"({"actor": {"objectType": "Group", "member": []}, "verb": {"id": "http://a.b/v"},
        "object": {"objectType": "StatementRef", "id": "a0000000-0000-4000-8000-000000000001"}})");
    CHECK(facts.actor.empty());
    CHECK(facts.object.empty());
    CHECK_FALSE(facts.timestamp);
    CHECK_FALSE(facts.registration);
    CHECK_FALSE(facts.success);
    CHECK_FALSE(facts.duration);
    CHECK_FALSE(facts.score_scaled);
    const auto to_agent = of(R"({"actor": {"mbox": "mailto:a@b.nl"}, "verb": {"id": "http://a.b/v"},
        "object": {"objectType": "Agent", "mbox": "mailto:c@b.nl"}, "result": {"response": ")" +
                             std::string(2000, 'x') + R"("}})");
    CHECK(to_agent.object == "mbox mailto:c@b.nl");
    CHECK(to_agent.object_is_actor);
    CHECK(to_agent.response.empty());
}
