// The filters of GET statements (xAPI 1.0.3 Part Three 2.1.3), alone and together.
#include "tests/integration/lrs_client.hpp"
#include "tests/integration/statements.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace leerspoor::tests;

namespace {

using Ids = std::vector<std::string>;

std::string parameter(const std::string& name, const std::string& value) {
    return name + "=" + percent_encode(value);
}

const std::string registration = "5b3dd2e6-3c5e-4d5d-8f0b-5f3b8c0a7e11";

// One statement for each way in which a statement can have to do with Ben, the course "house" or a
// registration.
const std::vector<std::string>& scene() {
    static const std::vector<std::string> statements = {
        statement({.id = uuid(1), .actor = agent("ben"), .verb = "launched", .activity = "house"}),
        statement({.id = uuid(2), .verb = "completed", .activity = "house"}),
        statement({.id = uuid(3), .object = R"({"objectType":"Agent","mbox":"mailto:ben@example.org"})"}),
        statement(
            {.id = uuid(4),
             .actor = R"({"objectType":"Group","member":[)" + agent("ada") + "," + agent("ben") + "]}"}),
        statement({.id = uuid(5), .further = R"("context":{"instructor":)" + agent("ben") + "}"}),
        statement({.id = uuid(6),
                   .further = R"("context":{"contextActivities":{"grouping":[{"id":")" +
                              activity_iri("house") + R"("}]}})"}),
        statement({.id = uuid(7), .further = R"("context":{"registration":")" + registration + R"("})"}),
        statement({.id = uuid(8),
                   .object = R"({"objectType":"SubStatement","actor":)" + agent("ben") +
                             R"(,"verb":{"id":")" + verb_iri("planned") + R"("},"object":{"id":")" +
                             activity_iri("house") + R"("}})"}),
        statement({.id = uuid(9), .actor = agent("ben"), .verb = "completed", .activity = "garden"}),
    };
    return statements;
}

} // namespace

TEST_CASE("Each filter finds what the specification says, in order of storing, and filters combine by AND") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    for (const auto& each : scene()) lrs.store(each);

    const auto ben = parameter("agent", agent("ben"));
    const auto house = parameter("activity", activity_iri("house"));
    const auto check = [&lrs](const std::string& query, const std::vector<std::uint64_t>& numbers) {
        INFO("query: " << query);
        Ids expected;
        for (const auto number : numbers) expected.push_back(uuid(number));
        CHECK(lrs.ids(query + "&ascending=true") == expected);
        CHECK(lrs.ids(query + "&ascending=true&limit=1") == expected);
        std::reverse(expected.begin(), expected.end());
        CHECK(lrs.ids(query) == expected);
        CHECK(lrs.ids(query + "&limit=2") == expected);
    };

    check(ben, {1, 3, 4, 9});
    check(ben + "&related_agents=false", {1, 3, 4, 9});
    check(ben + "&related_agents=true", {1, 3, 4, 5, 8, 9});
    check(parameter("verb", verb_iri("completed")), {2, 9});
    check(house, {1, 2});
    check(house + "&related_activities=true", {1, 2, 6, 8});
    check("registration=" + registration, {7});
    check("related_agents=true", {1, 2, 3, 4, 5, 6, 7, 8, 9});

    check(ben + "&" + house, {1});
    check(ben + "&" + parameter("verb", verb_iri("completed")), {9});
    check(ben + "&related_agents=true&" + house + "&related_activities=true", {1, 8});
    check(house + "&" + parameter("verb", verb_iri("completed")), {2});
    check(house + "&registration=" + registration, {});
    check(parameter("verb", verb_iri("never-used")), {});
    check(parameter("agent", agent("nobody")), {});
}

