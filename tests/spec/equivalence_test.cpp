#include "spec/base/json.hpp"
#include "spec/equivalence.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace leerspoor;
using namespace leerspoor::spec;

// The sentence every test varies, with `rest` behind it.
std::string with(const std::string& rest) {
    return R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"id":"http://o"})" + rest +
           "}";
}

bool same(const std::string& kept, const std::string& resent, bool timestamp_was_given = true,
          Version version = Version::v1_0_3) {
    const auto a = parse_json(kept);
    const auto b = parse_json(resent);
    REQUIRE(a.has_value());
    REQUIRE(b.has_value());
    const Resent how{timestamp_was_given, version};
    const bool result = equivalent(a->as_object(), b->as_object(), how);
    CHECK(equivalent(b->as_object(), a->as_object(), how) == result);
    const Resent compared{timestamp_was_given && b->as_object().contains("timestamp"), version};
    CHECK(equivalent(statement_digest(a->as_object()), statement_digest(b->as_object()), compared) == result);
    return result;
}

} // namespace

TEST_CASE("What an LRS sets does not count: authority, stored, version") {
    CHECK(
        same(with(R"(,"authority":{"mbox":"mailto:l@b"},"stored":"2024-05-01T10:00:00Z","version":"1.0.0")"),
             with("")));
}

TEST_CASE("An id counts without its case") {
    CHECK(same(with(R"(,"id":"6690e6c9-3ef0-4ed3-8b37-7f3964730bee")"),
               with(R"(,"id":"6690E6C9-3EF0-4ED3-8B37-7F3964730BEE")")));
}

TEST_CASE("A timestamp counts as an instant") {
    CHECK(same(with(R"(,"timestamp":"2024-05-01T10:00:00Z")"),
               with(R"(,"timestamp":"2024-05-01T12:00:00.000+02:00")")));
    CHECK_FALSE(
        same(with(R"(,"timestamp":"2024-05-01T10:00:00Z")"), with(R"(,"timestamp":"2024-05-01T10:00:01Z")")));
}

TEST_CASE("A timestamp that the LRS made does not count") {
    CHECK(same(with(R"(,"timestamp":"2024-05-01T10:00:00Z")"), with(R"(,"timestamp":"2024-05-01T10:00:01Z")"),
               false));
    const auto kept = parse_json(with(R"(,"timestamp":"2024-05-01T10:00:00Z")"));
    const auto resent = parse_json(with(""));
    CHECK(equivalent(kept->as_object(), resent->as_object(), {false}));
    CHECK(equivalent(kept->as_object(), resent->as_object()));
}

TEST_CASE("In 2.0 neither timestamp nor attachments count, in 1.0.3 both do (IEEE 9274.1.1 4.2)") {
    const auto one = with(R"(,"timestamp":"2024-05-01T10:00:00Z","attachments":[{"sha2":"a"}])");
    const auto later = with(R"(,"timestamp":"2025-05-01T10:00:00Z","attachments":[{"sha2":"a"}])");
    const auto other = with(R"(,"timestamp":"2024-05-01T10:00:00Z","attachments":[{"sha2":"b"}])");
    const auto neither = with("");
    for (const auto& resent : {later, other, neither}) CHECK(same(one, resent, true, Version::v2_0_0));
    CHECK_FALSE(same(one, later));
    CHECK_FALSE(same(one, other));
    CHECK_FALSE(same(one, with(R"(,"timestamp":"2024-05-01T10:00:00Z")")));
    CHECK_FALSE(same(one, with(R"(,"result":{"success":true})"), true, Version::v2_0_0));
    // A SubStatement's own are part of what was said.
    const auto sub = [](const std::string& rest) {
        return R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"objectType":"SubStatement","actor":{"mbox":"mailto:a@b"},)"
               R"("verb":{"id":"http://v"},"object":{"id":"http://o"})" +
               rest + "}}";
    };
    CHECK_FALSE(same(sub(R"(,"timestamp":"2024-05-01T10:00:00Z")"), sub(""), true, Version::v2_0_0));
}

