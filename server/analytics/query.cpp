#include "server/analytics/query.hpp"

#include "spec/base/json.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>

namespace leerspoor::server::analytics {
namespace {

namespace json = boost::json;

constexpr std::size_t most_measures = 16;
constexpr std::size_t most_dimensions = 4;

template <class Table>
std::string names_of(const Table& table) {
    std::string names;
    for (const auto& row : table) names.append(names.empty() ? "" : ", ").append(row.name);
    return names;
}

class Parser {
  public:
    Result<Query> parse(const json::value& body) {
        if (!body.is_object()) return invalid_query("", "A query must be a JSON object.");
        for (const auto& [key, value] : body.get_object()) {
            auto taken = take(std::string_view(key), value, spec::child_pointer("", std::string_view(key)));
            if (!taken) return taken.error();
        }
        if (query_.measures.empty())
            return invalid_query("/measures", "A query must have a measure, such as \"statements\".");
        if (query_.compare != Comparison::none && !(query_.filter.has_begin() && query_.filter.has_end()) &&
            query_.compare == Comparison::previous_period) {
            return invalid_query(
                "/compare",
                "To compare with the period before, filter.since and filter.until must say which this is.");
        }
        if (query_.running && std::count_if(query_.dimensions.begin(), query_.dimensions.end(),
                                            [](const Dimension& one) { return rises(one.kind); }) != 1) {
            return invalid_query("/running",
                                 "What runs on needs one dimension of time to run along: an hour, "
                                 "day, week, month, quarter or year.");
        }
        for (std::size_t i = 0; i < query_.order.size(); ++i) {
            const auto& by = query_.order[i].by;
            const auto is_it = [&](const auto& column) { return column.name == by; };
            if (std::none_of(query_.measures.begin(), query_.measures.end(), is_it) &&
                std::none_of(query_.dimensions.begin(), query_.dimensions.end(), is_it)) {
                return invalid_query("/order/" + std::to_string(i) + "/by",
                                     "There is no column \"" + by + "\" to order by.");
            }
        }
        return std::move(query_);
    }

  private:
    Result<void> take(std::string_view key, const json::value& value, const std::string& at) {
        if (key == "measures")
            return each(value, at, most_measures,
                        [&](const auto& one, const auto& place) { return measure(one, place); });
        if (key == "dimensions")
            return each(value, at, most_dimensions,
                        [&](const auto& one, const auto& place) { return dimension(one, place); });
        if (key == "filter") return parse_filter(value, at, query_.filter);
        if (key == "time") return parse_time(value, at, query_.filter);
        if (key == "zone") return parse_zone(value, at, query_.filter.zone);
        if (key == "order")
            return each(value, at, most_dimensions,
                        [&](const auto& one, const auto& place) { return order(one, place); });
        if (key == "limit") return limit(value, at);
        if (key == "others") return parse_truth(value, at, query_.others);
        if (key == "totals") return parse_truth(value, at, query_.totals);
        if (key == "running") return parse_truth(value, at, query_.running);
        if (key == "compare") return compare(value, at);
        return invalid_query(at,
                             "A query has no member of this name; there are measures, dimensions, filter, "
                             "time, zone, order, limit, others, totals, running and compare.");
    }

    template <class Take>
    Result<void> each(const json::value& value, const std::string& at, std::size_t most, Take take) {
        if (!value.is_array()) return invalid_query(at, "This must be an array.");
        const auto& all = value.get_array();
        if (all.size() > most)
            return invalid_query(at, "There must not be more than " + std::to_string(most) + " of these.");
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto taken = take(all[i], spec::child_pointer(at, i));
            if (!taken) return taken;
        }
        return {};
    }

    Result<void> measure(const json::value& value, const std::string& at) {
        if (const auto* object = value.if_object()) return percentile(*object, at);
        if (!value.is_string())
            return invalid_query(at, "A measure is a name, or {\"percentile\": …, \"at\": …}.");
        const std::string_view name = value.get_string();
        for (const auto& known : measures()) {
            if (known.name != name || known.kind == MeasureKind::score_percentile ||
                known.kind == MeasureKind::duration_percentile)
                continue;
            query_.measures.push_back({known.kind, std::string(name), known.unit, 0.5});
            return {};
        }
        return invalid_query(at, "There is no measure \"" + std::string(name) + "\"; there are " +
                                     names_of(measures()) + ".");
    }

