#include "server/analytics/answer.hpp"

#include "spec/agent.hpp"
#include "spec/base/json.hpp"
#include "spec/base/timestamp.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>

namespace leerspoor::server::analytics {
namespace {

namespace json = boost::json;

constexpr std::string_view others_text = "(others)";

json::value value_of(const Measure& measure, std::optional<double> value) {
    if (!value) return nullptr;
    if (measure.unit == "count") return static_cast<std::int64_t>(std::llround(*value));
    if (measure.unit == "time") {
        const auto instant = spec::Instant(std::chrono::microseconds(std::llround(*value * 1e6)));
        return json::string(spec::format_timestamp(instant));
    }
    return *value;
}

json::value value_of(const Dimension& dimension, const Key& key) {
    if (key.others) return json::object{{"others", true}};
    if (key.missing) return nullptr;
    if (dimension.value == "agent") return json::string(json::serialize(spec::identifier_of(key.text)));
    if (dimension.value == "boolean") return key.text == "true";
    if (dimension.value == "number") return key.number;
    if (dimension.value == "score") return static_cast<double>(key.number) / 10;
    return json::string(key.text);
}

json::array row_of(const Query& query, const ResultRow& row) {
    json::array made;
    for (std::size_t i = 0; i < query.dimensions.size(); ++i)
        made.push_back(value_of(query.dimensions[i], row.keys[i]));
    for (std::size_t i = 0; i < query.measures.size(); ++i)
        made.push_back(value_of(query.measures[i], row.values[i]));
    for (std::size_t i = 0; i < row.before.size(); ++i)
        made.push_back(value_of(query.measures[i], row.before[i]));
    return made;
}

json::array columns_of(const Query& query) {
    json::array columns;
    for (const auto& dimension : query.dimensions)
        columns.push_back({{"name", dimension.name}, {"kind", dimension.value}});
    for (const auto& measure : query.measures)
        columns.push_back({{"name", measure.name}, {"kind", measure.unit}});
    if (query.compare != Comparison::none) {
        for (const auto& measure : query.measures)
            columns.push_back({{"name", measure.name + "_before"}, {"kind", measure.unit}});
    }
    return columns;
}

Result<void> add_labels(storage::RecordStore& store, storage::StoreId tenant, const Query& query,
                        const ResultRow& row, json::object& labels) {
    for (std::size_t i = 0; i < query.dimensions.size(); ++i) {
        const auto& key = row.keys[i];
        const auto kind = query.dimensions[i].value;
        if (key.missing || key.others) continue;
        if (kind == "iri") {
            if (labels.contains(key.text)) continue;
            const auto definition = store.activity_definition(tenant, key.text);
            if (!definition) return definition.error();
            if (!*definition) continue;
            const auto parsed = spec::parse_stored_json(**definition);
            const auto* object = parsed ? parsed->if_object() : nullptr;
            const auto* name = object ? object->if_contains("name") : nullptr;
            if (name && name->is_object()) labels.emplace(key.text, *name);
        } else if (kind == "agent") {
            const auto shown = json::serialize(spec::identifier_of(key.text));
            if (labels.contains(shown)) continue;
            const auto names = store.agent_names(tenant, key.text);
            if (!names) return names.error();
            if (!names->empty()) labels.emplace(shown, json::object{{"und", names->back()}});
        }
    }
    return {};
}

void append_cell(std::string& csv, std::string_view text) {
    const bool formula =
        !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
    const bool quoted = formula || text.find_first_of(",\"\r\n") != std::string_view::npos;
    if (quoted) csv += '"';
    if (formula) csv += '\'';
    for (const char c : text) {
        if (c == '"') csv += '"';
        csv += c;
    }
    if (quoted) csv += '"';
}

void append_value(std::string& csv, const json::value& value) {
    if (value.is_null()) return;
    if (value.is_object()) return append_cell(csv, others_text);
    if (value.is_string()) return append_cell(csv, value.get_string());
    csv += json::serialize(value); // numbers, true and false: no formula
}

} // namespace

Result<json::object> as_json(storage::RecordStore& store, storage::StoreId tenant, const Query& query,
                             const Answer& answer, double took_seconds) {
    json::array rows;
    json::object labels;
    for (const auto& row : answer.rows) {
        rows.push_back(row_of(query, row));
        auto added = add_labels(store, tenant, query, row, labels);
        if (!added) return added.error();
    }
    json::object made;
    made["columns"] = columns_of(query);
    made["rows"] = std::move(rows);
    if (answer.totals) made["totals"] = row_of(query, *answer.totals);
    made["labels"] = std::move(labels);
    made["groups"] = answer.groups;
    made["sequence"] = answer.sequence;
    const auto now =
        std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    made["as_of"] = spec::format_timestamp(now);
    made["ready"] = store.facts_ready();
    made["took_seconds"] = took_seconds;
    return made;
}

std::string as_csv(const Query& query, const Answer& answer) {
    std::string csv;
    const auto line = [&csv](const json::array& values) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (i > 0) csv += ',';
            append_value(csv, values[i]);
        }
        csv += "\r\n";
    };
    json::array names;
    for (const auto& column : columns_of(query)) names.push_back(column.at("name"));
    line(names);
    for (const auto& row : answer.rows) line(row_of(query, row));
    return csv;
}

} // namespace leerspoor::server::analytics
