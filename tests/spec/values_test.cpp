// The small textual forms: UUIDs, IRIs, language tags, digests, media types, versions.
#include "spec/base/uuid.hpp"
#include "spec/base/version.hpp"
#include "spec/iri.hpp"

#include <catch2/catch.hpp>

using namespace leerspoor;
using namespace leerspoor::spec;

TEST_CASE("A UUID is read in either case and written in lower case") {
    const auto uuid = parse_uuid("6690E6C9-3ef0-4ed3-8B37-7f3964730BEE");
    REQUIRE(uuid.has_value());
    CHECK(uuid->bytes[0] == 0x66);
    CHECK(uuid->bytes[15] == 0xee);
    CHECK(to_string(*uuid) == "6690e6c9-3ef0-4ed3-8b37-7f3964730bee");
}

TEST_CASE("What is not 8-4-4-4-12 hexadecimal digits is no UUID") {
    for (const std::string_view text :
         {"", "6690e6c9-3ef0-4ed3-8b37-7f3964730be", "6690e6c9-3ef0-4ed3-8b37-7f3964730beee",
          "6690e6c93ef0-4ed3-8b37-7f3964730bee-", "6690e6c9-3ef0-4ed3-8b37-7f3964730beg",
          "6690e6c9-3ef0-4ed3-8b3-77f3964730bee", " 690e6c9-3ef0-4ed3-8b37-7f3964730bee",
          "6690e6c9_3ef0-4ed3-8b37-7f3964730bee"}) {
        INFO(text);
        CHECK_FALSE(parse_uuid(text).has_value());
    }
}

TEST_CASE("A random UUID is of version 4 and of the variant of RFC 4122") {
    for (const std::uint8_t byte : {0x00, 0xff, 0x5a}) {
        std::array<std::uint8_t, 16> random{};
        random.fill(byte);
        const auto text = to_string(uuid_from_random(random));
        CHECK(text[14] == '4');
        CHECK(std::string_view("89ab").find(text[19]) != std::string_view::npos);
        CHECK(parse_uuid(text) == uuid_from_random(random));
    }
}

TEST_CASE("An IRI has a scheme, something behind it, and no forbidden character") {
    for (const std::string_view text :
         {"http://example.com", "urn:x", "tag:example.com,2024:x", "http://例え.jp/パス", "a:b",
          "http://example.com/%20?x[]=1#y", "mailto:a@b", "http://example.com/\xc2\xa0"}) {
        INFO(text);
        CHECK(is_iri(text));
        CHECK(is_irl(text));
    }
    for (const std::string_view text :
         {"", ":", "a:", "example.com", "/x", "1a:b", "http//x", "ht tp://x", "http://x y", "http://x/%",
          "http://x/%1", "http://x/%g0", "http://x/\"", "http://x/`", "http://x/\x7f", "http://x/\xc2\x80",
          "http://x/\xef\xbf\xbf", "http://x/\xe2\x80\x8e", "h\xc3\xa9:x"}) {
        INFO(text);
        CHECK_FALSE(is_iri(text));
    }
}

TEST_CASE("A truncated character at the end of an IRI is not read beyond it") {
    CHECK_FALSE(is_iri(std::string_view("a:\xe2", 3)));
}

TEST_CASE("A mailto IRI has one address with one @") {
    CHECK(is_mailto_iri("mailto:a@b"));
    CHECK(is_mailto_iri("mailto:o'neil+x@example.co.uk"));
    for (const std::string_view text :
         {"", "mailto:", "a@b", "mailto:@b", "mailto:a@", "mailto:a", "mailto:a@b@c", "mailto:a b@c",
          "Mailto:a@b", "mailto:<a@b>", "mailto:a@b\n"}) {
        INFO(text);
        CHECK_FALSE(is_mailto_iri(text));
    }
}

TEST_CASE("Language tags follow the grammar of RFC 5646") {
    for (const std::string_view tag :
         {"en", "en-US", "zh-Hant-HK", "zh-cmn-Hans-CN", "de-1996", "de-CH-1901", "sl-rozaj-biske-1994",
          "es-419", "x-a-b-c", "en-x-1", "en-a-bb-b-cc-x-d", "I-KLINGON", "zh-min-nan", "abcd", "abcdefgh",
          "qaa-Qaaa-QM-x-southern"}) {
        INFO(tag);
        CHECK(is_language_tag(tag));
    }
    for (const std::string_view tag : {"",           "-",        "e",
                                       "en-",        "-en",      "en--us",
                                       "a12345",     "123",      "en-abcdefghi",
                                       "en-x",       "x",        "x-",
                                       "en-a",       "en-a-b",   "en-u-",
                                       "en_US",      "en-US-DE", "abcdefghi",
                                       "i-nonsense", "en ",      "en-x-abcdefghi"}) {
        INFO(tag);
        CHECK_FALSE(is_language_tag(tag));
    }
}

TEST_CASE("Hexadecimal digits are counted") {
    CHECK(is_hex("00ffAA", 6));
    CHECK(is_hex("", 0));
    CHECK_FALSE(is_hex("00ffA", 6));
    CHECK_FALSE(is_hex("00ffAg", 6));
}

TEST_CASE("A media type has a type, a subtype and well-formed parameters") {
    for (const std::string_view text : {"text/plain", "application/vnd.x+json", "text/plain; charset=utf-8",
                                        "text/plain;a=\"b;\\\"c\"; d=e", "text/plain;", "a/b ; c=d"}) {
        INFO(text);
        CHECK(is_media_type(text));
    }
    for (const std::string_view text :
         {"", "text", "text/", "/plain", "text/plain/x", "text /plain", "text/plain; charset",
          "text/plain; a=\"\r\nX: y\"", "text/plain; a=\"\\\n\"", "text/plain; a=\"\x7f\"", "text/plain;=x",
          "text/plain; a=", "text/plain;a=\"b", "text/plain x"}) {
        INFO(text);
        CHECK_FALSE(is_media_type(text));
    }
}

TEST_CASE("The version header says 1.0, 2.0, 2.0.n, or begins with 1.0. (1.0.3 Part Three 3.3)") {
    for (const std::string_view text :
         {"1.0", "1.0.0", "1.0.3", "1.0.12", "1.0.3-beta", "1.0.x", "1.0.3.1"}) {
        const auto version = parse_version_header(text);
        REQUIRE(version.has_value());
        CHECK(*version == Version::v1_0_3);
    }
    for (const std::string_view text : {"2.0", "2.0.0", "2.0.1"}) {
        const auto version = parse_version_header(text);
        REQUIRE(version.has_value());
        CHECK(*version == Version::v2_0_0);
    }
    for (const std::string_view text :
         {"1", "1.1", "1.1.0", "1.00", "1.0-beta", "2.0.x", "0.95", "2", "2.1.0", "3.0", " 1.0", "1.0 "}) {
        INFO(text);
        const auto version = parse_version_header(text);
        REQUIRE_FALSE(version.has_value());
        CHECK(version.error().code == "version_unsupported");
    }
    CHECK(parse_version_header("").error().code == "version_missing");
    CHECK(to_string(Version::v1_0_3) == "1.0.3");
    CHECK(to_string(Version::v2_0_0) == "2.0.0");
}

TEST_CASE("A refusal that is used as a value throws, and says what was refused") {
    CHECK_THROWS_WITH(parse_version_header("9").value(), Catch::Contains("version_unsupported"));
}
