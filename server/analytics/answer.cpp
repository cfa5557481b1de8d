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

std::vector<Column> columns_of(const Query& query) {
    std::vector<Column> columns;
    for (const auto& dimension : query.dimensions) columns.push_back({dimension.name, dimension.value});
    for (const auto& measure : query.measures) columns.push_back({measure.name, measure.unit});
    if (query.compare == Comparison::none) return columns;
    for (const auto& measure : query.measures) columns.push_back({measure.name + "_before", measure.unit});
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
