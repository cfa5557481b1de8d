#include "server/analytics/answer.hpp"

#include "spec/base/timestamp.hpp"

#include <cmath>

namespace leerspoor::server::analytics {
namespace {

namespace json = boost::json;

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
    if (dimension.value == "agent") return agent_cell(key.text);
    if (dimension.value == "boolean") return key.text == "true";
    if (dimension.value == "number") return key.number;
    if (dimension.value == "score") return static_cast<double>(key.number) / 10;
    return json::string(key.text);
}

// The groups of columns after the dimensions: each measure once.
struct Part {
    std::string before_name;
    std::string after_name;
    std::vector<std::optional<double>> ResultRow::*values;
};

std::vector<Part> parts_of(const Query& query) {
    const bool compares = query.compare != Comparison::none;
    std::vector<Part> parts{{"", "", &ResultRow::values}};
    if (compares) parts.push_back({"", "_before", &ResultRow::before});
    if (query.running) parts.push_back({"running_", "", &ResultRow::running});
    if (query.running && compares) parts.push_back({"running_", "_before", &ResultRow::running_before});
    return parts;
}

json::array row_of(const Query& query, const ResultRow& row) {
    json::array made;
    for (std::size_t i = 0; i < query.dimensions.size(); ++i)
        made.push_back(value_of(query.dimensions[i], row.keys[i]));
    for (const auto& part : parts_of(query)) {
        const auto& values = row.*part.values;
        for (std::size_t i = 0; i < query.measures.size(); ++i)
            made.push_back(value_of(query.measures[i], i < values.size() ? values[i] : std::nullopt));
    }
    return made;
}

std::vector<Column> columns_of(const Query& query) {
    std::vector<Column> columns;
    for (const auto& dimension : query.dimensions) columns.push_back({dimension.name, dimension.value});
    for (const auto& part : parts_of(query)) {
        for (const auto& measure : query.measures)
            columns.push_back({part.before_name + measure.name + part.after_name, measure.unit});
    }
    return columns;
}

} // namespace

Table table_of(const Query& query, const Answer& answer) {
    Table table;
    table.columns = columns_of(query);
    for (const auto& row : answer.rows) table.rows.push_back(row_of(query, row));
    if (answer.totals) table.totals = row_of(query, *answer.totals);
    table.sequence = answer.sequence;
    table.groups = answer.groups;
    table.hidden = answer.hidden;
    return table;
}

} // namespace leerspoor::server::analytics
