#include "spec/document.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace leerspoor;
using namespace leerspoor::spec;

std::string merged(std::string_view present, std::string_view posted) {
    const auto result = merge_documents(present, posted);
    REQUIRE(result.has_value());
    return *result;
}

Error refusal(std::string_view present, std::string_view posted) {
    const auto result = merge_documents(present, posted);
    REQUIRE_FALSE(result.has_value());
    return result.error();
}

} // namespace

TEST_CASE("application/json is merged, in any case and with any parameters") {
    for (const auto* type : {"application/json", "Application/JSON", "application/json; charset=utf-8",
                             "application/json;x", " application/json\t; charset=utf-8"}) {
        INFO(type);
        CHECK(is_mergeable(type));
    }
    for (const auto* type : {"", " ", ";", "application/jsonx", "application/jso", "text/json",
                             "application/ld+json", "application/json charset"}) {
        INFO(type);
        CHECK_FALSE(is_mergeable(type));
    }
}

TEST_CASE("Properties that are there keep their place, new ones come behind them") {
    CHECK(merged(R"({"a":1,"b":2,"c":3})", R"({"d":4,"b":5,"e":6})") == R"({"a":1,"b":5,"c":3,"d":4,"e":6})");
    CHECK(merged("{}", R"({"a":1})") == R"({"a":1})");
    CHECK(merged(R"({"a":1})", "{}") == R"({"a":1})");
}

TEST_CASE("Only the top level is merged: what is deeper is replaced whole") {
    CHECK(merged(R"({"x":{"a":1,"b":2},"y":[1,2]})", R"({"x":{"a":3},"y":[]})") == R"({"x":{"a":3},"y":[]})");
    CHECK(merged(R"({"x":{"a":1}})", R"({"x":null})") == R"({"x":null})");
    CHECK(merged(R"({"x":1})", R"({"x":{"a":1}})") == R"({"x":{"a":1}})");
}

TEST_CASE("What is not posted stays as it is") {
    const std::string rest =
        R"("text":"é \u0001 \" 🎓","numbers":[0.1,-0,9007199254740993,18446744073709551615,1e300],"deep":{"":[[{}]]})";
    const auto result = merged("{" + rest + R"(,"a":1})", R"({"a":2})");
    CHECK(merged(result, "{}") == result);
    CHECK(result.find(R"("text":"é \u0001 \" 🎓")") != std::string::npos);
    CHECK(result.find("9007199254740993,18446744073709551615") != std::string::npos);
    CHECK(result.ends_with(R"("deep":{"":[[{}]]},"a":2})"));
}

TEST_CASE("Many properties are merged in order") {
    std::string present = "{";
    std::string posted = "{";
    std::string expected = "{";
    for (int i = 0; i < 300; ++i) {
        const auto key = (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":";
        present += key + "0";
        expected += key + (i % 3 == 0 ? "1" : "0");
    }
    for (int i = 297; i >= 0; i -= 3) {
        posted += (i == 297 ? "\"k" : ",\"k") + std::to_string(i) + "\":1";
    }
    CHECK(merged(present + "}", posted + "}") == expected + "}");
}

TEST_CASE("The refusal of a merge says which of the two is no object") {
    CHECK(refusal("{}", "[1]").code == "document_not_object");
    CHECK(refusal("{}", "[1]").message.find("that was sent") != std::string::npos);
    CHECK(refusal("[1]", "{}").code == "document_not_object");
    CHECK(refusal("[1]", "{}").message.find("that is stored") != std::string::npos);
    CHECK(refusal("no JSON", "{}").code == "document_not_object");
    CHECK(refusal("", "{}").message.find("that is stored") != std::string::npos);
}

TEST_CASE("What is posted is read as widely as can be, since documents hold any bytes") {
    CHECK(refusal("{}", "{").code == "json_invalid");
    CHECK(refusal("{}", "\xff").code == "json_invalid_utf8");
    CHECK(merged("{}", R"({"a":{"b":1,"b":2}})") == R"({"a":{"b":2}})");
    CHECK(merged(R"({"a":1,"a":2})", R"({"b":1e999})") == R"({"a":2,"b":1e999})");
    CHECK(merged(R"({"n":123456789012345678901234567890})", R"({"m":-0.12345678901234567890123})") ==
          R"({"n":123456789012345678901234567890,"m":-0.12345678901234567890123})");
    const auto nested = [](std::size_t depth) {
        return R"({"a":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
    };
    CHECK(merged("{}", nested(1000)) == nested(1000));
    CHECK(refusal("{}", nested(2000)).code == "json_too_deep");
}
