#include "server/http/message.hpp"
#include "server/http/percent.hpp"

#include <catch2/catch.hpp>

using namespace leerspoor;
using namespace leerspoor::server::http;

TEST_CASE("a query is decoded into names and values in order, with + as a blank") {
    const auto query =
        parse_query("agent=%7B%22a%22%3A1%7D&x=a+b%2Bc&x=2&empty=&bare&=v&&caf%C3%A9=%E2%82%AC");
    REQUIRE(query.has_value());
    CHECK(*query == Parameters{{"agent", R"({"a":1})"},
                               {"x", "a b+c"},
                               {"x", "2"},
                               {"empty", ""},
                               {"bare", ""},
                               {"", "v"},
                               {"caf\xC3\xA9", "\xE2\x82\xAC"}});
}

TEST_CASE("an empty query has no parameters") {
    const auto query = parse_query("");
    REQUIRE(query.has_value());
    CHECK(query->empty());
}

TEST_CASE("a broken escape or bytes that are no UTF-8 are refused, and the parameter is named") {
    const std::string query = GENERATE("a=%", "a=%4", "a=%4g", "a=%C3", "a=%C0%80", "a=%ED%A0%80",
                                       "a=%F4%90%80%80", "a=%E0%80%80", "a=%F0%80%80%80", "a=\xFF", "a=%80");
    CAPTURE(query);
    const auto parsed = parse_query(query);
    REQUIRE(parsed.has_error());
    CHECK(parsed.error().code == "query_invalid");
    CHECK_THAT(parsed.error().message, Catch::Contains("\"a\""));
}

TEST_CASE("a broken escape in a parameter's name is refused") {
    const auto parsed = parse_query("ok=1&b%zz=2");
    REQUIRE(parsed.has_error());
    CHECK(parsed.error().code == "query_invalid");
}

TEST_CASE("percent-encoding leaves the unreserved characters alone and survives decoding") {
    CHECK(percent_encode("aZ09-._~") == "aZ09-._~");
    CHECK(percent_encode("a b+&=/?\xC3\xA9") == "a%20b%2B%26%3D%2F%3F%C3%A9");
    std::string every;
    for (int c = 0; c < 128; ++c) every += static_cast<char>(c);
    const auto back = parse_query("x=" + percent_encode(every));
    REQUIRE(back.has_value());
    CHECK(back->front().second == every);
}

TEST_CASE("header fields compare without case; set replaces every field of a name") {
    Fields fields;
    fields.add("ETag", "1");
    fields.add("Vary", "Origin");
    fields.add("etag", "2");
    CHECK(fields.find("ETAG") == "1");
    CHECK_FALSE(fields.contains("ETa"));
    fields.set("eTag", "3");
    CHECK(fields.find("etag") == "3");
    CHECK(std::distance(fields.begin(), fields.end()) == 2);
}

TEST_CASE("a target is split at its first question mark") {
    RequestHead head;
    head.target = "/xapi/statements?a=1?2";
    CHECK(head.path() == "/xapi/statements");
    CHECK(head.query() == "a=1?2");
    head.target = "/xapi/about";
    CHECK(head.path() == "/xapi/about");
    CHECK(head.query().empty());
}
