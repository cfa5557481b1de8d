#include "server/xapi/answer.hpp"

#include "server/xapi/preconditions.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <openssl/sha.h>
#include <span>
#include <utility>

namespace leerspoor::server::xapi {
namespace {

std::string hex(std::span<const unsigned char> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : bytes) {
        text += digits[byte >> 4u];
        text += digits[byte & 15u];
    }
    return text;
}

} // namespace

http::Response plain_json(std::string body) {
    http::Response response;
    response.fields.add("Content-Type", "application/json");
    response.body = std::move(body);
    return response;
}

http::Response cacheable_json(const http::RequestHead& head, std::string body, spec::Instant modified) {
    const auto etag = sha1_of(body);
    const auto known = head.fields.find("If-None-Match");
    const bool same = known && names_etag(*known, etag, true);
    http::Response response = plain_json(same ? std::string() : std::move(body));
    if (same) response.status = 304;
    response.fields.add("ETag", "\"" + etag + "\"");
    response.fields.add("Last-Modified", http_date(modified));
    return response;
}

std::string http_date(spec::Instant instant) {
    constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(instant - day));
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                  days[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                  months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return text.data();
}

std::string sha1_of(std::string_view bytes) {
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
    SHA1(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
    return hex(digest);
}

} // namespace leerspoor::server::xapi
