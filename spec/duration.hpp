// Durations of ISO 8601 (xAPI 1.0.3 Part Two 4.6; IEEE 9274.1.1 4.2.7): PnW, or PnYnMnDTnHnMnS with a
// fraction in the last part only.
#pragma once

#include <optional>
#include <string_view>

namespace leerspoor::spec {

// Calendar months and seconds stay apart, because a month has no fixed length.
struct Duration {
    double months = 0;
    double seconds = 0;
};

std::optional<Duration> parse_duration(std::string_view text);

// Equal when cut to 0.01 second, the precision two durations are compared with.
bool equivalent(const Duration& a, const Duration& b);

} // namespace leerspoor::spec