TEST_CASE("An agent is found by each kind of identifier, and by no other agent's") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    const std::vector<std::string> agents = {
        agent("ada"),
        R"({"mbox_sha1sum":"ebd31e95054c018b10727ccffd2ef2ec3a016ee9"})",
        R"({"openid":"https://ada.example.org/"})",
        R"({"account":{"homePage":"https://lms.example.org/","name":"ada"}})",
        R"({"account":{"homePage":"https://other.example.org/","name":"ada"}})",
        R"({"objectType":"Group","mbox":"mailto:everybody@example.org"})",
    };
    for (std::size_t i = 0; i < agents.size(); ++i)
        lrs.store(statement({.id = uuid(i + 1), .actor = agents[i]}));
    for (std::size_t i = 0; i < agents.size(); ++i) {
        INFO(agents[i]);
        CHECK(lrs.ids(parameter("agent", agents[i])) == Ids{uuid(i + 1)});
    }
}

TEST_CASE("since is exclusive and until inclusive, on the time of storing") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    std::vector<std::string> stored;
    for (std::uint64_t i = 1; i <= 5; ++i) {
        const auto id = lrs.store(statement({.id = uuid(i)}));
        stored.emplace_back(object_in(lrs.get_id(id).body).at("stored").as_string());
    }
    const auto since = [&](std::size_t i) { return parameter("since", stored[i - 1]); };
    const auto until = [&](std::size_t i) { return parameter("until", stored[i - 1]); };
    CHECK(lrs.ids(since(2)) == Ids{uuid(5), uuid(4), uuid(3)});
    CHECK(lrs.ids(until(2)) == Ids{uuid(2), uuid(1)});
    CHECK(lrs.ids(since(1) + "&" + until(4) + "&ascending=true") == Ids{uuid(2), uuid(3), uuid(4)});
    CHECK(lrs.ids(since(5)).empty());
    CHECK(lrs.ids("since=2000-01-01T00%3A00%3A00Z").size() == 5);
    CHECK(lrs.ids("until=2000-01-01T00%3A00%3A00%2B02%3A00").empty());
}

TEST_CASE("A statement about a statement is found by what its target matches, whichever came first") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    const auto house = parameter("activity", activity_iri("house"));
    const auto target = [](std::uint64_t id) { return statement({.id = uuid(id), .activity = "house"}); };
    const auto about = [](std::uint64_t id, std::uint64_t of) {
        return statement(
            {.id = uuid(id), .actor = agent("ben"), .verb = "praised", .object = statement_ref(uuid(of))});
    };
    lrs.store(target(1));
    lrs.store(about(2, 1));
    lrs.store(about(4, 3));
    lrs.store(about(5, 4));
    CHECK(lrs.ids(house + "&ascending=true") == Ids{uuid(1), uuid(2)});
    lrs.store(target(3));
    CHECK(lrs.ids(house + "&ascending=true") == Ids{uuid(1), uuid(2), uuid(4), uuid(5), uuid(3)});
    CHECK(lrs.ids(house + "&" + parameter("agent", agent("ben")) + "&ascending=true") ==
          Ids{uuid(2), uuid(4), uuid(5)});
}

TEST_CASE("A voided statement leaves every answer but voidedStatementId; its voiding statement stays") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    lrs.store(statement({.id = uuid(1), .activity = "house"}));
    lrs.store(voiding(uuid(1), uuid(2)));
    CHECK(lrs.get_id(uuid(1)).status == 404);
    CHECK(lrs.get("voidedStatementId=" + uuid(1)).status == 200);
    CHECK(lrs.get("voidedStatementId=" + uuid(2)).status == 404);
    CHECK(lrs.get_id(uuid(2)).status == 200);
    CHECK(lrs.ids("") == Ids{uuid(2)});
    CHECK(lrs.ids(parameter("activity", activity_iri("house"))) == Ids{uuid(2)});

    // Nothing voids a voiding statement, and a voiding statement may come first.
    lrs.post(voiding(uuid(2), uuid(3)));
    CHECK(lrs.get_id(uuid(2)).status == 200);
    CHECK(lrs.get_id(uuid(1)).status == 404);
    lrs.store(voiding(uuid(9), uuid(8)));
    lrs.store(statement({.id = uuid(9)}));
    CHECK(lrs.get_id(uuid(9)).status == 404);
    CHECK(lrs.get("voidedStatementId=" + uuid(9)).status == 200);
}
