// Instants as days, weeks and hours of a named time zone, whose days may have 23 or 25 hours.
#pragma once

#include "server/analytics/query.hpp"
#include "server/analytics/zone.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace leerspoor::server::analytics {

// Gives each instant the number of its bucket; numbers rise with time. One thread.
class TimeBuckets {
  public:
    // REQUIRES: a dimension of time, weekday or hour_of_day, and is_zone.
    TimeBuckets(DimensionKind kind, std::string_view zone);

    std::int64_t bucket(std::int64_t microseconds);
    // "2026-03-29", "2026-W13", "2026-03", "2026-Q1", "2026", "2026-03-29T03:00+02:00"; weekdays and hours:
    // "3".
    std::string label(std::int64_t bucket) const;

  private:
    DimensionKind kind_;
    ZoneClock clock_;
    std::int64_t last_days_ = std::numeric_limits<std::int64_t>::min(); // a local day whose bucket is known
    std::int64_t last_bucket_ = 0;
};

} // namespace leerspoor::server::analytics
