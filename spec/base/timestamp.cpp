#include "spec/base/timestamp.hpp"

#include <optional>

namespace leerspoor::spec {
namespace {

using namespace std::chrono_literals;

Error invalid(const char* message) {
    return Error{"timestamp_invalid", "", message};
}

// Reads a text from the left; once something is not there, `good` stays false.
class Reader {
  public:
    explicit Reader(std::string_view text) : text_(text) {}

    bool good() const { return good_; }
    bool done() const { return text_.empty(); }
    bool at(char c) const { return !text_.empty() && text_.front() == c; }
    bool at_digit(std::size_t offset = 0) const {
        return offset < text_.size() && text_[offset] >= '0' && text_[offset] <= '9';
    }
    std::size_t digits() const {
        std::size_t count = 0;
        while (at_digit(count)) {
            ++count;
        }
        return count;
    }

    bool take(char c) {
        if (!at(c)) return false;
        text_.remove_prefix(1);
        return true;
    }
    void need(char c) {
        if (!take(c)) good_ = false;
    }
    int number(std::size_t digit_count) {
        int value = 0;
        for (std::size_t i = 0; i < digit_count; ++i) {
            if (!at_digit()) {
                good_ = false;
                return 0;
            }
            value = value * 10 + (text_.front() - '0');
            text_.remove_prefix(1);
        }
        return value;
    }
    // The digits of a fraction, as parts of a million; further ones are dropped.
    std::int64_t millionths() {
        if (!at_digit()) good_ = false;
        std::int64_t value = 0;
        int count = 0;
        for (; at_digit(); ++count, text_.remove_prefix(1)) {
            if (count < 6) value = value * 10 + (text_.front() - '0');
        }
        for (; count < 6; ++count) {
            value *= 10;
        }
        return value;
    }

  private:
    std::string_view text_;
    bool good_ = true;
};

std::optional<std::chrono::sys_days> date_of(int year, int month, int day) {
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date};
}

std::optional<std::chrono::sys_days> ordinal_date_of(int year, int day) {
    const auto first = date_of(year, 1, 1);
    const int days_in_year = std::chrono::year{year}.is_leap() ? 366 : 365;
    if (!first || day < 1 || day > days_in_year) return std::nullopt;
    return *first + std::chrono::days{day - 1};
}

std::optional<std::chrono::sys_days> week_date_of(int year, int week, int weekday) {
    const auto first_monday = [](int of_year) {
        const auto fourth = *date_of(of_year, 1, 4); // always in week 1
        return fourth - std::chrono::days{std::chrono::weekday{fourth}.iso_encoding() - 1};
    };
    if (week < 1 || weekday < 1 || weekday > 7) return std::nullopt;
    const auto monday = first_monday(year) + std::chrono::weeks{week - 1};
    if (monday >= first_monday(year + 1)) return std::nullopt;
    return monday + std::chrono::days{weekday - 1};
}

// ISO 8601 knows calendar, ordinal and week dates, each with hyphens (extended) or without (basic).
std::optional<std::chrono::sys_days> take_date(Reader& in, bool rfc3339, bool& extended) {
    const int year = in.number(4);
    if (!in.good()) return std::nullopt;
    extended = in.take('-');
    if (rfc3339 && !extended) return std::nullopt;
    if (!rfc3339 && in.take('W')) {
        const int week = in.number(2);
        if (extended) in.need('-');
        const int weekday = in.number(1);
        return in.good() ? week_date_of(year, week, weekday) : std::nullopt;
    }
    if (!rfc3339 && in.digits() == 3) return ordinal_date_of(year, in.number(3));
    const int month = in.number(2);
    if (extended) in.need('-');
    const int day = in.number(2);
    return in.good() ? date_of(year, month, day) : std::nullopt;
}

struct TimeOfDay {
    std::chrono::microseconds since_midnight{};
};

std::optional<TimeOfDay> take_time(Reader& in, bool rfc3339, bool extended) {
    const int hour = in.number(2);
    int minute = 0;
    int second = 0;
    std::int64_t fraction = 0;
    std::int64_t fraction_unit = 3600; // of the last part that is there, in seconds
    const auto take_part = [&](int& part, std::int64_t unit) {
        if (extended ? !in.take(':') : !in.at_digit()) return false;
        part = in.number(2);
        fraction_unit = unit;
        return true;
    };
    if (!(take_part(minute, 60) && take_part(second, 1)) && rfc3339) return std::nullopt;
    if (in.take('.') || (!rfc3339 && in.take(','))) fraction = in.millionths() * fraction_unit;
    if (!in.good() || minute > 59 || second > 60) return std::nullopt;
    const bool end_of_day = hour == 24 && minute == 0 && second == 0 && fraction == 0 && !rfc3339;
    if (hour > 23 && !end_of_day) return std::nullopt;
    return TimeOfDay{std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second} +
                     std::chrono::microseconds{fraction}};
}

// Z, +hh:mm, and in ISO 8601 also +hhmm and +hh. Minus zero says "zone unknown" in RFC 3339 and is no ISO
// 8601.
std::optional<std::chrono::minutes> take_zone(Reader& in, bool rfc3339) {
    if (in.take('Z') || (rfc3339 && in.take('z'))) return 0min;
    const bool west = in.at('-');
    if (!in.take('+') && !in.take('-')) return std::nullopt;
    const int hours = in.number(2);
    int minutes = 0;
    if (in.take(':') || (!rfc3339 && in.at_digit())) {
        minutes = in.number(2);
    } else if (rfc3339) {
        return std::nullopt;
    }
    if (!in.good() || hours > 23 || minutes > 59 || (west && hours == 0 && minutes == 0)) return std::nullopt;
    const auto offset = std::chrono::hours{hours} + std::chrono::minutes{minutes};
    return west ? -offset : offset;
}

void put(std::string& text, std::size_t at, std::size_t digits, std::int64_t value) {
    for (std::size_t i = digits; i-- > 0; value /= 10) {
        text[at + i] = static_cast<char>('0' + value % 10);
    }
}

} // namespace

Result<Instant> parse_timestamp(std::string_view text, Version version) {
    const bool rfc3339 = version == Version::v2_0_0;
    Reader in(text);
    bool extended = true;
    const auto date = take_date(in, rfc3339, extended);
    if (!date) return invalid("A timestamp must begin with a date of the calendar, such as 2026-11-24.");
    if (!in.take('T') && !(rfc3339 && in.take('t'))) {
        return invalid("A timestamp must have a T between its date and its time.");
    }
    const auto time = take_time(in, rfc3339, extended);
    if (!time) return invalid("A timestamp must have a time of day, such as 09:30:00.123.");
    std::chrono::minutes offset = 0min;
    if (!in.done() || rfc3339) {
        const auto zone = take_zone(in, rfc3339);
        if (!zone || !in.done()) {
            return invalid("A timestamp must end in Z or in an offset such as +01:00, and not in -00:00.");
        }
        offset = *zone;
    }
    return Instant{*date} + time->since_midnight - offset;
}

std::string format_timestamp(Instant instant) {
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{instant - day};
    std::string text = "0000-00-00T00:00:00.000000Z";
    put(text, 0, 4, int{date.year()});
    put(text, 5, 2, unsigned{date.month()});
    put(text, 8, 2, unsigned{date.day()});
    put(text, 11, 2, time.hours().count());
    put(text, 14, 2, time.minutes().count());
    put(text, 17, 2, time.seconds().count());
    put(text, 20, 6, time.subseconds().count());
    return text;
}

} // namespace leerspoor::spec
