#include "spec/validator.hpp"

#include "spec/base/ascii.hpp"
#include "spec/base/duration.hpp"
#include "spec/base/json.hpp"
#include "spec/base/timestamp.hpp"
#include "spec/base/uuid.hpp"
#include "spec/iri.hpp"

#include <algorithm>

namespace leerspoor::spec {
namespace {

std::string quoted(std::string_view name) {
    return '"' + std::string(name) + '"';
}

} // namespace

bool Validator::fail(const char* code, std::string message) {
    std::string pointer(prefix_);
    for (std::size_t i = 0; i < depth_; ++i) {
        pointer =
            path_[i].is_index ? child_pointer(pointer, path_[i].index) : child_pointer(pointer, path_[i].key);
    }
    error_ = Error{code, std::move(pointer), std::move(message)};
    return false;
}

bool Validator::fail_at(std::string_view key, const char* code, std::string message) {
    const At at(*this, key);
    return fail(code, std::move(message));
}

const boost::json::object* Validator::object_of(const Value& value) {
    const auto* object = value.if_object();
    if (object == nullptr) fail("value_type", "The value must be an object.");
    return object;
}

bool Validator::members(const Object& object, Properties properties, Seen& seen) {
    for (const auto& member : object) {
        const std::string_view key = member.key();
        std::size_t i = 0;
        while (i < properties.size() && properties[i].name != key) {
            ++i;
        }
        if (i == properties.size()) return unknown(key, properties);
        const At at(*this, key);
        if (member.value().is_null()) return fail("value_null", "Null is allowed inside extensions only.");
        if (!(this->*properties[i].check)(member.value())) return false;
        seen |= Seen{1} << i;
    }
    return true;
}

bool Validator::unknown(std::string_view key, Properties properties) {
    for (const auto& property : properties) {
        if (equal_but_for_case(property.name, key)) {
            return fail_at(key, "property_unknown",
                           "The property must be spelled " + quoted(property.name) + ", in this case.");
        }
    }
    return fail_at(key, "property_unknown", "The specification does not allow this property here.");
}

bool Validator::required(Properties properties, Seen seen, Seen wanted) {
    const Seen missing = wanted & ~seen;
    if (missing == 0) return true;
    std::size_t i = 0;
    while ((missing >> i & 1) == 0) {
        ++i;
    }
    return fail("property_missing", "The property " + quoted(properties[i].name) + " is required here.");
}

std::optional<std::string_view> Validator::string_of(const Value& value) {
    if (const auto* string = value.if_string(); string != nullptr && !kept_number(value))
        return std::string_view(*string);
    fail("value_type", "The value must be a string.");
    return std::nullopt;
}

bool Validator::string_equals(const Value& value, std::string_view wanted) {
    const auto string = string_of(value);
    if (!string) return false;
    return *string == wanted || fail("object_type_invalid", "The value must be " + quoted(wanted) + '.');
}

bool Validator::text(const Value& value) {
    return string_of(value).has_value();
}

bool Validator::boolean(const Value& value) {
    return value.is_bool() || fail("value_type", "The value must be true or false.");
}

bool Validator::iri(const Value& value) {
    const auto string = string_of(value);
    if (!string) return false;
    return is_iri(*string) ||
           fail("iri_invalid", "The value must be an IRI with a scheme, such as http://...");
}

bool Validator::irl(const Value& value) {
    const auto string = string_of(value);
    if (!string) return false;
    return is_irl(*string) ||
           fail("irl_invalid", "The value must be an IRL with a scheme, such as http://...");
}

bool Validator::uuid(const Value& value) {
    const auto string = string_of(value);
    if (!string) return false;
    return parse_uuid(*string).has_value() ||
           fail("uuid_invalid", "The value must be a UUID: 8-4-4-4-12 hexadecimal digits.");
}

bool Validator::timestamp(const Value& value) {
    const auto string = string_of(value);
    if (!string) return false;
    const auto instant = parse_timestamp(*string, version_);
    return instant.has_value() || fail("timestamp_invalid", instant.error().message);
}

bool Validator::duration(const Value& value) {
    const auto string = string_of(value);
    if (!string) return false;
    return parse_duration(*string).has_value() ||
           fail("duration_invalid", "The value must be a duration of ISO 8601, such as PT1H30M.");
}

bool Validator::language(const Value& value) {
    const auto string = string_of(value);
    if (!string) return false;
    return is_language_tag(*string) ||
           fail("language_tag_invalid", "The value must be a language tag of RFC 5646, such as en-GB.");
}

bool Validator::language_map(const Value& value) {
    const auto* map = object_of(value);
    if (map == nullptr) return false;
    if (map->size() > max_languages) {
        return fail("language_map_too_large",
                    "A language map must not have more than " + std::to_string(max_languages) + " entries.");
    }
    for (const auto& entry : *map) {
        const At at(*this, entry.key());
        if (!is_language_tag(entry.key())) {
            return fail("language_tag_invalid", "The key must be a language tag of RFC 5646, such as en-GB.");
        }
        if (entry.value().is_null()) return fail("value_null", "Null is allowed inside extensions only.");
        if (!text(entry.value())) return false;
    }
    return true;
}

bool Validator::extensions(const Value& value) {
    const auto* map = object_of(value);
    if (map == nullptr) return false;
    for (const auto& entry : *map) {
        if (!is_iri(entry.key())) {
            return fail_at(entry.key(), "extension_key_invalid", "The key of an extension must be an IRI.");
        }
    }
    return true;
}

} // namespace leerspoor::spec
