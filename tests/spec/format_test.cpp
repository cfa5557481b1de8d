#include "spec/base/json.hpp"
#include "spec/format.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace leerspoor;
using namespace leerspoor::spec;
namespace json = boost::json;

std::string ids_of(std::string_view text) {
    auto statement = parse_json(text)->as_object();
    reduce_to_ids(statement);
    std::string out;
    write_json(statement, out);
    return out;
}

std::string canonical_of(std::string_view text, const std::string& accept_language,
                         const CanonicalDefinition& definition_of = {}) {
    auto statement = parse_json(text)->as_object();
    make_canonical(statement, LanguagePreferences(accept_language), definition_of);
    std::string out;
    write_json(statement, out);
    return out;
}

// The language that a verb display with these languages keeps.
std::string picked(std::initializer_list<const char*> languages, const std::string& accept_language) {
    json::object display;
    for (const auto* language : languages) {
        display[language] = "x";
    }
    json::object statement{{"actor", {{"mbox", "mailto:a@b"}}},
                           {"verb", {{"id", "http://v"}, {"display", display}}},
                           {"object", {{"id", "http://o"}}}};
    make_canonical(statement, LanguagePreferences(accept_language), {});
    const auto& left = statement.at("verb").at("display").as_object();
    return left.size() == 1 ? std::string(left.begin()->key()) : "several";
}

} // namespace

TEST_CASE("A format is exact, ids or canonical") {
    CHECK(parse_format("exact") == Format::exact);
    CHECK(parse_format("ids") == Format::ids);
    CHECK(parse_format("canonical") == Format::canonical);
    CHECK_FALSE(parse_format("Exact").has_value());
    CHECK_FALSE(parse_format("").has_value());
}

TEST_CASE("ids keeps what identifies, and everything that is no Agent, Group, Activity or Verb") {
    CHECK(
        ids_of(
            R"({"id":"x","actor":{"objectType":"Agent","name":"Ann","mbox":"mailto:a@b"},"verb":{"id":"http://v","display":{"en":"v"}},
        "object":{"objectType":"Activity","id":"http://o","definition":{"name":{"en":"o"}}},"result":{"response":"x"},
        "authority":{"name":"L","account":{"homePage":"http://l","name":"k"}},"timestamp":"t"})") ==
        R"({"id":"x","actor":{"objectType":"Agent","mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"id":"http://o"},)"
        R"("result":{"response":"x"},"authority":{"account":{"homePage":"http://l","name":"k"}},"timestamp":"t"})");
}

TEST_CASE("ids keeps the members of an anonymous Group only, each reduced") {
    CHECK(
        ids_of(
            R"({"actor":{"objectType":"Group","name":"G","member":[{"name":"A","mbox":"mailto:a@b"},{"openid":"http://o","name":"B"}]},
        "verb":{"id":"http://v"},"object":{"objectType":"Group","name":"H","mbox":"mailto:g@b","member":[{"mbox":"mailto:a@b"}]}})") ==
        R"({"actor":{"objectType":"Group","member":[{"mbox":"mailto:a@b"},{"openid":"http://o"}]},"verb":{"id":"http://v"},)"
        R"("object":{"objectType":"Group","mbox":"mailto:g@b"}})");
}

TEST_CASE("ids reaches into the context and into a SubStatement") {
    CHECK(
        ids_of(
            R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"objectType":"SubStatement","actor":{"mbox":"mailto:s@b","name":"S"},
        "verb":{"id":"http://w","display":{}},"object":{"id":"http://o","definition":{}}},"context":{"platform":"p","instructor":{"mbox":"mailto:i@b","name":"I"},
        "team":{"objectType":"Group","name":"T","mbox":"mailto:t@b"},"contextActivities":{"parent":[{"id":"http://p","definition":{}}]},
        "contextAgents":[{"objectType":"contextAgent","agent":{"mbox":"mailto:c@b","name":"C"},"relevantTypes":["http://r"]}]}})") ==
        R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"objectType":"SubStatement","actor":{"mbox":"mailto:s@b"},"verb":{"id":"http://w"},)"
        R"("object":{"id":"http://o"}},"context":{"platform":"p","instructor":{"mbox":"mailto:i@b"},"team":{"objectType":"Group","mbox":"mailto:t@b"},)"
        R"("contextActivities":{"parent":[{"id":"http://p"}]},"contextAgents":[{"objectType":"contextAgent","agent":{"mbox":"mailto:c@b"},"relevantTypes":["http://r"]}]}})");
}

