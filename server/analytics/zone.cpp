#include "server/analytics/zone.hpp"

#include <algorithm>
#include <date/tz.h>
#include <exception>
#include <iterator>

namespace leerspoor::server::analytics {

bool is_zone(std::string_view name) {
    try {
        date::locate_zone(name);
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

ZoneClock::ZoneClock(std::string_view zone) : zone_(zone) {}

std::int64_t ZoneClock::offset(std::int64_t microseconds) {
    const std::chrono::microseconds instant(microseconds);
    const std::int64_t at = std::chrono::floor<std::chrono::seconds>(instant).count();
    if (last_ < spans_.size() && spans_[last_].from <= at && at < spans_[last_].to)
        return spans_[last_].offset;
    auto found = std::upper_bound(spans_.begin(), spans_.end(), at,
                                  [](std::int64_t seconds, const Span& span) { return seconds < span.from; });
    if (found == spans_.begin() || at >= std::prev(found)->to) {
        const auto info = date::locate_zone(zone_)->get_info(date::sys_seconds(std::chrono::seconds(at)));
        found = spans_.insert(found, {info.begin.time_since_epoch().count(),
                                      info.end.time_since_epoch().count(), info.offset.count()});
        last_ = static_cast<std::size_t>(found - spans_.begin());
    } else {
        last_ = static_cast<std::size_t>(found - spans_.begin()) - 1;
    }
    return spans_[last_].offset;
}

} // namespace leerspoor::server::analytics