TEST_CASE("A number that was kept as its text is compared by it") {
    const auto number = [](const std::string& digits) {
        return with(R"(,"context":{"extensions":{"http://e":)" + digits + "}}");
    };
    const auto equal = [&](const std::string& a, const std::string& b) {
        return equivalent(parse_stored_json(number(a))->as_object(),
                          parse_stored_json(number(b))->as_object());
    };
    CHECK(equal("123456789012345678901234567890", "123456789012345678901234567890"));
    CHECK_FALSE(equal("123456789012345678901234567890", "123456789012345678901234567891"));
    CHECK_FALSE(equal("1e400", "1e401"));
}

TEST_CASE("Verb displays and activity definitions do not count") {
    CHECK(same(
        R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v","display":{"en":"x"}},"object":{"objectType":"Activity","id":"http://o","definition":{"name":{"en":"o"}}}})",
        with("")));
    CHECK_FALSE(same(
        with(""), R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://w"},"object":{"id":"http://o"}})"));
    CHECK_FALSE(same(
        with(""), R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"id":"http://p"}})"));
}

TEST_CASE("The order of properties does not count") {
    CHECK(same(
        with(""),
        R"({"object":{"id":"http://o"},"verb":{"id":"http://v"},"actor":{"objectType":"Agent","mbox":"mailto:a@b"}})"));
}

TEST_CASE("The domain of an address is compared without case, its local part with") {
    CHECK(same(with(R"(,"context":{"instructor":{"mbox":"mailto:i@EXAMPLE.com"}})"),
               with(R"(,"context":{"instructor":{"mbox":"mailto:i@example.com"}})")));
    CHECK_FALSE(same(with(R"(,"context":{"instructor":{"mbox":"mailto:I@example.com"}})"),
                     with(R"(,"context":{"instructor":{"mbox":"mailto:i@example.com"}})")));
}

TEST_CASE("Members of a Group have no order, but count") {
    const auto team = [](const std::string& members) {
        return with(R"(,"context":{"team":{"objectType":"Group","member":[)" + members + "]}}");
    };
    CHECK(same(team(R"({"mbox":"mailto:x@b"},{"mbox":"mailto:y@b"})"),
               team(R"({"mbox":"mailto:y@b"},{"mbox":"mailto:x@b","objectType":"Agent"})")));
    CHECK_FALSE(
        same(team(R"({"mbox":"mailto:x@b"},{"mbox":"mailto:y@b"})"), team(R"({"mbox":"mailto:x@b"})")));
    CHECK_FALSE(same(team(R"({"mbox":"mailto:x@b"},{"mbox":"mailto:x@b"})"),
                     team(R"({"mbox":"mailto:x@b"},{"mbox":"mailto:y@b"})")));
}

TEST_CASE("A single context activity equals an array of it; the order of an array counts") {
    const auto parent = [](const std::string& value) {
        return with(R"(,"context":{"contextActivities":{"parent":)" + value + "}}");
    };
    CHECK(same(parent(R"({"id":"http://p"})"), parent(R"([{"id":"http://p","definition":{}}])")));
    CHECK_FALSE(same(parent(R"([{"id":"http://p"},{"id":"http://q"}])"),
                     parent(R"([{"id":"http://q"},{"id":"http://p"}])")));
}

TEST_CASE("Durations are compared to 0.01 second, and not by length") {
    const auto lasting = [](const std::string& duration) {
        return with(R"(,"result":{"duration":")" + duration + "\"}");
    };
    CHECK(same(lasting("P1DT12H36M0.1237S"), lasting("P1DT12H36M0.12S")));
    CHECK_FALSE(same(lasting("P1DT12H36M0.13S"), lasting("P1DT12H36M0.12S")));
    CHECK_FALSE(same(lasting("PT60M"), lasting("PT1H")));
    // Each part counts, and its unit does.
    const std::string whole = "P1Y2M3DT4H5M6S";
    for (const auto* other : {"P2Y2M3DT4H5M6S", "P1Y3M3DT4H5M6S", "P1Y2M4DT4H5M6S", "P1Y2M3DT5H5M6S",
                              "P1Y2M3DT4H6M6S", "P1Y2M3DT4H5M7S", "P1W"}) {
        CHECK_FALSE(same(lasting(whole), lasting(other)));
    }
    for (const auto& [one, two] : {std::pair{"P1Y", "P1M"},
                                   {"P1M", "P1D"},
                                   {"P1D", "P1W"},
                                   {"PT1H", "PT1M"},
                                   {"PT1M", "PT1S"},
                                   {"P1M", "PT1M"},
                                   {"P1W", "P2W"}}) {
        CHECK_FALSE(same(lasting(one), lasting(two)));
        CHECK(same(lasting(one), lasting(one)));
    }
}

TEST_CASE("Numbers are compared by value") {
    CHECK(same(with(R"(,"result":{"score":{"raw":1}})"), with(R"(,"result":{"score":{"raw":1.0}})")));
    CHECK_FALSE(same(with(R"(,"result":{"score":{"raw":1}})"), with(R"(,"result":{"score":{"raw":1.5}})")));
}

TEST_CASE("Everything else counts: names, results, extensions, attachments") {
    CHECK_FALSE(same(
        with(""),
        R"({"actor":{"mbox":"mailto:a@b","name":"Ann"},"verb":{"id":"http://v"},"object":{"id":"http://o"}})"));
    CHECK_FALSE(same(with(""), with(R"(,"result":{"success":true})")));
    CHECK_FALSE(same(with(R"(,"context":{"extensions":{"http://e":[1,2]}})"),
                     with(R"(,"context":{"extensions":{"http://e":[2,1]}})")));
    CHECK_FALSE(same(with(R"(,"context":{"extensions":{"http://e":1}})"),
                     with(R"(,"context":{"extensions":{"http://e":"1"}})")));
    CHECK(same(with(R"(,"context":{"extensions":{"http://e":{"a":1,"b":2}}})"),
               with(R"(,"context":{"extensions":{"http://e":{"b":2,"a":1}}})")));
    CHECK_FALSE(same(with(R"(,"attachments":[])"), with("")));
}

TEST_CASE("References, registrations and SubStatements are compared by the same rules") {
    CHECK(same(with(R"(,"context":{"registration":"6690E6C9-3ef0-4ed3-8b37-7f3964730bee"})"),
               with(R"(,"context":{"registration":"6690e6c9-3ef0-4ed3-8b37-7f3964730bee"})")));
    const auto sub = [](const std::string& rest) {
        return R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"objectType":"SubStatement",)" +
               with(rest).substr(1) + "}";
    };
    CHECK(same(sub(R"(,"timestamp":"2024-05-01T10:00:00Z")"),
               sub(R"(,"timestamp":"2024-05-01T11:00:00+01:00")")));
    CHECK_FALSE(same(sub(R"(,"timestamp":"2024-05-01T10:00:00Z")"), sub("")));
    const auto reference = [](const std::string& id) {
        return R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"objectType":"StatementRef","id":")" +
               id + "\"}}";
    };
    CHECK(same(reference("6690E6C9-3ef0-4ed3-8b37-7f3964730bee"),
               reference("6690e6c9-3ef0-4ed3-8b37-7f3964730bee")));
    CHECK_FALSE(same(reference("6690e6c9-3ef0-4ed3-8b37-7f3964730bee"),
                     reference("6690e6c9-3ef0-4ed3-8b37-7f3964730bef")));
}

TEST_CASE("Context agents are compared as agents") {
    const auto agents = [](const std::string& agent) {
        return with(R"(,"context":{"contextAgents":[{"objectType":"contextAgent","agent":)" + agent + "}]}");
    };
    CHECK(same(agents(R"({"mbox":"mailto:c@B"})"), agents(R"({"objectType":"Agent","mbox":"mailto:c@b"})")));
    CHECK_FALSE(same(agents(R"({"mbox":"mailto:c@b"})"), agents(R"({"mbox":"mailto:d@b"})")));
}

TEST_CASE("An id that the LRS made does not count against a statement without one") {
    const auto kept = parse_json(with(R"(,"id":"6690e6c9-3ef0-4ed3-8b37-7f3964730bee")"));
    CHECK(equivalent(kept->as_object(), parse_json(with(""))->as_object()));
}
