#include "spec/walk.hpp"

namespace leerspoor::spec {
namespace {

std::string_view text_at(const boost::json::object& object, std::string_view name) {
    const auto* const value = object.if_contains(name);
    const auto* const text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string_view() : std::string_view(*text);
}

} // namespace

ObjectType object_type(const boost::json::object& object) {
    const auto name = text_at(object, "objectType");
    if (name == "Agent") return ObjectType::agent;
    if (name == "Group") return ObjectType::group;
    if (name == "SubStatement") return ObjectType::sub_statement;
    if (name == "StatementRef") return ObjectType::statement_ref;
    return ObjectType::activity;
}

std::optional<Reference> reference_of(const boost::json::object& statement) {
    const auto* const object = statement.if_contains("object");
    if (object == nullptr || !object->is_object()) return std::nullopt;
    if (object_type(object->get_object()) != ObjectType::statement_ref) return std::nullopt;
    const auto target = parse_uuid(text_at(object->get_object(), "id"));
    if (!target) return std::nullopt;
    const auto* const verb = statement.if_contains("verb");
    return Reference{*target, verb != nullptr && verb->is_object() &&
                                  text_at(verb->get_object(), "id") == voiding_verb};
}

} // namespace leerspoor::spec
