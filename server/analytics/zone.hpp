// A named time zone, whose clocks change.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server::analytics {

// A name of the IANA database that this system knows.
bool is_zone(std::string_view name);

// A zone's offsets as a sorted list, so that no row asks the database. One thread.
class ZoneClock {
  public:
    // REQUIRES: is_zone.
    explicit ZoneClock(std::string_view zone);

    // Seconds east of UTC at that instant.
    std::int64_t offset(std::int64_t microseconds);

  private:
    struct Span {
        std::int64_t from; // seconds since 1970 UTC
        std::int64_t to;
        std::int64_t offset;
    };
    std::string zone_;
    std::vector<Span> spans_; // asked for already
    std::size_t last_ = 0;
};

} // namespace leerspoor::server::analytics
