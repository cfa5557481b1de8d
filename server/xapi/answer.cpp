#include "server/xapi/answer.hpp"

#include "server/random.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <openssl/sha.h>
#include <utility>

namespace leerspoor::server::xapi {
namespace {

// RFC 9110 13.1.2, with weak comparison.
bool matches(std::string_view if_none_match, std::string_view etag) {
    if (if_none_match == "*") return true;
    while (!if_none_match.empty()) {
        std::string_view one = if_none_match.substr(0, if_none_match.find(','));
        if_none_match.remove_prefix(std::min(one.size() + 1, if_none_match.size()));
        while (!one.empty() && (one.front() == ' ' || one.front() == '\t')) one.remove_prefix(1);
        while (!one.empty() && (one.back() == ' ' || one.back() == '\t')) one.remove_suffix(1);
        if (one.starts_with("W/")) one.remove_prefix(2);
        if (one == etag) return true;
    }
    return false;
}

} // namespace

http::Response plain_json(std::string body) {
    http::Response response;
    response.fields.add("Content-Type", "application/json");
    response.body = std::move(body);
    return response;
}

http::Response cacheable_json(const http::RequestHead& head, std::string body, spec::Instant modified) {
    auto etag = etag_of(body);
    const auto known = head.fields.find("If-None-Match");
    const bool same = known && matches(*known, etag);
    http::Response response = plain_json(same ? std::string() : std::move(body));
    if (same) response.status = 304;
    response.fields.add("ETag", std::move(etag));
    response.fields.add("Last-Modified", http_date(modified));
    return response;
}

http::Response multipart(std::string_view json) {
    const std::string boundary = "leerspoor-" + random_token(18);
    http::Response response;
    response.fields.add("Content-Type", "multipart/mixed; boundary=" + boundary);
    response.body.reserve(json.size() + 128);
    response.body.append("--").append(boundary).append("\r\nContent-Type: application/json\r\n\r\n");
    response.body.append(json);
    response.body.append("\r\n--").append(boundary).append("--\r\n");
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

std::string etag_of(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
    std::string etag = "\"";
    for (const unsigned char byte : digest) {
        etag += digits[byte >> 4u];
        etag += digits[byte & 15u];
    }
    return etag + "\"";
}

} // namespace leerspoor::server::xapi
