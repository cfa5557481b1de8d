// What surrounds the sentence: context, result and attachments (xAPI 1.0.3 Part Two 2.4.5, 2.4.6, 2.4.11;
// IEEE 9274.1.1 4.2.2.4, 4.2.2.5, 4.2.2.6).
#include "spec/base/json.hpp"
#include "spec/iri.hpp"
#include "spec/validator.hpp"

namespace leerspoor::spec {

bool Validator::context(const Value& value) {
    static constexpr Property properties[] = {
        {"registration", &Validator::uuid},
        {"instructor", &Validator::agent_or_group},
        {"team", &Validator::group},
        {"contextActivities", &Validator::context_activities},
        {"revision", &Validator::text},
        {"platform", &Validator::text},
        {"language", &Validator::language},
        {"statement", &Validator::statement_ref},
        {"extensions", &Validator::extensions},
        {"contextAgents", &Validator::context_agents},
        {"contextGroups", &Validator::context_groups},
    };
    constexpr std::size_t properties_of_1_0_3 = 9;
    const auto* context = object_of(value);
    Seen seen = 0;
    const auto count = version_ == Version::v1_0_3 ? properties_of_1_0_3 : std::size(properties);
    return context != nullptr && members(*context, Properties(properties, count), seen);
}

bool Validator::context_activities(const Value& value) {
    static constexpr Property properties[] = {
        {"parent", &Validator::context_activity_list},
        {"grouping", &Validator::context_activity_list},
        {"category", &Validator::context_activity_list},
        {"other", &Validator::context_activity_list},
    };
    const auto* lists = object_of(value);
    Seen seen = 0;
    return lists != nullptr && members(*lists, properties, seen);
}

bool Validator::context_activity_list(const Value& value) {
    if (value.is_object()) return activity(value);
    if (!value.is_array())
        return fail("value_type", "The value must be an Activity or an array of Activities.");
    return elements(value, [this](const Value& element) { return activity(element); });
}

bool Validator::context_agents(const Value& value) {
    static constexpr Property properties[] = {
        {"objectType", &Validator::text},
        {"agent", &Validator::agent},
        {"relevantTypes", &Validator::relevant_types},
    };
    return elements(value, [this](const Value& element) {
        const auto* object = object_of(element);
        Seen seen = 0;
        if (object == nullptr || !members(*object, properties, seen)) return false;
        if (!required(properties, seen, 0b11)) return false;
        const At at(*this, "objectType");
        return string_equals(object->at("objectType"), "contextAgent");
    });
}

bool Validator::context_groups(const Value& value) {
    static constexpr Property properties[] = {
        {"objectType", &Validator::text},
        {"group", &Validator::group},
        {"relevantTypes", &Validator::relevant_types},
    };
    return elements(value, [this](const Value& element) {
        const auto* object = object_of(element);
        Seen seen = 0;
        if (object == nullptr || !members(*object, properties, seen)) return false;
        if (!required(properties, seen, 0b11)) return false;
        const At at(*this, "objectType");
        return string_equals(object->at("objectType"), "contextGroup");
    });
}

bool Validator::relevant_types(const Value& value) {
    if (!elements(value, [this](const Value& type) { return iri(type); })) return false;
    return !value.get_array().empty() || fail("value_empty", "The array must not be empty.");
}

bool Validator::result(const Value& value) {
    static constexpr Property properties[] = {
        {"score", &Validator::score},        {"success", &Validator::boolean},
        {"completion", &Validator::boolean}, {"response", &Validator::text},
        {"duration", &Validator::duration},  {"extensions", &Validator::extensions},
    };
    const auto* result = object_of(value);
    Seen seen = 0;
    return result != nullptr && members(*result, properties, seen);
}

bool Validator::score(const Value& value) {
    static constexpr Property properties[] = {
        {"scaled", &Validator::scaled},
        {"raw", &Validator::number},
        {"min", &Validator::number},
        {"max", &Validator::number},
    };
    const auto* score = object_of(value);
    Seen seen = 0;
    if (score == nullptr || !members(*score, properties, seen)) return false;
    const auto part = [&](std::string_view name) -> std::optional<double> {
        const auto* found = score->if_contains(name);
        if (found == nullptr) return std::nullopt;
        return number_of(*found);
    };
    const auto raw = part("raw");
    const auto min = part("min");
    const auto max = part("max");
    if (min && max && *min >= *max) {
        return fail_at("min", "score_range", R"("min" must be less than "max".)");
    }
    if (raw && min && *raw < *min)
        return fail_at("raw", "score_range", R"("raw" must not be less than "min".)");
    if (raw && max && *raw > *max)
        return fail_at("raw", "score_range", R"("raw" must not be more than "max".)");
    return true;
}

bool Validator::number(const Value& value) {
    return number_of(value).has_value() || fail("value_type", "The value must be a number.");
}

bool Validator::scaled(const Value& value) {
    if (!number(value)) return false;
    const double scaled = *number_of(value);
    return (scaled >= -1 && scaled <= 1) || fail("score_range", R"("scaled" must be between -1 and 1.)");
}

bool Validator::attachments(const Value& value) {
    return elements(value, [this](const Value& element) { return attachment(element); });
}

bool Validator::attachment(const Value& value) {
    static constexpr Property properties[] = {
        {"usageType", &Validator::iri},
        {"display", &Validator::language_map},
        {"contentType", &Validator::media_type},
        {"length", &Validator::length},
        {"sha2", &Validator::sha2},
        {"description", &Validator::language_map},
        {"fileUrl", &Validator::irl},
    };
    const auto* attachment = object_of(value);
    Seen seen = 0;
    return attachment != nullptr && members(*attachment, properties, seen) &&
           required(properties, seen, 0b11111);
}

bool Validator::media_type(const Value& value) {
    const auto string = string_of(value);
    if (!string) return false;
    return is_media_type(*string) ||
           fail("media_type_invalid", "The value must be an Internet media type, such as image/png.");
}

bool Validator::length(const Value& value) {
    if (value.is_uint64() || (value.is_int64() && value.get_int64() >= 0)) return true;
    if (!value.is_int64()) return fail("value_type", "The value must be a whole number.");
    return fail("length_invalid", "The number of bytes must not be negative.");
}

bool Validator::sha2(const Value& value) {
    const auto string = string_of(value);
    if (!string) return false;
    for (const std::size_t bits : {256, 224, 384, 512}) {
        if (is_hex(*string, bits / 4)) return true;
    }
    return fail("sha2_invalid", "The value must be the hexadecimal digits of a SHA-2 digest.");
}

} // namespace leerspoor::spec
