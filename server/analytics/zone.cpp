#include "server/analytics/zone.hpp"

#include <algorithm>
#include <date/tz.h>
#include <exception>
#include <iterator>
#include <map>
#include <mutex>

namespace leerspoor::server::analytics {
namespace {

// Most statements are of these years; of others the database is asked.
constexpr std::int64_t first_second = 946'684'800;  // 2000-01-01
constexpr std::int64_t last_second = 2'208'988'800; // 2040-01-01

ZoneSpan asked(const std::string& zone, std::int64_t seconds) {
    const auto info = date::locate_zone(zone)->get_info(date::sys_seconds(std::chrono::seconds(seconds)));
    return {info.begin.time_since_epoch().count(), info.end.time_since_epoch().count(), info.offset.count()};
}

} // namespace

bool is_zone(std::string_view name) {
    try {
        date::locate_zone(name);
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

std::shared_ptr<const ZoneClock> ZoneClock::of(std::string_view zone) {
    static std::mutex mutex;
    static std::map<std::string, std::shared_ptr<const ZoneClock>, std::less<>> clocks;
    const std::lock_guard lock(mutex);
    const auto known = clocks.find(zone);
    if (known != clocks.end()) return known->second;
    return clocks.emplace(zone, std::make_shared<const ZoneClock>(zone)).first->second;
}

ZoneClock::ZoneClock(std::string_view zone) : zone_(zone) {
    for (std::int64_t at = first_second; at < last_second; at = spans_.back().to)
        spans_.push_back(asked(zone_, at));
}

ZoneSpan ZoneClock::span(std::int64_t seconds) const {
    const auto after = std::upper_bound(spans_.begin(), spans_.end(), seconds,
                                        [](std::int64_t at, const ZoneSpan& one) { return at < one.from; });
    if (after != spans_.begin() && std::prev(after)->has(seconds)) return *std::prev(after);
    return asked(zone_, seconds);
}

} // namespace leerspoor::server::analytics
