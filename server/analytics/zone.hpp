// A named time zone, whose clocks change.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server::analytics {

// A name of the IANA database that this system knows.
bool is_zone(std::string_view name);

// While it lasts, a zone's clocks stay so.
struct ZoneSpan {
    std::int64_t from = 0;   // seconds since 1970 UTC
    std::int64_t to = 0;     // exclusive
    std::int64_t offset = 0; // seconds east of UTC

    bool has(std::int64_t seconds) const { return from <= seconds && seconds < to; }
};

// A zone's offsets as a sorted list, so that no row asks the database. Any thread.
class ZoneClock {
  public:
    // The same one for all who ask. REQUIRES: is_zone.
    static std::shared_ptr<const ZoneClock> of(std::string_view zone);

    explicit ZoneClock(std::string_view zone);
    // That of an instant, in seconds since 1970 UTC.
    ZoneSpan span(std::int64_t seconds) const;

  private:
    std::string zone_;
    std::vector<ZoneSpan> spans_; // without a gap
};

} // namespace leerspoor::server::analytics
