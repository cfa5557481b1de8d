#include "server/analytics/time_buckets.hpp"

#include <cstdio>
#include <date/iso_week.h>

namespace leerspoor::server::analytics {
namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t quarter_seconds = 900;
constexpr std::int64_t hour_seconds = 3600;
constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t known_until = 4'102'444'800; // 2100-01-01
// Hours are numbered together with the offset they are in: the same hour of a clock may come twice.
constexpr std::int64_t offsets = 4096; // of minutes, from -2,048 on

std::int64_t floor_of(std::int64_t number, std::int64_t divisor) {
    return number / divisor - (number % divisor < 0 ? 1 : 0);
}

date::sys_days day_of(std::int64_t local_days) {
    return date::sys_days(date::days(local_days));
}

template <class... Values>
std::string format(const char* form, Values... values) {
    char text[64];
    std::snprintf(text, sizeof text, form, values...);
    return text;
}

std::string date_text(std::int64_t local_days) {
    const date::year_month_day day(day_of(local_days));
    return format("%04d-%02u-%02u", int(day.year()), unsigned(day.month()), unsigned(day.day()));
}

} // namespace

std::int64_t bucket_of(DimensionKind kind, std::int64_t seconds, std::int64_t offset) {
    const std::int64_t local = seconds + offset;
    const std::int64_t days = floor_of(local, day_seconds);
    switch (kind) {
    case DimensionKind::hour: {
        // By the instant first, so that hours that the clock has twice stay in order.
        const std::int64_t start = floor_of(local, hour_seconds) * hour_seconds - offset;
        return start / 60 * offsets + (floor_of(offset, 60) + offsets / 2);
    }
    case DimensionKind::day:
        return days;
    case DimensionKind::week: // 1970-01-01 was a Thursday
        return floor_of(days + 3, 7);
    case DimensionKind::hour_of_day:
        return floor_of(local - days * day_seconds, hour_seconds);
    case DimensionKind::weekday:
        return days + 3 - floor_of(days + 3, 7) * 7 + 1;
    default:
        break;
    }
    const date::year_month_day day(day_of(days));
    const std::int64_t year = int(day.year());
    const auto month = static_cast<std::int64_t>(unsigned(day.month())) - 1;
    return kind == DimensionKind::year      ? year
           : kind == DimensionKind::quarter ? year * 4 + month / 3
                                            : year * 12 + month;
}

TimeBuckets::TimeBuckets(DimensionKind kind, std::string_view zone)
    : kind_(kind), clock_(ZoneClock::of(zone)) {}

std::int64_t TimeBuckets::look_up(std::int64_t microseconds) {
    const std::int64_t seconds = floor_of(microseconds, second);
    if (seconds < 0 || seconds >= known_until || kind_ == DimensionKind::hour) return computed(seconds);
    const auto quarter = static_cast<std::size_t>(seconds / quarter_seconds);
    const std::size_t part = quarter / quarters_at_a_time;
    if (part >= quarters_.size()) quarters_.resize(part + 1);
    if (!quarters_[part]) quarters_[part] = std::make_unique<Quarters>();
    auto& known = (*quarters_[part])[quarter % quarters_at_a_time];
    const auto bucket = computed(seconds);
    const auto start = static_cast<std::int64_t>(quarter) * quarter_seconds;
    if (span_.has(start) && span_.has(start + quarter_seconds - 1) && span_.offset % quarter_seconds == 0)
        known = static_cast<std::int32_t>(bucket + 1);
    return bucket;
}

std::int64_t TimeBuckets::computed(std::int64_t seconds) {
    if (!span_.has(seconds)) span_ = clock_->span(seconds);
    if (kind_ != DimensionKind::month && kind_ != DimensionKind::quarter && kind_ != DimensionKind::year)
        return bucket_of(kind_, seconds, span_.offset);
    const std::int64_t days = floor_of(seconds + span_.offset, day_seconds);
    if (days != last_days_) last_bucket_ = bucket_of(kind_, seconds, span_.offset);
    last_days_ = days;
    return last_bucket_;
}

std::string TimeBuckets::label(std::int64_t bucket) const {
    switch (kind_) {
    case DimensionKind::hour: {
        const std::int64_t minutes = floor_of(bucket, offsets);
        const std::int64_t offset = bucket - minutes * offsets - offsets / 2;
        const std::int64_t local = minutes + offset;
        const std::int64_t days = floor_of(local, day_seconds / 60);
        const std::int64_t of_day = local - days * (day_seconds / 60);
        const auto east = static_cast<int>(offset < 0 ? -offset : offset);
        return date_text(days) + format("T%02d:%02d%c%02d:%02d", static_cast<int>(of_day / 60),
                                        static_cast<int>(of_day % 60), offset < 0 ? '-' : '+', east / 60,
                                        east % 60);
    }
    case DimensionKind::day:
        return date_text(bucket);
    case DimensionKind::week: {
        const iso_week::year_weeknum_weekday week(day_of(bucket * 7 - 3));
        return format("%04d-W%02u", int(week.year()), unsigned(week.weeknum()));
    }
    case DimensionKind::month:
        return format("%04d-%02d", static_cast<int>(floor_of(bucket, 12)),
                      static_cast<int>(bucket - floor_of(bucket, 12) * 12) + 1);
    case DimensionKind::quarter:
        return format("%04d-Q%d", static_cast<int>(floor_of(bucket, 4)),
                      static_cast<int>(bucket - floor_of(bucket, 4) * 4) + 1);
    case DimensionKind::year:
        return format("%04d", static_cast<int>(bucket));
    default:
        return std::to_string(bucket);
    }
}

} // namespace leerspoor::server::analytics
