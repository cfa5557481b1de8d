#include "spec/agent.hpp"
#include "spec/base/json.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace leerspoor;
using namespace leerspoor::spec;

std::string identity_of(std::string_view json) {
    return identity(parse_json(json)->as_object());
}

std::string code_of(std::string_view json, bool group_allowed = true) {
    const auto agent = parse_agent(json, Version::v1_0_3, group_allowed);
    return agent.has_value() ? "accepted" : agent.error().code + " " + agent.error().pointer;
}

} // namespace

TEST_CASE("An actor is who its one identifier says, whatever its name") {
    CHECK(identity_of(R"({"mbox":"mailto:Ann@Example.COM","name":"Ann"})") == "mbox mailto:Ann@example.com");
    CHECK(identity_of(R"({"mbox_sha1sum":"EBD31E95054c018b10727ccffd2ef2ec3a016ee9"})") ==
          "mbox_sha1sum ebd31e95054c018b10727ccffd2ef2ec3a016ee9");
    CHECK(identity_of(R"({"openid":"http://ann.example.org/"})") == "openid http://ann.example.org/");
    CHECK(identity_of(R"({"account":{"name":"1 2","homePage":"http://x.example"}})") ==
          "account http://x.example 1 2");
    CHECK(identity_of(R"({"objectType":"Group","mbox":"mailto:a@b"})") == "mbox mailto:a@b");
    CHECK(identity_of(R"({"objectType":"Group","member":[{"mbox":"mailto:a@b"}]})").empty());
}

TEST_CASE("An agent parameter is held to the rules of a statement") {
    CHECK(code_of(R"({"mbox":"mailto:a@b"})") == "accepted");
    CHECK(code_of(R"({"objectType":"Group","mbox":"mailto:a@b"})") == "accepted");
    CHECK(code_of(R"({"objectType":"Group","mbox":"mailto:a@b"})", false) == "group_not_allowed ");
    CHECK(code_of(R"({"objectType":"Group","member":[{"mbox":"mailto:a@b"}]})") == "group_anonymous ");
    CHECK(code_of(R"({"mbox":"a@b"})") == "mbox_invalid /mbox");
    CHECK(code_of(R"({"name":"Ann"})") == "ifi_missing ");
    CHECK(code_of(R"({"mbox":"mailto:a@b","mbox":"mailto:c@d"})") == "json_duplicate_key /mbox");
    CHECK(code_of("mailto:a@b") == "json_invalid ");
    CHECK(code_of("[]") == "value_type ");
    CHECK(code_of("") == "json_invalid ");
}
