// Activities and their definitions (xAPI 1.0.3 Part Two 2.4.4.1; IEEE 9274.1.1 4.2.2.3).
#include "spec/interaction.hpp"
#include "spec/validator.hpp"

#include <algorithm>
#include <vector>

namespace leerspoor::spec {

bool Validator::activity(const Value& value) {
    static constexpr Property properties[] = {
        {"id", &Validator::iri},
        {"objectType", &Validator::text},
        {"definition", &Validator::definition},
    };
    const auto* activity = object_of(value);
    Seen seen = 0;
    if (activity == nullptr || !members(*activity, properties, seen)) return false;
    if (const auto* type = activity->if_contains("objectType")) {
        if (type->get_string() != "Activity") {
            return fail_at("objectType", "object_type_invalid", R"(The value must be "Activity".)");
        }
    }
    return required(properties, seen, 0b1);
}

bool Validator::definition(const Value& value) {
    static constexpr Property properties[] = {
        {"name", &Validator::language_map},
        {"description", &Validator::language_map},
        {"type", &Validator::iri},
        {"moreInfo", &Validator::irl},
        {"extensions", &Validator::extensions},
        {"interactionType", &Validator::interaction_type},
        {"correctResponsesPattern", &Validator::response_patterns},
        {"choices", &Validator::components},
        {"scale", &Validator::components},
        {"source", &Validator::components},
        {"target", &Validator::components},
        {"steps", &Validator::components},
    };
    constexpr Seen of_interactions = 0b111111100000;
    const auto* definition = object_of(value);
    Seen seen = 0;
    if (definition == nullptr || !members(*definition, properties, seen)) return false;
    return (seen & of_interactions) == 0 || interaction(*definition);
}

// The rules between the properties of an interaction; each of them alone is good already.
bool Validator::interaction(const Object& definition) {
    const auto* type_name = definition.if_contains("interactionType");
    if (type_name == nullptr) {
        return fail("interaction_type_missing",
                    R"(The properties of interactions need an "interactionType".)");
    }
    const auto type = *parse_interaction(type_name->get_string());
    for (const auto* list : {"choices", "scale", "source", "target", "steps"}) {
        if (definition.contains(list) && !has_component_list(type, list)) {
            return fail_at(list, "component_list_not_allowed",
                           "This interactionType does not have this list of components.");
        }
    }
    const auto* patterns = definition.if_contains("correctResponsesPattern");
    if (patterns == nullptr) return true;
    const At at(*this, "correctResponsesPattern");
    return elements(*patterns, [&](const Value& pattern) {
        return is_response_pattern(type, pattern.get_string()) ||
               fail("response_pattern_invalid", std::string(response_pattern_rule(type)));
    });
}

bool Validator::interaction_type(const Value& value) {
    const auto string = string_of(value);
    if (!string) return false;
    return parse_interaction(*string).has_value() ||
           fail("interaction_type_invalid", "The value must be an interactionType of the specification.");
}

bool Validator::components(const Value& value) {
    return elements(value, [this](const Value& element) { return component(element); }) &&
           unique_component_ids(value.get_array());
}

bool Validator::component(const Value& value) {
    static constexpr Property properties[] = {
        {"id", &Validator::text},
        {"description", &Validator::language_map},
    };
    const auto* component = object_of(value);
    Seen seen = 0;
    return component != nullptr && members(*component, properties, seen) && required(properties, seen, 0b1);
}

bool Validator::unique_component_ids(const boost::json::array& list) {
    const auto id_of = [&](std::size_t i) {
        return std::string_view(list[i].get_object().at("id").get_string());
    };
    const auto repeated = [&](std::size_t i) {
        const At element(*this, i);
        return fail_at("id", "component_id_repeated", "Each component of a list must have an id of its own.");
    };
    constexpr std::size_t few = 16;
    if (list.size() <= few) {
        for (std::size_t i = 1; i < list.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                if (id_of(i) == id_of(j)) return repeated(i);
            }
        }
        return true;
    }
    std::vector<std::size_t> order(list.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = i;
    }
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return id_of(a) < id_of(b); });
    const auto twice =
        std::adjacent_find(order.begin(), order.end(), [&](auto a, auto b) { return id_of(a) == id_of(b); });
    return twice == order.end() || repeated(*(twice + 1));
}

bool Validator::response_patterns(const Value& value) {
    return elements(value, [this](const Value& pattern) { return text(pattern); });
}

} // namespace leerspoor::spec
