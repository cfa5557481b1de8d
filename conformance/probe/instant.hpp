// Timestamps as the LRS writes them, to compare one with another (RFC 3339), and dates of HTTP (RFC 9110).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace leerspoor::conformance {

using Instant = std::chrono::sys_time<std::chrono::microseconds>;

// Nothing when it is no date and time with an offset. What is finer than microseconds is dropped.
std::optional<Instant> parse_instant(std::string_view text);

// As HTTP fields have them: Tue, 24 Nov 2026 05:00:00 GMT.
std::optional<std::chrono::sys_seconds> parse_http_date(const std::string& text);

} // namespace leerspoor::conformance
