// Timestamps and durations.
#include "spec/base/duration.hpp"
#include "spec/base/timestamp.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace leerspoor;
using namespace leerspoor::spec;

std::string in_utc(std::string_view text, Version version = Version::v1_0_3) {
    const auto instant = parse_timestamp(text, version);
    return instant.has_value() ? format_timestamp(*instant) : instant.error().code;
}

} // namespace

TEST_CASE("A timestamp names an instant, whatever its zone") {
    CHECK(in_utc("2024-05-01T10:00:00Z") == "2024-05-01T10:00:00.000000Z");
    CHECK(in_utc("2024-05-01T10:00:00+02:00") == "2024-05-01T08:00:00.000000Z");
    CHECK(in_utc("2024-05-01T22:30:00-05:30") == "2024-05-02T04:00:00.000000Z");
    CHECK(in_utc("2024-05-01T10:00:00.123456789Z") == "2024-05-01T10:00:00.123456Z");
    CHECK(in_utc("2016-12-31T23:59:60Z") == "2017-01-01T00:00:00.000000Z");
    CHECK(in_utc("1969-12-31T23:59:59.999999Z") == "1969-12-31T23:59:59.999999Z");
}

TEST_CASE("1.0.3 reads the forms of ISO 8601; without a zone UTC is meant") {
    for (const std::string_view text :
         {"20240501T100000Z", "2024-05-01T10:00", "20240501T1000", "2024-122T10:00:00Z", "2024122T100000Z",
          "2024-W18-3T10:00:00Z", "2024W183T100000Z", "2024-05-01T12:00:00+0200", "2024-05-01T12:00:00+02"}) {
        INFO(text);
        CHECK(in_utc(text) == "2024-05-01T10:00:00.000000Z");
        CHECK(in_utc(text, Version::v2_0_0) == "timestamp_invalid");
    }
    CHECK(in_utc("2024-05-01T10:00:00,5Z") == "2024-05-01T10:00:00.500000Z");
    CHECK(in_utc("2024-05-01T10:00.5Z") == "2024-05-01T10:00:30.000000Z");
    CHECK(in_utc("2024-05-01T10Z") == "2024-05-01T10:00:00.000000Z");
    CHECK(in_utc("20240501T10,25Z") == "2024-05-01T10:15:00.000000Z");
    CHECK(in_utc("2024-05-01T24:00:00Z") == "2024-05-02T00:00:00.000000Z");
    CHECK(in_utc("2021-W01-1T00:00:00Z") == "2021-01-04T00:00:00.000000Z");
    CHECK(in_utc("2020-W53-7T00:00:00Z") == "2021-01-03T00:00:00.000000Z");
}

TEST_CASE("Every instant is written with timestamp_length characters and read back") {
    for (const std::int64_t micros : {0L, 1L, 1714557600123456L, 253402300799999999L, -62135596800000000L}) {
        const Instant instant{std::chrono::microseconds{micros}};
        const auto text = format_timestamp(instant);
        CHECK(text.size() == timestamp_length);
        for (const auto version : {Version::v1_0_3, Version::v2_0_0}) {
            const auto back = parse_timestamp(text, version);
            REQUIRE(back.has_value());
            CHECK(*back == instant);
        }
    }
}

TEST_CASE("A refused timestamp says which part is wrong") {
    const auto message = [](std::string_view text) {
        return parse_timestamp(text, Version::v2_0_0).error().message;
    };
    CHECK(message("2024-02-30T10:00:00Z").find("date") != std::string::npos);
    CHECK(message("2024-02-01 10:00:00Z").find("T") != std::string::npos);
    CHECK(message("2024-02-01T10:61:00Z").find("time of day") != std::string::npos);
    CHECK(message("2024-02-01T10:00:00").find("Z") != std::string::npos);
}

TEST_CASE("Durations add up, months apart from seconds") {
    const auto parsed = parse_duration("P1Y2M3DT4H5M6.5S");
    REQUIRE(parsed.has_value());
    CHECK(parsed->months == 14);
    CHECK(parsed->seconds == Approx(3 * 86400 + 4 * 3600 + 5 * 60 + 6.5));
    CHECK(parse_duration("P2W")->seconds == 14 * 86400);
    CHECK(parse_duration("P0.5Y")->months == 6);
    CHECK(parse_duration("PT0,25H")->seconds == 900);
}

TEST_CASE("What ISO 8601 does not call a duration is none") {
    for (const std::string_view text :
         {"",      "P",    "PT",   "P1",   "PT1",    "T1S",     "P1S",  "PT1Y", "P1M1Y", "P1WT1S", "PT1.5M1S",
          "P1Y1Y", "P 1Y", "P1YT", "P-1Y", "PT1e3S", "PT1..5S", "P1D ", "PTS",  "PW",    "PT1W"}) {
        INFO(text);
        CHECK_FALSE(parse_duration(text).has_value());
    }
    const auto endless = "PT" + std::string(400, '9') + "S";
    CHECK_FALSE(parse_duration(endless).has_value());
}

TEST_CASE("Durations are compared as text, to 0.01 second") {
    CHECK(comparable_duration("PT1.239S") == comparable_duration("PT1.23S"));
    CHECK(comparable_duration("PT1.50S") == comparable_duration("PT1.5S"));
    CHECK(comparable_duration("PT1.00S") == comparable_duration("PT1S"));
    CHECK(comparable_duration("PT1,23S") == comparable_duration("PT1.23S"));
    CHECK(comparable_duration("PT1.24S") != comparable_duration("PT1.23S"));
    CHECK(comparable_duration("PT60M") != comparable_duration("PT1H"));
    CHECK(comparable_duration("PT1.239M") != comparable_duration("PT1.23M"));
}
