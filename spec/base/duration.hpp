// Durations of ISO 8601 (xAPI 1.0.3 Part Two 4.6; IEEE 9274.1.1 4.2.7): PnW, or PnYnMnDTnHnMnS with a
// fraction in the last part only.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace leerspoor::spec {

// Calendar months and seconds stay apart, because a month has no fixed length.
struct Duration {
    double months = 0;
    double seconds = 0;
};

std::optional<Duration> parse_duration(std::string_view text);

// Two durations are the same for the comparison of statements exactly when these texts are equal. The text
// counts, not the length of time (1.0.3 Part Two 2.3.1: PT60M differs from PT1H), with seconds cut to 0.01
// (4.6). REQUIRES: a valid duration.
std::string comparable_duration(std::string_view text);

// "PT1H2M3.45S", to a hundredth of a second; "PT0S" for none. REQUIRES: not negative.
std::string format_duration(std::chrono::milliseconds length);

} // namespace leerspoor::spec
