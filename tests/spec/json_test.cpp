#include "spec/base/json.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

namespace {

using namespace leerspoor;
using namespace leerspoor::spec;
namespace json = boost::json;

std::string code_of(std::string_view text, std::size_t depth = default_max_json_depth) {
    const auto parsed = parse_json(text, depth);
    return parsed.has_value() ? "accepted" : parsed.error().code;
}

std::string written(const json::value& value) {
    std::string out;
    write_json(value, out);
    return out;
}

std::string rewritten(std::string_view text) {
    const auto parsed = parse_json(text);
    return parsed.has_value() ? written(*parsed) : parsed.error().code;
}

} // namespace

TEST_CASE("Bytes that are not UTF-8 are refused wherever they stand") {
    for (const std::string_view bad : {"\x80", "\xc0\x80", "\xc3", "\xe0\x80\x80", "\xed\xa0\x80",
                                       "\xf5\x80\x80\x80", "\xf0\x80\x80\x80", "\xff", "\xe2\x82"}) {
        INFO(bad);
        CHECK(code_of("[\"" + std::string(bad) + "\"]") == "json_invalid_utf8");
        CHECK(code_of("{\"" + std::string(bad) + "\":1}") == "json_invalid_utf8");
    }
    CHECK(code_of("[\"\xe2\x82\xac\xf0\x9f\x98\x80\"]") == "accepted");
}

TEST_CASE("A byte order mark is named as what it is") {
    const auto parsed = parse_json("\xef\xbb\xbf{}");
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().message.find("byte order mark") != std::string::npos);
}

TEST_CASE("Nesting is allowed up to the limit and refused beyond it") {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    CHECK(code_of(nested(64)) == "accepted");
    CHECK(code_of(nested(65)) == "json_too_deep");
    CHECK(code_of(nested(4), 3) == "json_too_deep");
    CHECK(code_of(std::string(1000000, '[')) == "json_too_deep");
    const auto deep = parse_json(R"({"a":{"b":[[1]]}})", 3);
    REQUIRE_FALSE(deep.has_value());
    CHECK(deep.error().pointer == "/a/b/0");
}

TEST_CASE("Values are counted, those in objects and arrays too, and refused beyond the limit") {
    const std::string_view text = R"({"a":[1,-2,18446744073709551615,1.5,true,null,"x"],"b":{}})";
    JsonRules rules{.any_number = true, .max_values = 10};
    CHECK(parse_json(text, rules).has_value());
    rules.max_values = 9;
    CHECK(parse_json(text, rules).error().code == "json_too_many_values");
    rules.max_values = 3;
    for (const auto* list : {"[1,1,1]", "[\"a\",\"a\",\"a\"]", "[[],[],[]]", "[{},{},{}]", "[null,null,null]",
                             "[true,true,true]", "[0.5,0.5,0.5]", "[1e999,1e999,1e999]",
                             "[18446744073709551615,18446744073709551615,18446744073709551615]"}) {
        INFO(list);
        CHECK(parse_json(list, rules).error().code == "json_too_many_values");
    }
}

TEST_CASE("Integers of 64 bits are kept exactly") {
    for (const std::string_view text :
         {"[9223372036854775807]", "[18446744073709551615]", "[-9223372036854775808]", "[0]"}) {
        CHECK(rewritten(text) == text);
    }
}

TEST_CASE("Doubles are read to the nearest one and written in the shortest form that reads back the same") {
    CHECK(rewritten("[0.1]") == "[0.1]");
    CHECK(rewritten("[0.3,1E-1,100e-2]") == "[0.3,0.1,1.0]");
    CHECK(rewritten("[1.0]") == "[1.0]");
    CHECK(rewritten("[1e300]") == "[1e+300]");
    CHECK(rewritten("[1e-400]") == "[0.0]");
    for (const std::string_view text :
         {"[0.1234567890123456789]", "[5e-324]", "[1.7976931348623157e308]", "[8.41]",
          "[-12345678901234567890123.5e10]", "[2.2250738585072011e-308]"}) {
        const auto first = parse_json(text);
        REQUIRE(first.has_value());
        const auto expected = std::strtod(text.data() + 1, nullptr);
        CHECK(first->at(0).as_double() == expected);
        const auto second = parse_json(written(*first));
        REQUIRE(second.has_value());
        CHECK(*second == *first);
    }
}

