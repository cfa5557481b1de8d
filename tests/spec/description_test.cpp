#include "spec/base/json.hpp"
#include "spec/description.hpp"
#include "spec/prepare.hpp"
#include "spec/validate.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <map>

namespace {

using namespace leerspoor;
using namespace leerspoor::spec;
namespace json = boost::json;

json::object object_of(std::string_view text) {
    const auto value = parse_json(text);
    REQUIRE(value.has_value());
    return value->as_object();
}

std::string agent(std::string_view name) {
    return R"({"mbox":"mailto:)" + std::string(name) + R"(@b","name":")" + std::string(name) + R"("})";
}

// Each once, as "of: told", in order. They are the same when they are found in the bytes that are kept.
std::vector<std::string> told_by(std::string_view text) {
    const auto statement = object_of(text);
    const auto valid = validate_statement(statement, Version::v2_0_0);
    INFO((valid.has_value() ? "" : valid.error().message));
    REQUIRE(valid.has_value());
    const auto prepared =
        prepare_statement(statement, Version::v2_0_0, object_of(agent("authority")), [] { return Uuid{}; });
    REQUIRE(prepared.has_value());
    std::vector<Description> kept;
    for (const auto& telling : prepared->tellings) kept.push_back(description_at(prepared->bytes, telling));
    CHECK(kept == descriptions(statement));
    std::vector<std::string> told;
    for (const auto& description : kept) {
        const bool iri = description.of.starts_with("http://");
        CHECK((description.subject == Description::Subject::activity) == iri);
        told.push_back(description.of + ": " + description.told);
    }
    std::sort(told.begin(), told.end());
    told.erase(std::unique(told.begin(), told.end()), told.end());
    return told;
}

std::string definition(std::string_view name) {
    return R"({"name":{"en":")" + std::string(name) + R"("}})";
}

std::string activity(std::string_view id) {
    return R"({"id":"http://)" + std::string(id) + R"(","definition":)" + definition(id) + "}";
}

std::string group(std::string_view name, std::string_view members) {
    return R"({"objectType":"Group",)" + agent(name).substr(1, agent(name).size() - 2) + R"(,"member":[)" +
           std::string(members) + "]}";
}

std::string statement(const std::string& actor, const std::string& object, const std::string& rest = "") {
    return R"({"actor":)" + actor + R"(,"verb":{"id":"http://v"},"object":)" + object + rest + "}";
}

const std::string nobody = R"({"mbox":"mailto:n@b"})";
const std::string nothing = R"({"id":"http://o"})";

std::string merged(std::string_view known, std::string_view told) {
    auto definition_of = object_of(known);
    const auto before = definition_of;
    const bool changed = merge_definition(definition_of, object_of(told));
    CHECK(changed == (definition_of != before));
    auto again = definition_of;
    CHECK_FALSE(merge_definition(again, object_of(told)));
    std::string text;
    write_json(definition_of, text);
    return text;
}

} // namespace

