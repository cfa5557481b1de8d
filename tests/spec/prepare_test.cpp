#include "spec/base/json.hpp"
#include "spec/prepare.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace leerspoor;
using namespace leerspoor::spec;
namespace json = boost::json;

const json::object authority{{"objectType", "Agent"}, {"mbox", "mailto:lrs@example.com"}};
const std::string new_id_text = "00000000-0000-4000-8000-000000000001";
const std::string blank(timestamp_length, ' ');
const std::string sentence =
    R"("actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"id":"http://o"})";
const std::string authority_text = R"("authority":{"objectType":"Agent","mbox":"mailto:lrs@example.com"})";

Uuid new_id() {
    return *parse_uuid(new_id_text);
}

Result<PreparedStatement> prepared(const std::string& text, Version version = Version::v1_0_3) {
    return prepare_statement(*parse_json(text), version, authority, new_id);
}

Result<std::vector<PreparedStatement>> batch(const std::string& text, std::size_t max_count = 10) {
    return prepare_batch(*parse_json(text), Version::v1_0_3, authority, new_id, {max_count});
}

} // namespace

TEST_CASE("What is missing is added at the end: id, timestamp, stored, authority, version") {
    const auto statement = prepared("{" + sentence + "}");
    REQUIRE(statement.has_value());
    CHECK(statement->bytes == "{" + sentence + ",\"id\":\"" + new_id_text + "\",\"timestamp\":\"" + blank +
                                  "\",\"stored\":\"" + blank + "\"," + authority_text +
                                  ",\"version\":\"1.0.0\"}");
    CHECK_FALSE(statement->id_was_given);
    CHECK_FALSE(statement->timestamp_was_given);
    CHECK(statement->id == new_id());
}

TEST_CASE("A statement of 2.0 without a version gets 2.0.0") {
    CHECK(prepared("{" + sentence + "}", Version::v2_0_0)->bytes.ends_with(R"("version":"2.0.0"})"));
}

TEST_CASE("stored and a missing timestamp become the same instant") {
    auto statement = *prepared("{" + sentence + "}");
    statement.set_stored(Instant{std::chrono::microseconds{1714557600123456}});
    const auto value = *parse_json(statement.bytes);
    CHECK(value.at("stored").as_string() == "2024-05-01T10:00:00.123456Z");
    CHECK(value.at("timestamp").as_string() == "2024-05-01T10:00:00.123456Z");
}

TEST_CASE("What the client gave stays as it is and where it is; its stored and authority go") {
    const auto given =
        R"({"version":"1.0.2","id":"6690E6C9-3EF0-4ED3-8B37-7F3964730BEE","stored":"2020-01-01T00:00:00Z",)" +
        sentence +
        R"(,"authority":{"mbox":"mailto:evil@b"},"timestamp":"2024-05-01T12:00:00.1234567+02:00"})";
    auto statement = *prepared(given);
    CHECK(statement.bytes == R"({"version":"1.0.2","id":"6690E6C9-3EF0-4ED3-8B37-7F3964730BEE",)" + sentence +
                                 R"(,"timestamp":"2024-05-01T12:00:00.1234567+02:00","stored":")" + blank +
                                 "\"," + authority_text + "}");
    CHECK(statement.id_was_given);
    CHECK(statement.timestamp_was_given);
    CHECK_FALSE(statement.timestamp_at.has_value());
    statement.set_stored(Instant{});
    const auto value = *parse_json(statement.bytes);
    CHECK(value.at("stored").as_string() == "1970-01-01T00:00:00.000000Z");
    CHECK(value.at("timestamp").as_string() == "2024-05-01T12:00:00.1234567+02:00");
    for (const auto& term : statement.terms) {
        CHECK(term.text != "mbox mailto:evil@b");
    }
}

TEST_CASE("stored and authority in front leave no comma behind") {
    const auto statement =
        prepared(R"({"stored":"2020-01-01T00:00:00Z","authority":{"mbox":"mailto:x@b"},)" + sentence + "}");
    CHECK(statement->bytes.starts_with("{" + sentence));
}

TEST_CASE("2.0 keeps timestamps in UTC with the digits they were sent with, also in a SubStatement") {
    const auto timestamp_in = [](const std::string& text) {
        const auto statement = prepared("{" + sentence + ",\"timestamp\":\"" + text + "\"}", Version::v2_0_0);
        return std::string(parse_json(statement->bytes)->at("timestamp").as_string());
    };
    CHECK(timestamp_in("2023-05-04T12:00:00-05:00") == "2023-05-04T17:00:00Z");
    CHECK(timestamp_in("2023-05-04T12:00:00.1234567890+05:30") == "2023-05-04T06:30:00.1234567890Z");
    CHECK(timestamp_in("2023-05-04T12:00:00.000Z") == "2023-05-04T12:00:00.000Z");
    CHECK(timestamp_in("2023-05-04t12:00:00z") == "2023-05-04T12:00:00Z");
    CHECK(timestamp_in("0000-01-01T00:00:00+01:00") == "0000-01-01T00:00:00+01:00");
    const auto sub = prepared(
        R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"objectType":"SubStatement",)" +
            sentence + R"(,"timestamp":"2023-05-04T12:00:00+01:00"}})",
        Version::v2_0_0);
    CHECK(parse_json(sub->bytes)->at("object").at("timestamp").as_string() == "2023-05-04T11:00:00Z");
}