TEST_CASE("Where any number is taken, one that no machine number holds without loss is kept as its text") {
    const JsonRules rules{.any_number = true};
    for (const std::string_view text :
         {"[123456789012345678901234567890]", "[-18446744073709551616]", "[1e400]", "[-1E+400]", "[1e-400]",
          "[0.1234567890123456789]", "[4.9e-324]", "[1e99999999999999999999]",
          R"({"a":[-1.5E-12345678901,"e"]})", R"({"\"1e9999999999":1e9999999999,"b":"1e9999999999"})",
          "[12345678901234567.5]"}) {
        INFO(text);
        const auto value = parse_json(text, rules);
        REQUIRE(value.has_value());
        CHECK(written(*value) == text);
    }
    // Those that a double holds are doubles.
    for (const std::string_view text :
         {"[0.1]", "[1e300]", "[0.8333333333333334]", "[0.0]", "[1.50]", "[0e999]"}) {
        INFO(text);
        const auto value = parse_json(text, rules);
        REQUIRE(value.has_value());
        CHECK(value->at(0).is_double());
    }
    CHECK(code_of("[1e400]") == "json_number_too_large");
    CHECK_FALSE(parse_json("[1e9999999999,]", rules).has_value());
    CHECK_FALSE(parse_json("[1e9999999999,\"\xff\"]", rules).has_value());
    CHECK_FALSE(parse_json("[1e9999999999", rules).has_value());
}

TEST_CASE("A kept number is a number with at least a double's precision, and no text") {
    const auto number = [](std::string_view text) {
        return number_of(*parse_json(text, JsonRules{64, true}));
    };
    CHECK(number("123456789012345678901234567890") == 123456789012345678901234567890.0);
    CHECK(number("0.1234567890123456789") == 0.1234567890123456789);
    CHECK(number("1e400") == std::numeric_limits<double>::infinity());
    CHECK(number("-1e400") == -std::numeric_limits<double>::infinity());
    CHECK(number("1e-400") == 0.0);
    CHECK(number("7") == 7.0);
    CHECK_FALSE(number("\"7\"").has_value());
    CHECK_FALSE(kept_number(*parse_json("\"1e400\"")).has_value());
}

TEST_CASE("Whether a text is JSON does not depend on its numbers, its keys or its depth") {
    for (const auto& text :
         {std::string("[1e400]"), std::string("[1e99999999999999999999]"), std::string(R"({"a":1,"a":2})"),
          std::string(5000, '[') + std::string(5000, ']'), std::string("7")}) {
        CHECK(check_json(text).has_value());
    }
    for (const std::string_view text :
         {"", "{", "[1,]", "{} {}", "nul", "[1e]", "\xef\xbb\xbf{}", "{'a':1}"}) {
        INFO(text);
        REQUIRE_FALSE(check_json(text).has_value());
        CHECK(check_json(text).error().code == "json_invalid");
    }
    CHECK(check_json("\"\xff\"").error().code == "json_invalid_utf8");
}

TEST_CASE("Members keep their order and strings their characters") {
    CHECK(rewritten(R"( { "z" : 1 , "a" : [ true , false , null ] , "m" : "" } )") ==
          R"({"z":1,"a":[true,false,null],"m":""})");
    CHECK(rewritten(R"(["\u20ac\ud83d\ude00\/"])") == "[\"\xe2\x82\xac\xf0\x9f\x98\x80/\"]");
    CHECK(rewritten(R"(["\"\\\b\f\n\r\t\u0000\u001f"])") == R"(["\"\\\b\f\n\r\t\u0000\u001f"])");
}

TEST_CASE("An escape is found at every place of a long string") {
    for (std::size_t at = 0; at < 40; ++at) {
        for (const char special : {'"', '\\', '\n', '\x01'}) {
            std::string text(40, 'x');
            text[at] = special;
            std::string out;
            write_json_string(text, out);
            const auto back = parse_json(out);
            REQUIRE(back.has_value());
            CHECK(back->as_string() == text);
        }
    }
}

TEST_CASE("Writing appends") {
    std::string out = "x";
    write_json(json::object{{"a", 1}}, out);
    CHECK(out == R"(x{"a":1})");
}

TEST_CASE("A duplicate among many members is found and named") {
    std::string text = "{";
    for (int i = 0; i < 1000; ++i) {
        text += "\"k" + std::to_string(i) + "\":{},";
    }
    const auto parsed = parse_json(text + R"("k500":1})");
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error() == Error{"json_duplicate_key", "/k500", parsed.error().message});
    CHECK(code_of(text + R"("k1000":1})") == "accepted");
}

TEST_CASE("The same key in different objects is no duplicate") {
    CHECK(code_of(R"({"a":{"a":1},"b":[{"a":1},{"a":1}]})") == "accepted");
}

TEST_CASE("A syntax error says at which byte") {
    const auto parsed = parse_json(R"({"a": tru})");
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().message.find("byte") != std::string::npos);
}

TEST_CASE("A JSON pointer escapes tilde and slash") {
    CHECK(child_pointer("", "a/b~c") == "/a~1b~0c");
    CHECK(child_pointer("/x", "") == "/x/");
    CHECK(child_pointer("/x", std::size_t{12}) == "/x/12");
}

TEST_CASE("Values live in the memory that the caller gives") {
    json::monotonic_resource memory;
    const auto parsed = parse_json(R"({"a":[1,2,3]})", 8, &memory);
    REQUIRE(parsed.has_value());
    CHECK(parsed->storage() == json::storage_ptr(&memory));
}
