// The kinds of interaction activities and what belongs to each (xAPI 1.0.3 Part Two 2.4.4.1, "Interaction
// Activities"; IEEE 9274.1.1 4.2.2.3).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace leerspoor::spec {

enum class Interaction : std::uint8_t {
    true_false,
    choice,
    fill_in,
    long_fill_in,
    matching,
    performance,
    sequencing,
    likert,
    numeric,
    other,
};

// The exact values of `interactionType`.
std::optional<Interaction> parse_interaction(std::string_view text);

// May a definition of this kind have the list (choices, scale, source, target, steps)?
bool has_component_list(Interaction interaction, std::string_view list);

// One element of correctResponsesPattern. Texts of people (fill-in, long-fill-in, other) are not judged, and
// ids need not be among the components: a definition may leave those out.
bool is_response_pattern(Interaction interaction, std::string_view pattern);

// What is_response_pattern asks for, as a sentence.
std::string_view response_pattern_rule(Interaction interaction);

} // namespace leerspoor::spec