TEST_CASE("A statement without definitions and names tells nothing") {
    CHECK(told_by(statement(nobody, nothing)).empty());
    CHECK(told_by(statement(nobody, R"({"id":"http://o","definition":{}})")).empty());
    CHECK(told_by(statement(nobody,
                            R"({"objectType":"StatementRef","id":"6690e6c9-3ef0-4ed3-8b37-7f3964730bee"})"))
              .empty());
}

TEST_CASE("Actor and object are told of") {
    CHECK(told_by(statement(agent("x"), activity("o"))) ==
          std::vector<std::string>{"http://o: " + definition("o"), "mbox mailto:x@b: x"});
    CHECK(
        told_by(statement(agent("x"), R"({"objectType":"Agent","openid":"http://id/","name":"y"})")).back() ==
        "openid http://id/: y");
}

TEST_CASE("Groups that can be identified are told of, and the members of all") {
    const auto anonymous = [](const std::string& members) {
        return R"({"objectType":"Group","name":"anonymous","member":[)" + members + "]}";
    };
    CHECK(told_by(statement(group("g", agent("x") + "," + nobody), nothing)) ==
          std::vector<std::string>{"mbox mailto:g@b: g", "mbox mailto:x@b: x"});
    CHECK(told_by(statement(anonymous(agent("x")), nothing)) ==
          std::vector<std::string>{"mbox mailto:x@b: x"});
}

TEST_CASE("The context is told of: activities, one or many, instructor and team") {
    const auto told = told_by(statement(
        nobody, nothing,
        R"(,"context":{"instructor":)" + agent("i") + R"(,"team":)" + group("t", agent("m")) +
            R"(,"contextActivities":{"parent":)" + activity("p") + R"(,"other":[)" + activity("q") + "," +
            activity("r") + R"(,{"id":"http://s"}],"grouping":[],"category":)" + activity("c") + "}}"));
    CHECK(told == std::vector<std::string>{"http://c: " + definition("c"), "http://p: " + definition("p"),
                                           "http://q: " + definition("q"), "http://r: " + definition("r"),
                                           "mbox mailto:i@b: i", "mbox mailto:m@b: m", "mbox mailto:t@b: t"});
}

TEST_CASE("contextAgents and contextGroups are told of") {
    CHECK(told_by(statement(nobody, nothing,
                            R"(,"context":{"contextAgents":[{"objectType":"contextAgent","agent":)" +
                                agent("a") + R"(}],"contextGroups":[{"objectType":"contextGroup","group":)" +
                                group("g", agent("m")) + "}]}")) ==
          std::vector<std::string>{"mbox mailto:a@b: a", "mbox mailto:g@b: g", "mbox mailto:m@b: m"});
}

TEST_CASE("A SubStatement is told of as a statement is") {
    const auto sub = statement(R"({"objectType":"SubStatement","actor":)" + agent("x"), activity("o"),
                               R"(,"context":{"contextActivities":{"parent":)" + activity("p") + "}}");
    auto text = sub;
    text.replace(0, std::string(R"({"actor":)").size(), "");
    CHECK(told_by(statement(agent("y"), text)) ==
          std::vector<std::string>{"http://o: " + definition("o"), "http://p: " + definition("p"),
                                   "mbox mailto:x@b: x", "mbox mailto:y@b: y"});
}

TEST_CASE("The authority is not told of: the LRS replaces it") {
    CHECK(told_by(statement(nobody, nothing, R"(,"authority":)" + agent("x"))).empty());
}

TEST_CASE("What is told twice is told once; what differs is told apart") {
    CHECK(told_by(statement(agent("x"), activity("o"),
                            R"(,"context":{"instructor":)" + agent("x") +
                                R"(,"contextActivities":{"parent":[)" + activity("o") +
                                R"(,{"id":"http://o","definition":{"type":"http://t"}}]}})"))
              .size() == 3);
}

TEST_CASE("A definition is told as it stands, with what JSON lets it hold") {
    const std::string whole =
        R"({"type":"http://t","name":{"nl":"é \" \\"},"extensions":{"http://e":[null,1.5,{"a":[]}]}})";
    CHECK(told_by(statement(nobody, R"({"id":"http://o","definition":)" + whole + "}")) ==
          std::vector<std::string>{"http://o: " + whole});
}

TEST_CASE("Languages are merged one by one, and the newer text wins") {
    CHECK(merged(R"({"name":{"en":"a","nl":"b"}})", R"({"name":{"nl":"c","de":"d"}})") ==
          R"({"name":{"en":"a","nl":"c","de":"d"}})");
    CHECK(merged(R"({"name":{"en":"a"}})", R"({"description":{"en":"b"}})") ==
          R"({"name":{"en":"a"},"description":{"en":"b"}})");
    CHECK(merged(R"({"description":{"en":"a"}})", R"({"description":{"en":"b"}})") ==
          R"({"description":{"en":"b"}})");
    CHECK(merged("{}", R"({"name":{"en":"a"}})") == R"({"name":{"en":"a"}})");
}

TEST_CASE("type, moreInfo and extensions are the newer ones, whole; what is not told again stays") {
    CHECK(merged(
              R"({"type":"http://1","moreInfo":"http://1","extensions":{"http://e":1}})",
              R"({"type":"http://2","moreInfo":"http://2","extensions":{"http://f":{"name":{"en":"x"}}}})") ==
          R"({"type":"http://2","moreInfo":"http://2","extensions":{"http://f":{"name":{"en":"x"}}}})");
    CHECK(merged(R"({"type":"http://1","extensions":{"http://e":1}})", R"({"name":{"en":"a"}})") ==
          R"({"type":"http://1","extensions":{"http://e":1},"name":{"en":"a"}})");
}

TEST_CASE("A definition that tells nothing new changes nothing") {
    auto known = object_of(R"({"type":"http://t","name":{"en":"a","nl":"b"}})");
    CHECK_FALSE(merge_definition(known, object_of("{}")));
    CHECK_FALSE(merge_definition(known, object_of(R"({"name":{"nl":"b"},"type":"http://t"})")));
}

TEST_CASE("How answers are judged stays as first told") {
    const std::string first =
        R"({"interactionType":"choice","correctResponsesPattern":["a"],"choices":[{"id":"a"},{"id":"b"}]})";
    CHECK(merged(first, R"({"correctResponsesPattern":["b"],"interactionType":"choice"})") == first);
    CHECK(merged(first, R"({"interactionType":"numeric","correctResponsesPattern":["1"]})") == first);
    CHECK(merged(first, R"({"interactionType":"choice","choices":[{"id":"c"}]})") == first);
    CHECK(merged(first, R"({"interactionType":"likert","scale":[{"id":"a"}]})") == first);
    const std::string bare = R"({"interactionType":"choice"})";
    CHECK(merged(bare, first) == bare);
}

TEST_CASE("The first definition that has an interaction gives it, whole") {
    CHECK(
        merged(R"({"name":{"en":"a"}})",
               R"({"interactionType":"choice","correctResponsesPattern":["a"],"choices":[{"id":"a"}]})") ==
        R"({"name":{"en":"a"},"correctResponsesPattern":["a"],"choices":[{"id":"a"}],"interactionType":"choice"})");
}

TEST_CASE("Components keep their list and order; the languages of equal ids are merged") {
    for (const auto& [list, interaction] : std::map<std::string, std::string>{{"choices", "choice"},
                                                                              {"scale", "likert"},
                                                                              {"source", "matching"},
                                                                              {"target", "matching"},
                                                                              {"steps", "performance"}}) {
        const std::string head = R"({"interactionType":")" + interaction + R"(",")" + list + R"(":)";
        INFO(list);
        CHECK(merged(head + R"([{"id":"a","description":{"en":"1"}},{"id":"b"},{"id":"c"}]})",
                     head + R"([{"id":"d"},{"id":"b","description":{"en":"2"}},)"
                            R"({"id":"a","description":{"nl":"3","en":"4"}},{"id":"c"}]})") ==
              head + R"([{"id":"a","description":{"en":"4","nl":"3"}},)"
                     R"({"id":"b","description":{"en":"2"}},{"id":"c"}]})");
    }
}

TEST_CASE("Long lists of components are merged in time that grows with them, not with their product") {
    constexpr int count = 40'000;
    std::string list = "[";
    for (int i = 0; i < count; ++i) {
        if (i > 0) list += ',';
        list += R"({"id":")" + std::to_string(i) + R"(","description":{"en":"x"}})";
    }
    const auto choices = R"({"interactionType":"choice","choices":)" + list + "]}";
    auto known = object_of(choices);
    const auto told = object_of(choices);
    const auto begin = std::chrono::steady_clock::now();
    CHECK_FALSE(merge_definition(known, told));
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
}
