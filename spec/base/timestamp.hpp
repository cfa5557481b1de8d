// Timestamps (xAPI 1.0.3 Part Two 4.5: ISO 8601; IEEE 9274.1.1 4.2.7: RFC 3339).
#pragma once

#include "spec/base/version.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace leerspoor::spec {

// An instant, in microseconds since 1970 UTC: the resolution of `stored`.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

// Length of every text that format_timestamp returns: 2026-11-24T09:30:00.123456Z
inline constexpr std::size_t timestamp_length = 27;

// Error code: timestamp_invalid (pointer left empty). Digits beyond microseconds are accepted and dropped
// here; the statement's own text keeps them.
Result<Instant> parse_timestamp(std::string_view text, Version version);

std::string format_timestamp(Instant instant);

} // namespace leerspoor::spec
