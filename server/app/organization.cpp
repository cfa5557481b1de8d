#include "server/app/organization.hpp"

#include "spec/base/json.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <date/tz.h>
#include <exception>
#include <mutex>
#include <string_view>

namespace leerspoor::server {
namespace {

namespace json = boost::json;
using storage::RecordKind;

constexpr std::string_view record = "organization";
constexpr std::size_t longest_name = 100;
constexpr std::size_t largest_group = 1000;
constexpr double least_contrast = 4.5; // WCAG 2.2, 1.4.3

Error invalid(std::string_view member, std::string sentence) {
    return {"organization_invalid", "/" + std::string(member), std::move(sentence)};
}

bool is_zone(const std::string& name) {
    try {
        date::locate_zone(name);
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

// "#rrggbb" that can be read on white.
bool is_accent(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdefABCDEF";
    if (text.size() != 7 || text[0] != '#' || text.find_first_not_of(digits, 1) != std::string_view::npos)
        return false;
    double luminance = 0;
    constexpr std::array<double, 3> weights = {0.2126, 0.7152, 0.0722};
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const auto value = std::stoi(std::string(text.substr(1 + 2 * i, 2)), nullptr, 16) / 255.0;
        luminance += weights[i] * (value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4));
    }
    return 1.05 / (luminance + 0.05) >= least_contrast;
}

Result<OrganizationSettings> read(const json::object& wanted) {
    OrganizationSettings made;
    for (const auto& [key, value] : wanted) {
        const std::string_view name = key;
        if (name == "smallest_group") {
            if (!value.is_int64() || value.get_int64() < 1 ||
                value.get_int64() > static_cast<std::int64_t>(largest_group))
                return invalid(name, "The smallest group is a number from 1 to 1000.");
            made.smallest_group = static_cast<std::size_t>(value.get_int64());
            continue;
        }
        if (!value.is_string()) return invalid(name, "This must be a text.");
        const std::string text(value.get_string());
        if (name == "name_nl" || name == "name_en") {
            if (text.size() > longest_name) return invalid(name, "A name has up to 100 bytes.");
            (name == "name_nl" ? made.dutch_name : made.english_name) = text;
        } else if (name == "accent") {
            if (!text.empty() && !is_accent(text))
                return invalid(name, "A colour is like \"#0b5cad\", and dark enough to be read on white.");
            made.accent = text;
        } else if (name == "zone") {
            if (!text.empty() && !is_zone(text))
                return invalid(name,
                               "There is no time zone of this name; they are like \"Europe/Amsterdam\".");
            made.zone = text;
        } else {
            return invalid(name, "There are name_nl, name_en, accent, zone and smallest_group.");
        }
    }
    return made;
}

} // namespace

Result<std::unique_ptr<Organization>> Organization::load(storage::SmallRecordStore& store) {
    std::unique_ptr<Organization> made(new Organization(store));
    const auto records = store.records(RecordKind::setting);
    if (!records) return records.error();
    for (const auto& [name, bytes] : *records) {
        if (name != record) continue;
        const auto parsed = spec::parse_json(bytes);
        auto settings = parsed && parsed->is_object() ? read(parsed->get_object())
                                                      : Result<OrganizationSettings>(invalid("", ""));
        if (!settings) return Error{"store_damaged", "", "The organisation's settings cannot be read."};
        made->settings_ = std::move(*settings);
    }
    return made;
}

OrganizationSettings Organization::settings() const {
    const std::shared_lock lock(mutex_);
    return settings_;
}

Result<void> Organization::change(const json::object& wanted) {
    auto settings = read(wanted);
    if (!settings) return settings.error();
    const std::unique_lock lock(mutex_);
    auto saved = store_.save_record(RecordKind::setting, record, json::serialize(as_json(*settings)));
    if (!saved) return saved;
    settings_ = std::move(*settings);
    ++version_;
    return {};
}

std::uint64_t Organization::version() const {
    const std::shared_lock lock(mutex_);
    return version_;
}

json::object as_json(const OrganizationSettings& settings) {
    return {{"name_nl", settings.dutch_name},
            {"name_en", settings.english_name},
            {"accent", settings.accent},
            {"zone", settings.zone},
            {"smallest_group", settings.smallest_group}};
}

} // namespace leerspoor::server
