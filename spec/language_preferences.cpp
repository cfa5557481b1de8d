#include "spec/language_preferences.hpp"

#include "spec/base/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace leerspoor::spec {
namespace {

// A language range of RFC 4647 2.1: letters and digits in subtags of 1 to 8, or "*".
bool is_language_range(std::string_view text) {
    if (text == "*") return true;
    std::size_t length = 0;
    for (const char c : text) {

        if (c == '-') {
            if (length == 0) return false;
            length = 0;
        } else if (is_letter(c) || is_digit(c)) {
            if (++length > 8) return false;
        } else {
            return false;
        }
    }
    return length > 0;
}

// The quality behind ";" in thousandths, or none when it is malformed.
std::optional<int> quality_of(std::string_view parameter) {
    parameter = trimmed(parameter);
    if (parameter.size() < 3 || lower_case(parameter[0]) != 'q' || parameter[1] != '=') return std::nullopt;
    parameter.remove_prefix(2);
    if (parameter.size() > 5 || parameter.find_first_not_of("0123456789.") != std::string_view::npos) {
        return std::nullopt;
    }
    double weight = 0;
    const auto [end, error] = std::from_chars(parameter.data(), parameter.data() + parameter.size(), weight);
    if (error != std::errc{} || end != parameter.data() + parameter.size() || weight > 1) return std::nullopt;
    return static_cast<int>(std::lround(weight * 1000));
}

// RFC 4647 3.4: the range without its last subtag, and without a single letter that then ends it.
std::string_view shortened(std::string_view range) {
    const auto cut = [&] {
        const auto hyphen = range.rfind('-');
        range = hyphen == std::string_view::npos ? std::string_view{} : range.substr(0, hyphen);
    };
    cut();
    if (range.size() >= 2 && range[range.size() - 2] == '-') cut();
    return range;
}

bool matches(std::string_view range, std::string_view tag) {
    return starts_with_but_for_case(tag, range) && (tag.size() == range.size() || tag[range.size()] == '-');
}

} // namespace

LanguagePreferences::LanguagePreferences(std::string_view header) {
    while (!header.empty() && ranges_.size() < most_ranges) {
        const auto comma = header.find(',');
        const auto member = header.substr(0, comma);
        header = comma == std::string_view::npos ? std::string_view{} : header.substr(comma + 1);
        const auto semicolon = member.find(';');
        const auto range = trimmed(member.substr(0, semicolon));
        std::optional<int> quality = 1000;
        if (semicolon != std::string_view::npos) quality = quality_of(member.substr(semicolon + 1));
        if (is_language_range(range) && quality) ranges_.push_back({std::string(range), *quality});
    }
}

std::size_t LanguagePreferences::decisive(std::string_view tag) const {
    std::size_t found = ranges_.size();
    for (std::size_t i = 0; i < ranges_.size(); ++i) {
        const std::string_view range = ranges_[i].range;
        const bool any = range == "*";
        if (!any && !matches(range, tag)) continue;
        const bool longer = found == ranges_.size() || (!any && ranges_[found].range == "*") ||
                            (!any && range.size() > ranges_[found].range.size());
        if (longer) found = i;
    }
    return found;
}

boost::json::object::const_iterator LanguagePreferences::best(const boost::json::object& map) const {
    auto best = map.end();
    auto not_refused = map.end();
    std::size_t best_range = ranges_.size();
    for (auto entry = map.begin(); entry != map.end(); ++entry) {
        const auto range = decisive(entry->key());
        if (range == ranges_.size()) {
            if (not_refused == map.end()) not_refused = entry;
            continue;
        }
        const int quality = ranges_[range].quality;
        if (quality == 0) continue;
        const bool better = best == map.end() || quality > ranges_[best_range].quality ||
                            (quality == ranges_[best_range].quality && range < best_range);
        if (!better) continue;
        best = entry;
        best_range = range;
    }
    if (best != map.end()) return best;
    for (const auto& wanted : ranges_) {
        if (wanted.quality == 0) continue;
        for (auto range = shortened(wanted.range); !range.empty(); range = shortened(range)) {
            for (auto entry = map.begin(); entry != map.end(); ++entry) {
                if (equal_but_for_case(entry->key(), range) && decisive(entry->key()) == ranges_.size())
                    return entry;
            }
        }
    }
    return not_refused != map.end() ? not_refused : map.begin();
}

} // namespace leerspoor::spec