TEST_CASE("The quality of a language is that of the longest range that matches it (RFC 2616 14.4)") {
    CHECK(picked({"en", "de"}, "de") == "de");
    CHECK(picked({"en", "de"}, "de;q=0.5, en;q=0.4") == "de");
    CHECK(picked({"en", "de"}, " en ; q=0.5 , de;q=0.500") == "en");
    // en-GB is matched by both ranges, and the longer one says less of it.
    CHECK(picked({"en-GB", "fr"}, "en;q=0.9, en-GB;q=0.1, fr;q=0.5") == "fr");
    CHECK(picked({"en-GB", "fr"}, "en-GB;q=0.9, en;q=0.1, fr;q=0.5") == "en-GB");
    CHECK(picked({"EN-us", "en-GB"}, "fr, EN-gb") == "en-GB");
    CHECK(picked({"de", "en-US"}, "en") == "en-US");
    CHECK(picked({"de", "english"}, "en") == "de");
    CHECK(picked({"nl", "en", "de"}, "fr, de, en") == "de");
}

TEST_CASE("A star stands for every language that no other range matches") {
    CHECK(picked({"nl", "en"}, "*") == "nl");
    CHECK(picked({"nl", "en"}, "nl;q=0.2, *;q=0.5") == "en");
    CHECK(picked({"nl", "en"}, "*;q=0.5, nl;q=0.8") == "nl");
    CHECK(picked({"nl-BE", "en"}, "nl;q=0.2, *;q=0.5") == "en");
}

TEST_CASE("A language with q=0 is not acceptable") {
    CHECK(picked({"nl", "en"}, "nl;q=0, *;q=0.1") == "en");
    CHECK(picked({"nl", "en"}, "nl;q=0") == "en");
    CHECK(picked({"en-GB", "nl"}, "en-GB;q=0, en, nl;q=0.1") == "nl");
    CHECK(picked({"nl", "en"}, "*;q=0, en;q=0.1") == "en");
    // Something has to be shown.
    CHECK(picked({"nl", "en"}, "*;q=0") == "nl");
    CHECK(picked({"nl"}, "nl;q=0") == "nl");
}

TEST_CASE("Where no language is acceptable a close one is taken, else the map's first") {
    CHECK(picked({"en", "de"}, "de-CH-1996") == "de");
    CHECK(picked({"en", "zh-Hant"}, "zh-Hant-x-y-TW") == "zh-Hant");
    CHECK(picked({"nl", "en"}, "fr") == "nl");
    CHECK(picked({"nl", "en"}, "") == "nl");
    CHECK(picked({"en"}, "de") == "en");
}

TEST_CASE("What is malformed in Accept-Language is passed over, and so is what comes after sixteen ranges") {
    CHECK(picked({"nl", "en"}, ",,;q=1,en_US,x;q=2,y;q=a,z;p=1,toolonglanguage,e--f,en") == "en");
    std::string many;
    for (char c = 'a'; c < 'a' + 16; ++c) many.append(1, 'x').append(1, c).append(",");
    CHECK(picked({"nl", "en"}, many + "en") == "nl");
    CHECK(picked({"nl", "en"}, many.substr(3) + "en") == "en");
}

TEST_CASE("Canonical picks in every language map, and in no extension") {
    CHECK(
        canonical_of(
            R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v","display":{"en":"v","de":"w"}},"object":{"id":"http://o","definition":{
        "name":{"en":"n","de":"m"},"description":{"de":"d","en":"e"},"interactionType":"choice","choices":[{"id":"a","description":{"en":"1","de":"2"}}],
        "extensions":{"http://e":{"en":1,"de":2}}}},"context":{"contextActivities":{"parent":[{"id":"http://p","definition":{"name":{"en":"1","de":"2"}}}]}},
        "attachments":[{"display":{"en":"1","de":"2"}}]})",
            "de") ==
        R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v","display":{"de":"w"}},"object":{"id":"http://o","definition":{)"
        R"("name":{"de":"m"},"description":{"de":"d"},"interactionType":"choice","choices":[{"id":"a","description":{"de":"2"}}],)"
        R"("extensions":{"http://e":{"en":1,"de":2}}}},"context":{"contextActivities":{"parent":[{"id":"http://p","definition":{"name":{"de":"2"}}}]}},)"
        R"("attachments":[{"display":{"de":"2"}}]})");
}

TEST_CASE("Canonical shows the definition that the LRS holds, also in a SubStatement") {
    const json::object held{{"name", {{"en", "held"}, {"de", "gehalten"}}}};
    const CanonicalDefinition definition_of = [&](std::string_view id) {
        return id == "http://o" ? &held : nullptr;
    };
    CHECK(
        canonical_of(R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"id":"http://o"}})",
                     "en", definition_of) ==
        R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"id":"http://o","definition":{"name":{"en":"held"}}}})");
    CHECK(
        canonical_of(
            R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"objectType":"SubStatement","actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},)"
            R"("object":{"id":"http://o","definition":{"name":{"en":"own"}}}}})",
            "de", definition_of) ==
        R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"objectType":"SubStatement","actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},)"
        R"("object":{"id":"http://o","definition":{"name":{"de":"gehalten"}}}}})");
    CHECK(
        canonical_of(
            R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"id":"http://p","definition":{"name":{"en":"own"}}}})",
            "de", definition_of) ==
        R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"id":"http://p","definition":{"name":{"en":"own"}}}})");
}
