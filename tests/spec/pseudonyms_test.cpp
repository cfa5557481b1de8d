// People taken out of statements and texts.
#include "spec/agent.hpp"
#include "spec/base/json.hpp"
#include "spec/base/sha2.hpp"
#include "spec/pseudonyms.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace leerspoor::spec;
namespace json = boost::json;

Pseudonyms jan() {
    Pseudonyms made("https://example.nl/pseudonyms");
    made.add("mbox mailto:Jan@example.nl", "p1");
    made.add("account https://hr.example.nl 7", "p2");
    made.add("openid https://jan.example.nl/", "p3");
    return made;
}

json::object replaced(std::string_view statement) {
    const auto made = jan().replaced(statement);
    REQUIRE(made.has_value());
    return parse_stored_json(made->bytes)->get_object();
}

} // namespace

TEST_CASE("A person is replaced wherever an actor may stand") {
    const auto statement = replaced(R"({"id":"x","actor":{"objectType":"Group","member":[
        {"name":"Jan","mbox":"mailto:Jan@EXAMPLE.nl"},{"mbox":"mailto:els@example.nl","name":"Els"}]},
        "verb":{"id":"v:b"},"object":{"objectType":"SubStatement","actor":{"mbox":"mailto:Jan@example.nl"},
        "verb":{"id":"v:b"},"object":{"objectType":"Agent","openid":"https://jan.example.nl/"}},
        "context":{"instructor":{"account":{"homePage":"https://hr.example.nl","name":"7"},"name":"Jan de Vries"},
        "team":{"objectType":"Group","mbox":"mailto:els@example.nl"}},
        "authority":{"mbox_sha1sum":")" +
                                    sha1_hex("mailto:Jan@example.nl") + R"("}})");
    const auto text = json::serialize(statement);
    CHECK(text.find("Jan") == std::string::npos);
    CHECK(text.find("jan.") == std::string::npos);
    CHECK(text.find("els@example.nl") != std::string::npos);
    CHECK(text.find("\"name\":\"7\"") == std::string::npos);
    CHECK(statement.at("actor").at("member").at(0) ==
          json::value{{"account", {{"homePage", "https://example.nl/pseudonyms"}, {"name", "p1"}}}});
    CHECK(statement.at("authority").at("account").at("name") == "p1-sum");
    CHECK(statement.at("context").at("instructor").at("account").at("name") == "p2");
}

TEST_CASE("Whether the person was the statement's actor is told") {
    const auto pseudonyms = jan();
    CHECK(pseudonyms
              .replaced(
                  R"({"actor":{"mbox":"mailto:Jan@example.nl"},"verb":{"id":"v:b"},"object":{"id":"a:b"}})")
              ->actor);
    CHECK_FALSE(pseudonyms
                    .replaced(R"({"actor":{"mbox":"mailto:els@example.nl"},"verb":{"id":"v:b"},
                        "object":{"objectType":"Agent","mbox":"mailto:Jan@example.nl"}})")
                    ->actor);
    CHECK_FALSE(
        pseudonyms
            .replaced(
                R"({"actor":{"mbox":"mailto:els@example.nl"},"verb":{"id":"v:b"},"object":{"id":"a:b"}})")
            .has_value());
}

TEST_CASE("Mailboxes, OpenIDs and sums are replaced in texts where they stand alone") {
    const auto pseudonyms = jan();
    CHECK(pseudonyms.replaced_text("Write to jan@EXAMPLE.nl.") == "Write to p1.");
    CHECK(pseudonyms.replaced_text("https://lms/users/jan@example.nl/7") == "https://lms/users/p1/7");
    CHECK(pseudonyms.replaced_text("mailto:JAN@example.nl,jan@example.nl") == "mailto:p1,p1");
    CHECK_FALSE(
        pseudonyms.replaced_text("arjan@example.nl, x.jan@example.nl, jan@example.nl.eu, 7").has_value());
    CHECK(pseudonyms.replaced_text(sha1_hex("mailto:Jan@example.nl")) == "p1-sum");
    const auto statement = replaced(R"({"actor":{"mbox":"mailto:els@example.nl"},"verb":{"id":"v:b"},
        "object":{"id":"https://lms/users/jan@example.nl"},"result":{"response":"\njan@example.nl",
        "extensions":{"https://x/jan@example.nl":[1.50,{"a":"https://jan.example.nl/"}]}}})");
    CHECK(statement.at("result").at("response") == "\np1");
    CHECK(json::serialize(statement).find("example.nl\"") != std::string::npos); // els
    CHECK(json::serialize(statement).find("jan") == std::string::npos);
}

TEST_CASE("What cannot have the person is told quickly, whatever the case") {
    const auto pseudonyms = jan();
    CHECK(pseudonyms.may_be_in("xx JAN@Example.NL"));
    CHECK(pseudonyms.may_be_in("\"name\":\"7\""));
    CHECK_FALSE(pseudonyms.may_be_in("els@example.nl"));
    Pseudonyms quoted("https://example.nl/pseudonyms");
    quoted.add("account https://hr.example.nl a\"b", "p1");
    const std::string statement =
        R"({"actor":{"account":{"homePage":"https://hr.example.nl","name":"a\"b"}},"verb":{"id":"v:b"},"object":{"id":"a:b"}})";
    CHECK(quoted.may_be_in(statement));
    CHECK(quoted.replaced(statement)->actor);
}

TEST_CASE("Pseudonyms are identities of their own") {
    const auto all = jan().identities();
    REQUIRE(all.size() == 4);
    CHECK(all[0] == std::pair<std::string, std::string>("mbox mailto:Jan@example.nl",
                                                        "account https://example.nl/pseudonyms p1"));
    CHECK(all[1].first == "mbox_sha1sum " + sha1_hex("mailto:Jan@example.nl"));
    // The published test vector of SHA-1.
    CHECK(sha1_hex("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
}
