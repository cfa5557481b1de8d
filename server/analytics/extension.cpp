#include "server/analytics/extension.hpp"

#include "spec/base/json.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <initializer_list>

namespace leerspoor::server::analytics {
namespace {

namespace json = boost::json;

const json::value* find(const json::value& statement, std::initializer_list<std::string_view> path) {
    const auto* here = &statement;
    for (const auto name : path) {
        const auto* object = here->if_object();
        here = object ? object->if_contains(name) : nullptr;
        if (!here) break;
    }
    return here;
}

} // namespace

std::string extension_text(const json::value& value) {
    return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

std::optional<std::string> find_extension(std::string_view statement, std::string_view iri) {
    // Most statements have not: no need to parse them. A key may be written with escapes.
    if (statement.find(iri) == std::string_view::npos && statement.find('\\') == std::string_view::npos)
        return std::nullopt;
    const auto parsed = spec::parse_stored_json(statement);
    if (!parsed) return std::nullopt;
    for (const auto& path : {std::initializer_list<std::string_view>{"result", "extensions", iri},
                             {"context", "extensions", iri},
                             {"object", "definition", "extensions", iri}}) {
        if (const auto* value = find(*parsed, path)) return extension_text(*value);
    }
    return std::nullopt;
}

} // namespace leerspoor::server::analytics
