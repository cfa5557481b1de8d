#include "conformance/probe/instant.hpp"

#include <charconv>
#include <ctime>

namespace leerspoor::conformance {
namespace {

class Reader {
  public:
    explicit Reader(std::string_view text) : rest_(text) {}

    // `digits` of them, as a number; -1 when they are not there.
    int number(std::size_t digits) {
        int value = 0;
        const auto* first = rest_.data();
        if (rest_.size() < digits || std::from_chars(first, first + digits, value).ptr != first + digits)
            return -1;
        rest_.remove_prefix(digits);
        return value;
    }
    bool one_of(std::string_view characters) {
        if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return false;
        last_ = rest_.front();
        rest_.remove_prefix(1);
        return true;
    }
    char last() const { return last_; }
    bool at_end() const { return rest_.empty(); }

  private:
    std::string_view rest_;
    char last_ = 0;
};

} // namespace

std::optional<Instant> parse_instant(std::string_view text) {
    using namespace std::chrono;
    Reader reader(text);
    const int y = reader.number(4);
    const int mo = reader.one_of("-") ? reader.number(2) : -1;
    const int d = reader.one_of("-") ? reader.number(2) : -1;
    const int h = reader.one_of("Tt") ? reader.number(2) : -1;
    const int mi = reader.one_of(":") ? reader.number(2) : -1;
    const int s = reader.one_of(":") ? reader.number(2) : -1;
    const year_month_day date{year(y), month(static_cast<unsigned>(mo)), day(static_cast<unsigned>(d))};
    if (y < 0 || mo < 0 || d < 0 || !date.ok() || h < 0 || mi < 0 || s < 0) return std::nullopt;
    microseconds fraction{0};
    if (reader.one_of(".,")) {
        for (int unit = 100'000; reader.one_of("0123456789"); unit /= 10) {
            fraction += microseconds((reader.last() - '0') * unit);
        }
    }
    minutes offset{0};
    if (reader.one_of("+-")) {
        const int sign = reader.last() == '-' ? -1 : 1;
        const int hours_off = reader.number(2);
        reader.one_of(":");
        const int minutes_off = reader.number(2);
        if (hours_off < 0 || minutes_off < 0) return std::nullopt;
        offset = sign * (hours(hours_off) + minutes(minutes_off));
    } else if (!reader.one_of("Zz")) {
        return std::nullopt;
    }
    if (!reader.at_end()) return std::nullopt;
    return sys_days(date) + hours(h) + minutes(mi) + seconds(s) + fraction - offset;
}

std::optional<std::chrono::sys_seconds> parse_http_date(const std::string& text) {
    std::tm time{};
    if (::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &time) == nullptr) return std::nullopt;
    return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&time)));
}

} // namespace leerspoor::conformance
