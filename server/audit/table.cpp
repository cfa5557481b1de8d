#include "server/audit/table.hpp"

#include "spec/agent.hpp"
#include "spec/base/json.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace leerspoor::server::audit {
namespace {

namespace json = boost::json;

using Path = std::vector<std::string_view>;

// How a value is shown: as it is, the identifier of an actor, the first of a language map, or the ids of a
// list.
enum class Shown { plain, identifier, name, ids };

struct Column {
    std::string_view name;
    Path path;
    Shown shown = Shown::plain;
};

const std::vector<Column>& all_columns() {
    static const std::vector<Column> columns{
        {"id", {"id"}},
        {"timestamp", {"timestamp"}},
        {"stored", {"stored"}},
        {"actor", {"actor"}, Shown::identifier},
        {"actor_name", {"actor", "name"}},
        {"verb", {"verb", "id"}},
        {"verb_display", {"verb", "display"}, Shown::name},
        {"object_type", {"object", "objectType"}},
        {"object", {"object", "id"}},
        {"object_name", {"object", "definition", "name"}, Shown::name},
        {"activity_type", {"object", "definition", "type"}},
        {"success", {"result", "success"}},
        {"completion", {"result", "completion"}},
        {"score_scaled", {"result", "score", "scaled"}},
        {"score_raw", {"result", "score", "raw"}},
        {"score_min", {"result", "score", "min"}},
        {"score_max", {"result", "score", "max"}},
        {"duration", {"result", "duration"}},
        {"response", {"result", "response"}},
        {"registration", {"context", "registration"}},
        {"parent", {"context", "contextActivities", "parent"}, Shown::ids},
        {"grouping", {"context", "contextActivities", "grouping"}, Shown::ids},
        {"category", {"context", "contextActivities", "category"}, Shown::ids},
        {"other", {"context", "contextActivities", "other"}, Shown::ids},
        {"instructor", {"context", "instructor"}, Shown::identifier},
        {"team", {"context", "team"}, Shown::identifier},
        {"platform", {"context", "platform"}},
        {"language", {"context", "language"}},
        {"authority", {"authority"}, Shown::identifier},
        {"result_extensions", {"result", "extensions"}},
        {"context_extensions", {"context", "extensions"}},
    };
    return columns;
}

const json::value* find(const json::object& statement, const Path& path) {
    const json::value* here = statement.if_contains(path.front());
    for (std::size_t i = 1; here && i < path.size(); ++i) {
        const auto* object = here->if_object();
        here = object ? object->if_contains(path[i]) : nullptr;
    }
    return here;
}

std::string json_of(const json::value& value) {
    std::string text;
    spec::write_json(value, text);
    return text;
}

std::string ids_of(const json::value& value) {
    std::string ids;
    const auto add = [&](const json::value& one) {
        const auto* object = one.if_object();
        const auto* id = object ? object->if_contains("id") : nullptr;
        if (!id || !id->is_string()) return;
        if (!ids.empty()) ids += ' '; // which no IRI has
        ids += std::string_view(id->get_string());
    };
    if (value.is_array()) {
        for (const auto& one : value.get_array()) add(one);
    } else {
        add(value);
    }
    return ids;
}

std::string text_of(const json::value& value, Shown shown) {
    const auto* object = value.if_object();
    switch (shown) {
    case Shown::identifier: {
        if (!object) return {};
        const auto identity = spec::identity(*object);
        return identity.empty() ? std::string() : json::serialize(spec::identifier_of(identity));
    }
    case Shown::name:
        if (!object || object->empty() || !object->begin()->value().is_string()) return {};
        return std::string(object->begin()->value().get_string());
    case Shown::ids:
        return ids_of(value);
    case Shown::plain:
        break;
    }
    return value.is_string() && !spec::kept_number(value) ? std::string(value.get_string()) : json_of(value);
}

// None: all.
template <class Each>
void each_column(std::span<const std::string> wanted, Each each) {
    if (wanted.empty()) {
        for (const auto& column : all_columns()) each(column);
        return;
    }
    for (const auto& name : wanted) {
        each(*std::find_if(all_columns().begin(), all_columns().end(),
                           [&](const Column& column) { return column.name == name; }));
    }
}

} // namespace

std::vector<std::string_view> table_columns() {
    std::vector<std::string_view> names;
    for (const auto& column : all_columns()) names.push_back(column.name);
    return names;
}

Result<json::object> object_of(const storage::StoredStatement& statement) {
    auto parsed = spec::parse_stored_json(statement.bytes);
    if (!parsed || !parsed->is_object())
        return Error{"store_damaged", "",
                     "A statement cannot be read: restore the data folder from a backup."};
    return std::move(parsed->get_object());
}

std::vector<TableCell> table_row(const json::object& statement, std::span<const std::string> columns) {
    std::vector<TableCell> row;
    each_column(columns, [&](const Column& column) {
        auto& cell = row.emplace_back();
        const auto* value = find(statement, column.path);
        if (!value) return;
        const bool is_number = value->is_number() || spec::kept_number(*value);
        cell.kind = is_number          ? TableCell::Kind::number
                    : value->is_bool() ? TableCell::Kind::truth
                                       : TableCell::Kind::text;
        cell.text = is_number ? json_of(*value) : text_of(*value, column.shown);
    });
    return row;
}

} // namespace leerspoor::server::audit
