// The chain of `more` links (xAPI 1.0.3 Part Three 2.1.3): complete, without repetition, and not disturbed by
// those who write meanwhile.
#include "tests/integration/lrs_client.hpp"
#include "tests/integration/statements.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <latch>
#include <set>
#include <thread>

using namespace leerspoor::tests;

namespace {

std::vector<std::string> batch(std::uint64_t first, std::uint64_t count, const std::string& verb) {
    std::vector<std::string> statements;
    for (std::uint64_t i = first; i < first + count; ++i) {
        statements.push_back(statement({.id = uuid(i), .verb = verb}));
    }
    return statements;
}

} // namespace

TEST_CASE("A more link keeps its filters, format and size, and is relative to the server") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    REQUIRE(lrs.post(array_of(batch(1, 25, "played"))).status == 200);
    REQUIRE(lrs.post(array_of(batch(100, 25, "paused"))).status == 200);
    const std::string query =
        "verb=" + percent_encode(verb_iri("played")) + "&limit=10&ascending=true&format=ids";

    std::vector<std::size_t> sizes;
    auto page = object_in(lrs.get(query).body);
    std::uint64_t next = 1;
    for (;;) {
        sizes.push_back(page.at("statements").as_array().size());
        for (const auto& each : page.at("statements").as_array()) {
            CHECK(each.as_object().at("id").as_string() == uuid(next++));
        }
        const std::string more(page.at("more").as_string());
        if (more.empty()) break;
        CHECK(more.starts_with("/xapi/statements?"));
        page = object_in(lrs.request("GET", more).body);
    }
    CHECK(sizes == std::vector<std::size_t>{10, 10, 5});
}

TEST_CASE("A page is as long as its limit, and never longer than the server's largest") {
    const TemporaryFolder folder;
    const ServerProcess server(
        {.data = folder.path() / "data",
         .arguments = {"--max-page-statements", "30", "--default-page-statements", "20"}});
    LrsClient lrs(server);
    REQUIRE(lrs.post(array_of(batch(1, 60, "played"))).status == 200);
    const auto size_of = [&lrs](const std::string& query) {
        return object_in(lrs.get(query).body).at("statements").as_array().size();
    };
    CHECK(size_of("") == 20);
    CHECK(size_of("limit=7") == 7);
    CHECK(size_of("limit=0") == 30);
    CHECK(size_of("limit=1000000000") == 30);
    CHECK(object_in(lrs.get("limit=60").body).at("more").as_string() != "");
    CHECK(lrs.ids("limit=30").size() == 60);
}

TEST_CASE("A chain goes on where it was after a restart of the server") {
    const TemporaryFolder folder;
    std::string more;
    {
        ServerProcess server({.data = folder.path() / "data"});
        LrsClient lrs(server);
        REQUIRE(lrs.post(array_of(batch(1, 30, "played"))).status == 200);
        more = object_in(lrs.get("limit=20&ascending=true").body).at("more").as_string();
        CHECK(server.stop() == 0);
    }
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    const auto rest = object_in(lrs.request("GET", more).body).at("statements").as_array();
    REQUIRE(rest.size() == 10);
    CHECK(rest.front().as_object().at("id").as_string() == uuid(21));
}

TEST_CASE(
    "Who pages while others write sees every statement that was there at the start, once, and none later") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    constexpr std::uint64_t present = 300;
    LrsClient reader(server);
    REQUIRE(reader.post(array_of(batch(1, present, "played"))).status == 200);

    // Rounds of writing between the pages, and a writer beside them all the time.
    std::atomic<bool> stop = false;
    std::atomic<int> wrong_answers = 0;
    std::latch writing(2);
    std::thread writer([&] {
        LrsClient lrs(server);
        for (std::uint64_t next = 1'000'000; !stop; next += 3) {
            if (lrs.post(array_of(batch(next, 3, "played"))).status != 200) ++wrong_answers;
            if (next == 1'000'000) writing.count_down();
        }
    });
    writing.arrive_and_wait();

    LrsClient other(server);
    std::uint64_t next = 2'000'000;
    const auto write_between = [&] {
        if (other.post(statement({.id = uuid(next++), .verb = "played"})).status != 200) ++wrong_answers;
    };
    for (const std::string direction : {"ascending=true&limit=11", "limit=7"}) {
        INFO(direction);
        const auto before = object_in(reader.get("limit=1").body);
        const std::string last_before(
            before.at("statements").as_array().at(0).as_object().at("stored").as_string());
        std::set<std::string> seen;
        std::string previous;
        std::size_t seen_before = 0;
        const auto first_between = next;
        const auto statements = reader.all(direction, write_between);
        for (const auto& each : statements) {
            const std::string id(each.at("id").as_string());
            const std::string stored(each.at("stored").as_string());
            if (!seen.insert(id).second) FAIL_CHECK(id << " came twice");
            const bool in_order =
                previous.empty() || (direction[0] == 'a' ? previous < stored : previous > stored);
            if (!in_order) FAIL_CHECK(stored << " came after " << previous);
            previous = stored;
            if (stored <= last_before) ++seen_before;
        }
        // All of those of before, by counting them again now that none is added there any more.
        const auto again = reader.all("limit=1000&until=" + percent_encode(last_before));
        CHECK(seen_before == again.size());
        CHECK(again.size() >= present);
        for (std::uint64_t i = 1; i <= present; ++i) {
            if (!seen.contains(uuid(i))) FAIL_CHECK(uuid(i) << " was missed");
        }
        REQUIRE(next > first_between);
        for (std::uint64_t i = first_between; i < next; ++i) {
            if (seen.contains(uuid(i)))
                FAIL_CHECK(uuid(i) << " was stored after the first page and is on a later one");
        }
    }
    stop = true;
    writer.join();
    CHECK(wrong_answers == 0);
}