TEST_CASE("Single context activities become arrays, also in a SubStatement; everything else stays") {
    const std::string context =
        R"("context":{"platform":"x","contextActivities":{"parent":{"id":"http://p"},"other":[{"id":"http://q"}]},"language":"en"})";
    const std::string expected =
        R"("context":{"platform":"x","contextActivities":{"parent":[{"id":"http://p"}],"other":[{"id":"http://q"}]},"language":"en"})";
    CHECK(prepared("{" + sentence + "," + context + "}")
              ->bytes.starts_with("{" + sentence + "," + expected + ","));
    const auto wrap = [](const std::string& inner) {
        return R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"objectType":"SubStatement",)" +
               sentence + "," + inner + R"(},"result":{"success":true})";
    };
    CHECK(prepared(wrap(context) + "}")->bytes.starts_with(wrap(expected)));
}

TEST_CASE("Empty context, contextActivities and SubStatement context are written whole") {
    for (const std::string context : {R"("context":{})", R"("context":{"contextActivities":{}})",
                                      R"("context":{"contextActivities":{"parent":[]}})"}) {
        CHECK(prepared("{" + context + "," + sentence + "}")
                  ->bytes.starts_with("{" + context + "," + sentence + ","));
    }
}

TEST_CASE("A StatementRef is remembered, and whether it voids") {
    const auto statement = [](const std::string& verb) {
        return prepared(
            R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":")" + verb +
            R"("},"object":{"objectType":"StatementRef","id":"6690e6c9-3ef0-4ed3-8b37-7f3964730bee"}})");
    };
    CHECK(statement("http://v")->refers_to == parse_uuid("6690e6c9-3ef0-4ed3-8b37-7f3964730bee"));
    CHECK_FALSE(statement("http://v")->voids);
    CHECK(statement("http://adlnet.gov/expapi/verbs/voided")->voids);
    CHECK_FALSE(prepared("{" + sentence + "}")->refers_to.has_value());
}

TEST_CASE("The terms are those of the completed statement") {
    const auto statement = prepared("{" + sentence + "}");
    const auto completed = parse_json(statement->bytes);
    CHECK(statement->terms == filter_terms(completed->as_object()));
}

TEST_CASE("The body of a POST is one statement or several") {
    CHECK(batch("{" + sentence + "}")->size() == 1);
    CHECK(batch("[{" + sentence + "}]")->size() == 1);
    CHECK(batch("[]")->empty());
    CHECK(batch("17").error().code == "value_type");
}

TEST_CASE("One bad statement refuses the batch, and is named") {
    const auto refused = batch("[{" + sentence + "},{}]");
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == "property_missing");
    CHECK(refused.error().pointer == "/1");
}

TEST_CASE("An id twice in a batch is refused, in whatever case") {
    const auto with_id = [](const std::string& id) { return "{" + sentence + ",\"id\":\"" + id + "\"}"; };
    const auto refused = batch("[" + with_id("6690e6c9-3ef0-4ed3-8b37-7f3964730bee") + "," +
                               with_id("6690E6C9-3ef0-4ed3-8b37-7f3964730bee") + "]");
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == "statement_id_repeated");
    CHECK(refused.error().pointer == "/1/id");
}

TEST_CASE("A batch beyond the limit is refused") {
    CHECK(batch("[1,2,3]", 2).error().code == "batch_too_large");
}

TEST_CASE("What a statement and a batch are found by has a limit") {
    const std::string one =
        R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"id":"http://o"}})";
    const auto within = [&](const std::string& text, std::size_t of_statement, std::size_t of_batch) {
        const auto made = prepare_batch(*parse_json(text), Version::v1_0_3, authority, new_id,
                                        {10, of_statement, of_batch});
        return made.has_value() ? "accepted" : made.error().code + " " + made.error().pointer;
    };
    const auto terms = prepared(one)->terms.size();
    CHECK(within(one, terms, terms) == "accepted");
    CHECK(within(one, terms - 1, terms) == "statement_too_many_terms ");
    const auto two = "[" + one + R"(,{"id":"6690e6c9-3ef0-4ed3-8b37-7f3964730bee",)" + one.substr(1) + "]";
    CHECK(within(two, terms, 2 * terms) == "accepted");
    CHECK(within(two, terms, 2 * terms - 1) == "batch_too_many_terms /1");
    CHECK(within(two, terms - 1, 2 * terms) == "statement_too_many_terms /0");
}

TEST_CASE("A language map has a limit") {
    const auto with = [](std::size_t languages) {
        std::string map;
        for (std::size_t i = 0; i < languages; ++i) {
            map += (i == 0 ? "" : ",") + ("\"en-x-" + std::to_string(i)) + "\":\"y\"";
        }
        return R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v","display":{)" + map +
               R"(}},"object":{"id":"http://o"}})";
    };
    CHECK(prepared(with(500)).has_value());
    const auto refused = prepared(with(501));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == "language_map_too_large");
    CHECK(refused.error().pointer == "/verb/display");
}
