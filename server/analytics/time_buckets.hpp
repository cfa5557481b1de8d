// Instants as days, weeks and hours of a named time zone, whose days may have 23 or 25 hours.
#pragma once

#include "server/analytics/query.hpp"
#include "server/analytics/zone.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server::analytics {

// The bucket of an instant, in seconds since 1970 UTC, where clocks are `offset` seconds east; numbers rise
// with time.
std::int64_t bucket_of(DimensionKind kind, std::int64_t seconds, std::int64_t offset);

// Gives each instant the number of its bucket. One thread.
class TimeBuckets {
  public:
    // REQUIRES: a dimension of time, weekday or hour_of_day, and is_zone.
    TimeBuckets(DimensionKind kind, std::string_view zone);

    std::int64_t bucket(std::int64_t microseconds) {
        const auto quarter = static_cast<std::uint64_t>(microseconds) / quarter_microseconds;
        const auto part = quarter / quarters_at_a_time; // great before 1970
        if (part < quarters_.size() && quarters_[part]) {
            const auto known = (*quarters_[part])[quarter % quarters_at_a_time];
            if (known != 0) return known - 1;
        }
        return look_up(microseconds);
    }
    // "2026-03-29", "2026-W13", "2026-03", "2026-Q1", "2026", "2026-03-29T03:00+02:00"; weekdays and hours:
    // "3".
    std::string label(std::int64_t bucket) const;

  private:
    // Of each quarter of an hour its bucket, and 1; 0: not known. Clocks change at quarters, mostly.
    static constexpr std::uint64_t quarter_microseconds = 900'000'000;
    static constexpr std::size_t quarters_at_a_time = 4096;
    using Quarters = std::array<std::int32_t, quarters_at_a_time>;

    std::int64_t look_up(std::int64_t microseconds);
    std::int64_t computed(std::int64_t seconds);

    DimensionKind kind_;
    std::shared_ptr<const ZoneClock> clock_;
    ZoneSpan span_; // of the last instant
    std::vector<std::unique_ptr<Quarters>> quarters_;
    std::int64_t last_days_ = std::numeric_limits<std::int64_t>::min(); // a local day whose bucket is known
    std::int64_t last_bucket_ = 0;
};

} // namespace leerspoor::server::analytics
