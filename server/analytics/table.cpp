#include "server/analytics/table.hpp"

#include "server/support/csv.hpp"
#include "spec/agent.hpp"
#include "spec/base/json.hpp"
#include "spec/base/timestamp.hpp"

#include <boost/json/serialize.hpp>

namespace leerspoor::server::analytics {
namespace {

namespace json = boost::json;

constexpr std::string_view others_text = "(others)";

Result<void> add_label(storage::RecordStore& store, storage::StoreId tenant, std::string_view kind,
                       std::string_view text, json::object& labels) {
    if (labels.contains(text)) return {};
    if (kind == "iri") {
        const auto definition = store.activity_definition(tenant, std::string(text));
        if (!definition) return definition.error();
        if (!*definition) return {};
        const auto parsed = spec::parse_stored_json(**definition);
        const auto* object = parsed ? parsed->if_object() : nullptr;
        const auto* name = object ? object->if_contains("name") : nullptr;
        if (name && name->is_object()) labels.emplace(text, *name);
    } else if (kind == "agent") {
        const auto parsed = spec::parse_stored_json(text);
        if (!parsed || !parsed->is_object()) return {};
        const auto names = store.agent_names(tenant, spec::identity(parsed->get_object()));
        if (!names) return names.error();
        if (!names->empty()) labels.emplace(text, json::object{{"und", names->back()}});
    }
    return {};
}

void append_value(std::string& csv, const json::value& value) {
    if (value.is_null()) return;
    if (value.is_object()) return append_csv_cell(csv, others_text);
    if (value.is_array()) return append_csv_cell(csv, json::serialize(value));
    if (value.is_string()) return append_csv_cell(csv, value.get_string());
    csv += json::serialize(value); // numbers, true and false: no formula
}

} // namespace

json::string agent_cell(std::string_view identity) {
    return json::string(json::serialize(spec::identifier_of(identity)));
}

Result<json::object> as_json(storage::RecordStore& store, storage::StoreId tenant, Table table,
                             double took_seconds) {
    json::array columns;
    for (const auto& column : table.columns)
        columns.push_back({{"name", column.name}, {"kind", column.kind}});
    json::array rows;
    json::object labels;
    for (auto& row : table.rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (!row[i].is_string()) continue;
            auto added = add_label(store, tenant, table.columns[i].kind, row[i].get_string(), labels);
            if (!added) return added.error();
        }
        rows.push_back(std::move(row));
    }
    json::object made;
    made["columns"] = std::move(columns);
    made["rows"] = std::move(rows);
    if (table.totals) made["totals"] = std::move(*table.totals);
    made["labels"] = std::move(labels);
    made["groups"] = table.groups;
    if (table.hidden > 0) made["hidden"] = table.hidden;
    made["sequence"] = table.sequence;
    const auto now =
        std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    made["as_of"] = spec::format_timestamp(now);
    made["ready"] = store.facts_ready();
    made["took_seconds"] = took_seconds;
    return made;
}

std::string as_csv(const Table& table) {
    std::string csv;
    const auto line = [&csv](const json::array& values) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (i > 0) csv += ',';
            append_value(csv, values[i]);
        }
        csv += "\r\n";
    };
    json::array names;
    for (const auto& column : table.columns) names.push_back(json::string(column.name));
    line(names);
    for (const auto& row : table.rows) line(row);
    return csv;
}

} // namespace leerspoor::server::analytics
