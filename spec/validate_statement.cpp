// The statement as a whole, its verb and its object (xAPI 1.0.3 Part Two 2.4, 2.4.3, 2.4.4, 2.4.10;
// IEEE 9274.1.1 4.2.2).
#include "spec/validate.hpp"
#include "spec/validator.hpp"
#include "spec/walk.hpp"

#include <algorithm>

namespace leerspoor::spec {
namespace {

std::string_view object_type_of(const boost::json::value& value) {
    const auto* object = value.if_object();
    const auto* type = object == nullptr ? nullptr : object->if_contains("objectType");
    if (type == nullptr) return "Activity";
    return type->is_string() ? std::string_view(type->get_string()) : std::string_view{};
}

} // namespace

bool Validator::statement(const Value& value) {
    static constexpr Property properties[] = {
        {"actor", &Validator::agent_or_group}, {"verb", &Validator::verb},
        {"object", &Validator::object},        {"id", &Validator::uuid},
        {"result", &Validator::result},        {"context", &Validator::context},
        {"timestamp", &Validator::timestamp},  {"attachments", &Validator::attachments},
        {"stored", &Validator::timestamp},     {"authority", &Validator::authority},
        {"version", &Validator::body_version},
    };
    const auto* statement = object_of(value);
    return statement != nullptr && whole(*statement, properties);
}

// Both lists of properties begin with actor, verb and object.
bool Validator::whole(const Object& object, Properties properties) {
    Seen seen = 0;
    if (!members(object, properties, seen) || !required(properties, seen, 0b111)) return false;
    const auto type = object_type_of(object.at("object"));
    if (object.at("verb").at("id").get_string() == voiding_verb && type != "StatementRef") {
        return fail_at("object", "voiding_object_invalid",
                       "The object of a voiding statement must be a StatementRef.");
    }
    const auto* context = object.if_contains("context");
    if (context == nullptr || type == "Activity") return true;
    for (const std::string_view name : {"revision", "platform"}) {
        if (context->get_object().contains(name)) {
            const At at(*this, "context");
            return fail_at(name, "context_property_not_allowed",
                           "The property is allowed only where the object is an Activity.");
        }
    }
    return true;
}

bool Validator::verb(const Value& value) {
    static constexpr Property properties[] = {
        {"id", &Validator::iri},
        {"display", &Validator::language_map},
    };
    const auto* verb = object_of(value);
    Seen seen = 0;
    return verb != nullptr && members(*verb, properties, seen) && required(properties, seen, 0b1);
}

bool Validator::object(const Value& value) {
    const auto* object = object_of(value);
    if (object == nullptr) return false;
    const auto type = object_type_of(value);
    if (type == "Activity") return activity(value);
    if (type == "Agent" || type == "Group") return agent_or_group(value);
    if (type == "StatementRef") return statement_ref(value);
    if (type == "SubStatement") return sub_statement(value);
    const At at(*this, "objectType");
    const auto& given = object->at("objectType");
    if (given.is_null()) return fail("value_null", "Null is allowed inside extensions only.");
    if (!text(given)) return false;
    return fail("object_type_invalid",
                R"(The value must be "Activity", "Agent", "Group", "StatementRef" or "SubStatement".)");
}

bool Validator::sub_statement(const Value& value) {
    static constexpr Property properties[] = {
        {"actor", &Validator::agent_or_group}, {"verb", &Validator::verb},
        {"object", &Validator::object},        {"objectType", &Validator::text},
        {"result", &Validator::result},        {"context", &Validator::context},
        {"timestamp", &Validator::timestamp},  {"attachments", &Validator::attachments},
    };
    if (inside_sub_statement_) {
        return fail_at("objectType", "sub_statement_nested", "A SubStatement must not contain another one.");
    }
    const auto& sub_statement = value.get_object();
    for (const std::string_view name : {"id", "stored", "version", "authority"}) {
        if (sub_statement.contains(name)) {
            return fail_at(name, "sub_statement_property", "A SubStatement must not have this property.");
        }
    }
    inside_sub_statement_ = true;
    const bool good = whole(sub_statement, properties);
    inside_sub_statement_ = false;
    return good;
}

bool Validator::statement_ref(const Value& value) {
    static constexpr Property properties[] = {
        {"objectType", &Validator::text},
        {"id", &Validator::uuid},
    };
    const auto* reference = object_of(value);
    Seen seen = 0;
    if (reference == nullptr || !members(*reference, properties, seen)) return false;
    if (!required(properties, seen, 0b11)) return false;
    const At at(*this, "objectType");
    return string_equals(reference->at("objectType"), "StatementRef");
}

// Under 1.0.3 everything that starts with 1.0 is accepted; under 2.0 also statements of 1.0.x.
bool Validator::body_version(const Value& value) {
    const auto string = string_of(value);
    if (!string) return false;
    const auto matches = [&](std::string_view minor) {
        if (!string->starts_with(minor)) return false;
        const auto patch = string->substr(minor.size());
        return patch.empty() ||
               (patch.size() > 1 && patch.size() <= 32 && patch[0] == '.' && patch[1] >= '0' &&
                patch[1] <= '9' &&
                patch.find_first_not_of("0123456789.-+abcdefghijklmnopqrstuvwxyz") == std::string_view::npos);
    };
    if (matches("1.0") || (version_ == Version::v2_0_0 && matches("2.0"))) return true;
    return fail("version_invalid", version_ == Version::v1_0_3
                                       ? "The version must be 1.0 or 1.0.x."
                                       : "The version must be 2.0, 2.0.x, 1.0 or 1.0.x.");
}

Result<void> validate_statement(const boost::json::value& statement, Version version,
                                std::string_view pointer) {
    Validator validator(version, pointer);
    if (!validator.statement(statement)) return validator.take_error();
    return {};
}

Result<void> validate_actor(const boost::json::value& actor, Version version, std::string_view pointer) {
    Validator validator(version, pointer);
    if (!validator.agent_or_group(actor)) return validator.take_error();
    return {};
}

} // namespace leerspoor::spec
