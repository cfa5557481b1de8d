#include "server/audit/csv.hpp"

#include "server/support/csv.hpp"
#include "spec/agent.hpp"
#include "spec/base/json.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <initializer_list>

namespace leerspoor::server::audit {
namespace {

namespace json = boost::json;

using Path = std::vector<std::string_view>;

// How a value is shown: as it is, the identifier of an actor, the first of a language map, or the ids of a
// list.
enum class Shown { plain, identifier, name, ids };

struct CsvColumn {
    std::string_view name;
    Path path;
    Shown shown = Shown::plain;
};

const std::vector<CsvColumn>& all_columns() {
    static const std::vector<CsvColumn> columns{
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

std::string as_json(const json::value& value) {
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
    return value.is_string() && !spec::kept_number(value) ? std::string(value.get_string()) : as_json(value);
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
                           [&](const CsvColumn& column) { return column.name == name; }));
    }
}

} // namespace

std::vector<std::string_view> csv_columns() {
    std::vector<std::string_view> names;
    for (const auto& column : all_columns()) names.push_back(column.name);
    return names;
}

std::string csv_head(std::span<const std::string> columns) {
    std::string head;
    each_column(columns, [&](const CsvColumn& column) {
        if (!head.empty()) head += ',';
        head += column.name;
    });
    return head + "\r\n";
}

Result<void> append_csv_row(const storage::StoredStatement& statement, std::span<const std::string> columns,
                            std::string& csv) {
    const auto parsed = spec::parse_stored_json(statement.bytes);
    if (!parsed || !parsed->is_object())
        return Error{"store_damaged", "",
                     "A statement cannot be read: restore the data folder from a backup."};
    bool first = true;
    each_column(columns, [&](const CsvColumn& column) {
        if (!std::exchange(first, false)) csv += ',';
        const auto* value = find(parsed->get_object(), column.path);
        if (!value) return;
        // Numbers are no formula, though some begin with a minus.
        if (value->is_number() || spec::kept_number(*value)) {
            csv += as_json(*value);
        } else {
            append_csv_cell(csv, text_of(*value, column.shown));
        }
    });
    csv += "\r\n";
    return {};
}

} // namespace leerspoor::server::audit
