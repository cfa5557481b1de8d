#include "server/analytics/filter.hpp"

#include "server/analytics/extension.hpp"
#include "server/analytics/zone.hpp"
#include "spec/agent.hpp"
#include "spec/base/ascii.hpp"
#include "spec/base/json.hpp"
#include "spec/base/timestamp.hpp"
#include "spec/base/uuid.hpp"
#include "spec/iri.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>

namespace leerspoor::server::analytics {
namespace {

namespace json = boost::json;

constexpr std::size_t most_values = 1000;

class FilterParser {
  public:
    explicit FilterParser(Filter& out) : out_(out) {}

    Result<void> parse(const json::value& value, const std::string& at) {
        if (!value.is_object()) return invalid_query(at, "A filter must be an object.");
        for (const auto& [key, member] : value.get_object()) {
            const std::string_view name = key;
            const auto place = spec::child_pointer(at, name);
            Result<void> taken;
            if (name == "since") {
                taken = instant(member, place, out_.after);
            } else if (name == "until") {
                taken = instant(member, place, out_.until);
            } else if (name == "success") {
                taken = parse_truth(member, place, out_.success.emplace());
            } else if (name == "completion") {
                taken = parse_truth(member, place, out_.completion.emplace());
            } else if (name == "score_scaled") {
                taken = interval(member, place, out_.score.emplace());
            } else if (name == "duration_seconds") {
                taken = interval(member, place, out_.seconds.emplace());
            } else if (name == "not") {
                if (!member.is_object()) return invalid_query(place, "A filter must be an object.");
                for (const auto& [of, values] : member.get_object()) {
                    const auto at_of = spec::child_pointer(place, std::string_view(of));
                    taken = of == "extension" ? extensions_of(values, at_of, false)
                                              : values_of(std::string_view(of), values, at_of, false);
                    if (!taken) return taken;
                }
            } else if (name == "name") {
                taken = names_of(member, place);
            } else if (name == "extension") {
                taken = extensions_of(member, place, true);
            } else {
                taken = values_of(name, member, place, true);
            }
            if (!taken) return taken;
        }
        return {};
    }

  private:
    // {"activity": "phishing", "learner": "sanne"}: parts of names.
    Result<void> names_of(const json::value& value, const std::string& at) {
        if (!value.is_object())
            return invalid_query(
                at, "This must be {\"activity\": a part of a name}, or learner, course or parent.");
        for (const auto& [key, member] : value.get_object()) {
            const std::string_view name = key;
            const auto place = spec::child_pointer(at, name);
            auto taken = values_of(name, json::array{}, place, true);
            if (!taken) return taken;
            auto& filter = out_.values.back();
            const auto of = std::find_if(dimensions().begin(), dimensions().end(), [&](const auto& row) {
                                return row.kind == filter.kind;
                            })->value;
            if ((of != "iri" && of != "agent") || !member.is_string() || member.get_string().empty())
                return invalid_query(place,
                                     "This must be a part of the name of an Activity, a learner or a team.");
            filter.by_name = true;
            filter.values.push_back(spec::lower_case(std::string(member.get_string())));
        }
        return {};
    }

    // {"https://example.nl/headset": "Quest 3"}: by their keys.
    Result<void> extensions_of(const json::value& value, const std::string& at, bool wanted) {
        if (!value.is_object())
            return invalid_query(at, "This must be {the IRI of a key: a value, or several}.");
        for (const auto& [key, member] : value.get_object()) {
            const auto place = spec::child_pointer(at, std::string_view(key));
            auto iri = parse_extension(json::value(key), place);
            if (!iri) return iri.error();
            ValueFilter filter;
            filter.kind = DimensionKind::extension;
            filter.extension = std::move(*iri);
            filter.wanted = wanted;
            auto taken =
                each_or_one(member, place, [&](const json::value& one, const std::string&) -> Result<void> {
                    filter.values.push_back(extension_text(one));
                    return {};
                });
            if (!taken) return taken;
            out_.values.push_back(std::move(filter));
        }
        return {};
    }

    Result<void> values_of(std::string_view name, const json::value& value, const std::string& at,
                           bool wanted) {
        ValueFilter filter;
        filter.wanted = wanted;
        const std::string_view wanted_name = name == "agent" ? "learner" : name;
        const auto known = std::find_if(dimensions().begin(), dimensions().end(),
                                        [&](const auto& row) { return row.name == wanted_name; });
        if (known == dimensions().end() || known->value == "time" || known->value == "boolean")
            return invalid_query(at, "There is no filter of this name.");
        filter.kind = known->kind;
        if (known->value == "number" || known->value == "score")
            return numbers_of(value, at, std::move(filter));
        const auto add = [&](const json::value& one, const std::string& place) -> Result<void> {
            if (known->value == "agent") {
                // As it stands in a row: the JSON in a text.
                const auto told =
                    one.is_string() ? spec::parse_json(one.get_string()) : Result<json::value>(one);
                if (!told || !told->is_object())
                    return invalid_query(place,
                                         "This must be an Agent or Group, such as {\"mbox\": \"mailto:…\"}.");
                const auto agent = spec::parse_agent(json::serialize(*told), spec::Version::v2_0_0);
                if (!agent)
                    return Error{agent.error().code, place + agent.error().pointer, agent.error().message};
                filter.values.push_back(spec::identity(*agent));
                return {};
            }
            if (!one.is_string()) return invalid_query(place, "This must be a text.");
            std::string text(one.get_string());
            if (filter.kind == DimensionKind::registration) {
                if (!spec::parse_uuid(text)) return invalid_query(place, "A registration is a UUID.");
                text = spec::lower_case(text);
            }
            filter.values.push_back(std::move(text));
            return {};
        };
        auto taken = each_or_one(value, at, add);
        if (!taken) return taken;
        out_.values.push_back(std::move(filter));
        return {};
    }

