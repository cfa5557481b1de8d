// Statements as events: the filters, where a stream goes on, who may see what. The waiting is stopped
// beforehand, so that a stream ends when all that is there was sent; tests/web/stream.test.mjs looks at
// streams that wait.
#include "tests/server/app_fixture.hpp"

#include <catch2/catch.hpp>

using namespace leerspoor;
using namespace leerspoor::test;

namespace {

struct LiveFixture : AppFixture {
    LiveFixture() { arrivals.stop(); }

    void store_some(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const auto verb = "http://example.com/verbs/" + std::to_string(i % 2);
            const auto mbox = "mailto:" + std::to_string(i % 3) + "@example.com";
            REQUIRE(send("POST", "/xapi/statements", statement({}, verb, mbox)).status == 200);
        }
    }

    // Ids and, after a colon, the verb's last letter and the mailbox's first; "." where an event has no data.
    std::vector<std::string> events(const std::string& query, const Headers& headers = {}) {
        const auto response = send("GET", "/api/v1/statements/live" + query, {}, headers);
        INFO(response.body);
        REQUIRE(response.status == 200);
        CHECK(header(response, "Content-Type") == "text/event-stream");
        CHECK(header(response, "Cache-Control") == "no-store");
        std::vector<std::string> found;
        std::string_view rest = response.body;
        REQUIRE(rest.starts_with("retry: "));
        rest.remove_prefix(rest.find('\n') + 1);
        while (!rest.empty()) {
            REQUIRE(rest.starts_with("id: "));
            const auto end = rest.find("\n\n");
            REQUIRE(end != std::string_view::npos);
            const auto event = rest.substr(4, end - 4);
            rest.remove_prefix(end + 2);
            const auto data = event.find("\ndata: ");
            if (data == std::string_view::npos) {
                found.push_back(std::string(event) + ":.");
                continue;
            }
            const auto told = json_of(event.substr(data + 7));
            const auto verb = text(told.at("verb").at("id"));
            const auto mbox = text(told.at("actor").at("mbox"));
            found.push_back(std::string(event.substr(0, data)) + ":" + verb.back() + mbox[7]);
        }
        return found;
    }
};

using Events = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(LiveFixture, "A live stream begins with what comes from now on", "[live]") {
    store_some(4);
    CHECK(events("") == Events{"4:."});
}

TEST_CASE_METHOD(LiveFixture, "A live stream goes on after the event that came last", "[live]") {
    store_some(5);
    const Events all{"0:.", "1:00", "2:11", "3:02", "4:10", "5:01"};
    CHECK(events("?after=0") == all);
    CHECK(events("?after=3") == Events{"3:.", "4:10", "5:01"});
    CHECK(events("", {{"Last-Event-ID", "3"}}) == Events{"3:.", "4:10", "5:01"});
    // A browser that comes back asks for the same address, and says where it was.
    CHECK(events("?after=1", {{"Last-Event-ID", "4"}}) == Events{"4:.", "5:01"});
    CHECK(events("?after=5") == Events{"5:."});
    // What a store that was put back never had.
    CHECK(events("?after=99") == Events{"5:."});
}

TEST_CASE_METHOD(LiveFixture, "A live stream has the filters of GET statements", "[live]") {
    store_some(6);
    const auto agent = http::percent_encode(R"({"mbox":"mailto:1@example.com"})");
    const auto verb = http::percent_encode("http://example.com/verbs/1");
    CHECK(events("?after=0&agent=" + agent) == Events{"0:.", "2:11", "5:01"});
    CHECK(events("?after=0&verb=" + verb) == Events{"0:.", "2:11", "4:10", "6:12"});
    CHECK(events("?after=0&verb=" + verb + "&agent=" + agent) == Events{"0:.", "2:11"});
    CHECK(events("?after=2&activity=" + http::percent_encode("http://example.com/activities/two")) ==
          Events{"2:."});
    CHECK(refusal(send("GET", "/api/v1/statements/live?limit=3")) == "400 query_parameter_unknown");
    CHECK(refusal(send("GET", "/api/v1/statements/live?after=x")) == "400 query_parameter_invalid");
    CHECK(refusal(send("GET", "/api/v1/statements/live?after=-1")) == "400 query_parameter_invalid");
    CHECK(refusal(send("GET", "/api/v1/statements/live?agent=x")).starts_with("400 "));
    CHECK(refusal(send("GET", "/api/v1/statements/live", {}, {{"Last-Event-ID", "one"}})) ==
          "400 last_event_id_invalid");
}

TEST_CASE_METHOD(LiveFixture, "A live stream of more than a piece loses nothing", "[live]") {
    store_some(600);
    const auto all = events("?after=0");
    REQUIRE(all.size() == 601);
    for (std::size_t i = 1; i < all.size(); ++i) CHECK(all[i].starts_with(std::to_string(i) + ":"));
}

TEST_CASE_METHOD(LiveFixture, "A key that sees its own statements only has a stream of those", "[live]") {
    add_key("mine", {"statements/read/mine", "statements/write"});
    add_key("writer", {"statements/write"});
    add_key("elsewhere", {"all"}, storage::first_store + 1);
    store_some(2);
    const Headers mine{{"Authorization", basic("mine", learner_secret)}};
    REQUIRE(send("POST", "/xapi/statements",
                 statement({}, "http://example.com/verbs/5", "mailto:5@example.com"), mine)
                .status == 200);
    CHECK(events("?after=0", mine) == Events{"0:.", "3:55"});
    CHECK(events("?after=0", {{"Authorization", basic("elsewhere", learner_secret)}}) == Events{"0:."});
    CHECK(refusal(send("GET", "/api/v1/statements/live", {},
                       {{"Authorization", basic("writer", learner_secret)}})) == "403 scope_missing");
}
