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

    std::int64_t bucket(std::int64_t microseconds);
    // "2026-03-29", "2026-W13", "2026-03", "2026-Q1", "2026", "2026-03-29T03:00+02:00"; weekdays and hours:
    // "3".
    std::string label(std::int64_t bucket) const;

  private:
    // Of each quarter of an hour its bucket, and 1; 0: not known. Clocks change at quarters, mostly.
    using Quarters = std::array<std::int32_t, 4096>;

    std::int64_t computed(std::int64_t seconds);

    DimensionKind kind_;
    std::shared_ptr<const ZoneClock> clock_;
    ZoneSpan span_; // of the last instant
    std::vector<std::unique_ptr<Quarters>> quarters_;
    std::int64_t last_days_ = std::numeric_limits<std::int64_t>::min(); // a local day whose bucket is known
    std::int64_t last_bucket_ = 0;
};

} // namespace leerspoor::server::analytics