    // Weekdays 1 to 7, hours 0 to 23, bands of scores -1 to 1.
    Result<void> numbers_of(const json::value& value, const std::string& at, ValueFilter filter) {
        const bool score = filter.kind == DimensionKind::score_band;
        const double scale = score ? 10 : 1;
        const double least = score ? -10 : filter.kind == DimensionKind::weekday ? 1 : 0;
        const double greatest = score ? 10 : filter.kind == DimensionKind::weekday ? 7 : 23;
        auto taken =
            each_or_one(value, at, [&](const json::value& one, const std::string& place) -> Result<void> {
                const double number =
                    one.is_number() ? std::round(one.to_number<double>() * scale * 1e6) / 1e6 : greatest + 1;
                if (number < least || number > greatest || number != std::floor(number)) {
                    return invalid_query(place, score ? "A band of scores is -1 to 1, in tenths: 0.8."
                                                : filter.kind == DimensionKind::weekday
                                                    ? "A weekday is 1, which is Monday, to 7."
                                                    : "An hour is 0 to 23.");
                }
                filter.numbers.push_back(static_cast<std::int64_t>(number));
                return {};
            });
        if (!taken) return taken;
        out_.values.push_back(std::move(filter));
        return {};
    }

    template <class Take>
    static Result<void> each_or_one(const json::value& value, const std::string& at, Take take) {
        return value.is_array() ? each(value, at, take) : take(value, at);
    }

    static Result<void> instant(const json::value& value, const std::string& at, std::int64_t& out) {
        if (!value.is_string())
            return invalid_query(at, "This must be an instant such as \"2026-01-01T00:00:00Z\".");
        const auto parsed = spec::parse_timestamp(value.get_string(), spec::Version::v2_0_0);
        if (!parsed) return Error{parsed.error().code, at, parsed.error().message};
        out = parsed->time_since_epoch().count();
        return {};
    }

    static Result<void> interval(const json::value& value, const std::string& at, Interval& out) {
        if (!value.is_object()) return invalid_query(at, "This must be {\"from\": …, \"to\": …}.");
        for (const auto& [key, member] : value.get_object()) {
            const std::string_view name = key;
            if ((name != "from" && name != "to") || !member.is_number())
                return invalid_query(spec::child_pointer(at, name),
                                     "This must be {\"from\": a number, \"to\": a number}, or one of them.");
            (name == "from" ? out.from : out.to) = member.to_number<double>();
        }
        return {};
    }

    template <class Take>
    static Result<void> each(const json::value& value, const std::string& at, Take take) {
        const auto& all = value.get_array();
        if (all.size() > most_values)
            return invalid_query(at,
                                 "There must not be more than " + std::to_string(most_values) + " of these.");
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto taken = take(all[i], spec::child_pointer(at, i));
            if (!taken) return taken;
        }
        return {};
    }

    Filter& out_;
};

} // namespace

Error invalid_query(std::string pointer, std::string message) {
    return {"analytics_query_invalid", std::move(pointer), std::move(message)};
}

Result<void> parse_filter(const json::value& value, const std::string& at, Filter& filter) {
    return FilterParser(filter).parse(value, at);
}

Result<std::string> parse_extension(const json::value& value, const std::string& at) {
    if (!value.is_string() || !spec::is_iri(value.get_string()))
        return invalid_query(at, "The key of an extension is an IRI.");
    return Result<std::string>(boost::system::in_place_value, value.get_string());
}

Result<void> parse_time(const json::value& value, const std::string& at, Filter& filter) {
    if (value.is_string() && (value.get_string() == "timestamp" || value.get_string() == "stored")) {
        filter.by_stored = value.get_string() == "stored";
        return {};
    }
    return invalid_query(at, "The time that counts is \"timestamp\" or \"stored\".");
}

Result<void> parse_zone(const json::value& value, const std::string& at, std::string& zone) {
    if (!value.is_string()) return invalid_query(at, "A zone is a name such as \"Europe/Amsterdam\".");
    zone = std::string(value.get_string());
    if (!is_zone(zone))
        return invalid_query(at, "There is no time zone of this name; they are like \"Europe/Amsterdam\".");
    return {};
}

Result<void> parse_truth(const json::value& value, const std::string& at, bool& out) {
    if (!value.is_bool()) return invalid_query(at, "This must be true or false.");
    out = value.get_bool();
    return {};
}

} // namespace leerspoor::server::analytics
