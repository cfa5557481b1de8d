#include "spec/base/duration.hpp"

#include <charconv>

namespace leerspoor::spec {
namespace {

struct Part {
    char designator;
    double months;
    double seconds;
};

constexpr double seconds_per_day = 86400;
constexpr Part date_parts[] = {{'Y', 12, 0}, {'M', 1, 0}, {'D', 0, seconds_per_day}};
constexpr Part time_parts[] = {{'H', 0, 3600}, {'M', 0, 60}, {'S', 0, 1}};
constexpr Part week_parts[] = {{'W', 0, 7 * seconds_per_day}};

// Digits with at most one fraction; ISO 8601 allows a comma as its sign. Moves behind what it takes.
std::optional<double> take_number(std::string_view& text, bool& has_fraction) {
    std::string digits;
    const auto take_digits = [&] {
        std::size_t count = 0;
        while (count < text.size() && text[count] >= '0' && text[count] <= '9') {
            ++count;
        }
        digits.append(text.substr(0, count));
        text.remove_prefix(count);
        return count;
    };
    if (take_digits() == 0) return std::nullopt;
    has_fraction = !text.empty() && (text.front() == '.' || text.front() == ',');
    if (has_fraction) {
        text.remove_prefix(1);
        digits += '.';
        if (take_digits() == 0) return std::nullopt;
    }
    double number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

// Takes numbers with the designators of `parts`, in their order, each at most once.
template <std::size_t count>
bool take_parts(std::string_view& text, const Part (&parts)[count], Duration& sum, bool& ended_by_fraction) {
    std::size_t next = 0;
    bool any = false;
    while (!text.empty() && text.front() != 'T') {
        if (ended_by_fraction) return false;
        bool has_fraction = false;
        const auto number = take_number(text, has_fraction);
        if (!number || text.empty()) return false;
        while (next < count && parts[next].designator != text.front()) {
            ++next;
        }
        if (next == count) return false;
        sum.months += *number * parts[next].months;
        sum.seconds += *number * parts[next].seconds;
        ++next;
        text.remove_prefix(1);
        ended_by_fraction = has_fraction;
        any = true;
    }
    return any;
}

} // namespace

std::optional<Duration> parse_duration(std::string_view text) {
    if (text.size() < 3 || text.front() != 'P') return std::nullopt;
    text.remove_prefix(1);
    Duration sum;
    bool ended_by_fraction = false;
    if (text.back() == 'W') {
        if (!take_parts(text, week_parts, sum, ended_by_fraction) || !text.empty()) return std::nullopt;
        return sum;
    }
    if (text.front() != 'T' && !take_parts(text, date_parts, sum, ended_by_fraction)) return std::nullopt;
    if (text.empty()) return sum;
    if (ended_by_fraction) return std::nullopt;
    text.remove_prefix(1);
    if (!take_parts(text, time_parts, sum, ended_by_fraction) || !text.empty()) return std::nullopt;
    return sum;
}

std::string comparable_duration(std::string_view text) {
    const auto sign = text.find_first_of(".,");
    if (sign == std::string_view::npos || text.back() != 'S') return std::string(text);
    auto fraction = text.substr(sign + 1, text.size() - sign - 2).substr(0, 2);
    while (!fraction.empty() && fraction.back() == '0') {
        fraction.remove_suffix(1);
    }
    std::string comparable(text.substr(0, sign));
    if (!fraction.empty()) comparable.append(".").append(fraction);
    return comparable + 'S';
}

std::string format_duration(std::chrono::milliseconds length) {
    const auto hundredths = length.count() / 10;
    const auto seconds = hundredths / 100;
    std::string text = "PT";
    if (seconds >= 3600) text += std::to_string(seconds / 3600) + "H";
    if (seconds % 3600 >= 60) text += std::to_string(seconds % 3600 / 60) + "M";
    const auto rest = hundredths % 6000;
    if (rest == 0) return text.size() == 2 ? text + "0S" : text;
    text += std::to_string(rest / 100);
    if (rest % 100 != 0) {
        auto fraction = std::to_string(100 + rest % 100).substr(1);
        if (fraction.back() == '0') fraction.pop_back();
        text += "." + fraction;
    }
    return text + "S";
}

} // namespace leerspoor::spec
