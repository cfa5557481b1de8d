#include "spec/base/base64.hpp"

#include <catch2/catch.hpp>

using namespace leerspoor::spec;

TEST_CASE("Base64 is read as RFC 4648's examples have it, with or without padding") {
    CHECK(base64_decode("") == "");
    CHECK(base64_decode("Zg==") == "f");
    CHECK(base64_decode("Zm8=") == "fo");
    CHECK(base64_decode("Zm9v") == "foo");
    CHECK(base64_decode("Zm9vYg") == "foob");
    CHECK(base64_decode("Zm9vYmFy") == "foobar");
    CHECK(base64_decode("+/+/") == "\xfb\xff\xbf");
    for (const auto* text : {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYmFy", "+/+/"})
        CHECK(base64_encode(*base64_decode(text)) == text);
}

TEST_CASE("Base64 of another form is refused") {
    for (const auto* text : {"Z", "Zm9vY", "Zh==", "Zm9=", "Zg=", "Zg===", "Zm9v=", "Zm9v==", "=",
                             "====", "Zm 9", "Zm9v\n", "Zm-_", "Zm=v", "Zm9v\xc3"}) {
        INFO(text);
        CHECK_FALSE(base64_decode(text).has_value());
    }
    CHECK_FALSE(base64_decode(std::string_view("Zm\0v", 4)).has_value());
}

TEST_CASE("Base64url has an alphabet of its own and no padding") {
    CHECK(base64url_decode("-_-_") == "\xfb\xff\xbf");
    CHECK(base64url_decode("Zg") == "f");
    CHECK(base64url_decode("") == "");
    for (const auto* text : {"Zg==", "Zg=", "+/+/", "Z", "Zh", "Zm9v ", " Zm9v"}) {
        INFO(text);
        CHECK_FALSE(base64url_decode(text).has_value());
    }
}

TEST_CASE("What is written as base64url is read back") {
    std::string bytes;
    for (int i = 0; i < 300; ++i) {
        INFO(i);
        CHECK(base64url_decode(base64url_encode(bytes)) == bytes);
        bytes += static_cast<char>(i * 7);
    }
}
