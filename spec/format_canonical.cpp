// Language preferences and the canonical format (xAPI 1.0.3 Part Three 2.1.3, "Language Filtering
// Requirements for Canonical Format Statements").
#include "spec/format.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <cmath>

namespace leerspoor::spec {
namespace {

namespace json = boost::json;

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
        text.remove_suffix(1);
    }
    return text;
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool equal_but_for_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

// A language range of RFC 4647 2.1: letters and digits in subtags of 1 to 8, or "*".
bool is_range(std::string_view text) {
    if (text == "*") return true;
    std::size_t length = 0;
    for (const char c : text) {
        const char folded = lower(c);
        if (c == '-') {
            if (length == 0) return false;
            length = 0;
        } else if ((folded >= 'a' && folded <= 'z') || (c >= '0' && c <= '9')) {
            if (++length > 8) return false;
        } else {
            return false;
        }
    }
    return length > 0;
}

// The quality behind ";" in thousandths, or none when it is malformed.
std::optional<int> quality_of(std::string_view parameter) {
    parameter = trim(parameter);
    if (parameter.size() < 3 || lower(parameter[0]) != 'q' || parameter[1] != '=') return std::nullopt;
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

bool begins_with_range(std::string_view tag, std::string_view range) {
    return tag.size() > range.size() && tag[range.size()] == '-' &&
           equal_but_for_case(tag.substr(0, range.size()), range);
}

// Lookup first; where it finds nothing, "en" may also have "en-US" before an unwanted language is taken.
json::object::const_iterator best_entry(const json::object& map,
                                        const std::vector<std::string>& preferences) {
    for (const auto& preference : preferences) {
        for (std::string_view range = preference; !range.empty() && range != "*"; range = shortened(range)) {
            const auto found = std::find_if(map.begin(), map.end(), [&](const auto& entry) {
                return equal_but_for_case(entry.key(), range);
            });
            if (found != map.end()) return found;
        }
    }
    for (const auto& preference : preferences) {
        const auto found = std::find_if(map.begin(), map.end(), [&](const auto& entry) {
            return begins_with_range(entry.key(), preference);
        });
        if (found != map.end()) return found;
    }
    return map.begin();
}

void pick_language(json::object& parent, std::string_view key, const std::vector<std::string>& preferences) {
    auto* value = parent.if_contains(key);
    if (value == nullptr) return;
    auto& map = value->get_object();
    if (map.size() < 2) return;
    const auto best = best_entry(map, preferences);
    json::object one(map.storage());
    one.emplace(best->key(), best->value());
    map = std::move(one);
}

class Canonical {
  public:
    Canonical(const std::vector<std::string>& preferences, const CanonicalDefinition& definition_of)
        : preferences_(preferences), definition_of_(definition_of) {}

    void statement(json::object& statement) const {
        pick_language(statement.at("verb").get_object(), "display", preferences_);
        object(statement.at("object").get_object());
        if (auto* context = statement.if_contains("context")) context_activities(context->get_object());
        if (auto* attachments = statement.if_contains("attachments")) {
            for (auto& attachment : attachments->get_array()) {
                pick_language(attachment.get_object(), "display", preferences_);
                pick_language(attachment.get_object(), "description", preferences_);
            }
        }
    }

  private:
    void object(json::object& object) const {
        const auto* found = object.if_contains("objectType");
        if (found == nullptr || found->get_string() == "Activity") {
            activity(object);
        } else if (found->get_string() == "SubStatement") {
            statement(object);
        }
    }

    void context_activities(json::object& context) const {
        auto* lists = context.if_contains("contextActivities");
        if (lists == nullptr) return;
        for (auto& list : lists->get_object()) {
            if (auto* single = list.value().if_object()) {
                activity(*single);
                continue;
            }
            for (auto& element : list.value().get_array()) {
                activity(element.get_object());
            }
        }
    }

    void activity(json::object& activity) const {
        if (definition_of_) {
            if (const auto* definition = definition_of_(activity.at("id").get_string())) {
                activity["definition"] = *definition;
            }
        }
        auto* found = activity.if_contains("definition");
        if (found == nullptr) return;
        auto& definition = found->get_object();
        pick_language(definition, "name", preferences_);
        pick_language(definition, "description", preferences_);
        for (const auto* list : {"choices", "scale", "source", "target", "steps"}) {
            auto* components = definition.if_contains(list);
            if (components == nullptr) continue;
            for (auto& component : components->get_array()) {
                pick_language(component.get_object(), "description", preferences_);
            }
        }
    }

    const std::vector<std::string>& preferences_;
    const CanonicalDefinition& definition_of_;
};

} // namespace

std::vector<std::string> parse_accept_language(std::string_view header) {
    struct Preference {
        std::string range;
        int quality;
    };
    std::vector<Preference> preferences;
    while (!header.empty()) {
        const auto comma = header.find(',');
        const auto member = header.substr(0, comma);
        header = comma == std::string_view::npos ? std::string_view{} : header.substr(comma + 1);
        const auto semicolon = member.find(';');
        const auto range = trim(member.substr(0, semicolon));
        std::optional<int> quality = 1000;
        if (semicolon != std::string_view::npos) quality = quality_of(member.substr(semicolon + 1));
        if (!is_range(range) || !quality || *quality == 0) continue;
        preferences.push_back(Preference{std::string(range), *quality});
    }
    std::stable_sort(preferences.begin(), preferences.end(),
                     [](const auto& a, const auto& b) { return a.quality > b.quality; });
    std::vector<std::string> ranges;
    ranges.reserve(preferences.size());
    for (auto& preference : preferences) {
        ranges.push_back(std::move(preference.range));
    }
    return ranges;
}

void make_canonical(json::object& statement, const std::vector<std::string>& preferences,
                    const CanonicalDefinition& definition_of) {
    Canonical(preferences, definition_of).statement(statement);
}

} // namespace leerspoor::spec