    Result<void> percentile(const json::object& object, const std::string& at) {
        const auto* of = object.if_contains("percentile");
        const auto* place = object.if_contains("at");
        if (!of || !of->is_string() || !place || !place->is_number() || object.size() != 2)
            return invalid_query(
                at, "A percentile is {\"percentile\": \"score_scaled\" or \"duration\", \"at\": 0 to 1}.");
        const double where = place->to_number<double>();
        if (!(where >= 0 && where <= 1))
            return invalid_query(at + "/at", "A percentile is between 0 and 1: 0.9 is the 90th.");
        const std::string name(of->get_string());
        const bool score = name == "score_scaled";
        if (!score && name != "duration")
            return invalid_query(at + "/percentile",
                                 "There are percentiles of score_scaled and of duration.");
        std::string shown = json::serialize(json::value(where * 100));
        const auto hundredth = std::llround(where * 10'000);
        shown = std::to_string(hundredth / 100);
        if (hundredth % 100 != 0) shown += "_" + std::to_string(hundredth % 100);
        query_.measures.push_back({score ? MeasureKind::score_percentile : MeasureKind::duration_percentile,
                                   (score ? "score_p" : "seconds_p") + shown, score ? "score" : "seconds",
                                   where});
        return {};
    }

    Result<void> dimension(const json::value& value, const std::string& at) {
        std::string name;
        const auto* object = value.if_object();
        if (object && object->contains("extension")) {
            auto iri = parse_extension(object->at("extension"), at + "/extension");
            if (!iri) return iri.error();
            if (object->size() != 1)
                return invalid_query(at, "A dimension of extensions has its key and nothing else.");
            return add({DimensionKind::extension, std::move(*iri), "text"}, at);
        }
        if (object) {
            const auto* unit = object->if_contains("time");
            if (!unit || !unit->is_string())
                return invalid_query(
                    at, "A dimension is a name, {\"time\": \"day\", \"zone\": \"Europe/Amsterdam\"}, or "
                        "{\"extension\": the IRI of its key}.");
            name = std::string(unit->get_string());
            for (const auto& [key, member] : *object) {
                const std::string_view of = key;
                if (of == "time") continue;
                if (of != "zone")
                    return invalid_query(spec::child_pointer(at, of), "A time has a unit and a zone.");
                auto set = parse_zone(member, spec::child_pointer(at, of), query_.filter.zone);
                if (!set) return set;
            }
        } else if (value.is_string()) {
            name = std::string(value.get_string());
        }
        for (const auto& known : dimensions()) {
            if (known.name == name && known.kind != DimensionKind::extension)
                return add({known.kind, name, known.value}, at);
        }
        return invalid_query(at, "There is no dimension \"" + name + "\"; there are " +
                                     names_of(dimensions()) + ".");
    }

    Result<void> add(Dimension dimension, const std::string& at) {
        if (std::any_of(query_.dimensions.begin(), query_.dimensions.end(),
                        [&](const auto& before) { return before.name == dimension.name; }))
            return invalid_query(at, "This dimension is there already.");
        query_.dimensions.push_back(std::move(dimension));
        return {};
    }

    Result<void> order(const json::value& value, const std::string& at) {
        const auto* object = value.if_object();
        const auto* by = object ? object->if_contains("by") : nullptr;
        if (!by || !by->is_string())
            return invalid_query(at, "An order is {\"by\": a column, \"descending\": true or false}.");
        Order order{std::string(by->get_string()), false};
        if (const auto* descending = object->if_contains("descending")) {
            auto taken = parse_truth(*descending, at + "/descending", order.descending);
            if (!taken) return taken;
        }
        query_.order.push_back(std::move(order));
        return {};
    }

    Result<void> limit(const json::value& value, const std::string& at) {
        if (!value.is_int64() || value.get_int64() < 1 ||
            value.get_int64() > static_cast<std::int64_t>(most_rows))
            return invalid_query(at, "The limit is a number of rows from 1 to " + std::to_string(most_rows) +
                                         ".");
        query_.limit = static_cast<std::size_t>(value.get_int64());
        return {};
    }

    Result<void> compare(const json::value& value, const std::string& at) {
        if (value.is_string() && value.get_string() == "previous_period") {
            query_.compare = Comparison::previous_period;
        } else if (value.is_string() && value.get_string() == "year_before") {
            query_.compare = Comparison::year_before;
        } else {
            return invalid_query(at, "A comparison is with the \"previous_period\" or the \"year_before\".");
        }
        return {};
    }

    Query query_;
};

} // namespace

Result<Query> parse_query(const boost::json::value& body) {
    return Parser().parse(body);
}

} // namespace leerspoor::server::analytics
