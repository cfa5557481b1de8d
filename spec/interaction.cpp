#include "spec/interaction.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace leerspoor::spec {
namespace {

constexpr std::array<std::pair<std::string_view, Interaction>, 10> names = {{
    {"true-false", Interaction::true_false},
    {"choice", Interaction::choice},
    {"fill-in", Interaction::fill_in},
    {"long-fill-in", Interaction::long_fill_in},
    {"matching", Interaction::matching},
    {"performance", Interaction::performance},
    {"sequencing", Interaction::sequencing},
    {"likert", Interaction::likert},
    {"numeric", Interaction::numeric},
    {"other", Interaction::other},
}};

constexpr std::string_view item_delimiter = "[,]";
constexpr std::string_view pair_delimiter = "[.]";
constexpr std::string_view range_delimiter = "[:]";

// Is every item of the list good? The empty text is the empty list.
template <class Check>
bool all_items(std::string_view list, Check check) {
    if (list.empty()) return true;
    while (true) {
        const auto delimiter = list.find(item_delimiter);
        if (!check(list.substr(0, delimiter))) return false;
        if (delimiter == std::string_view::npos) return true;
        list.remove_prefix(delimiter + item_delimiter.size());
    }
}

bool is_id(std::string_view item) {
    return !item.empty();
}

bool is_pair(std::string_view item) {
    const auto delimiter = item.find(pair_delimiter);
    return delimiter != std::string_view::npos && delimiter > 0 &&
           delimiter + pair_delimiter.size() < item.size();
}

// The response to a step is free text, and may be empty.
bool is_step(std::string_view item) {
    const auto delimiter = item.find(pair_delimiter);
    return delimiter != std::string_view::npos && delimiter > 0;
}

bool is_number(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
}

bool is_range(std::string_view text) {
    const auto delimiter = text.find(range_delimiter);
    if (delimiter == std::string_view::npos) return is_number(text);
    const auto low = text.substr(0, delimiter);
    const auto high = text.substr(delimiter + range_delimiter.size());
    return (low.empty() || is_number(low)) && (high.empty() || is_number(high));
}

// Without {case_matters=...} and {order_matters=...}, which are not validated.
std::string_view without_parameters(std::string_view pattern) {
    while (pattern.starts_with('{')) {
        const auto end = pattern.find('}');
        if (end == std::string_view::npos) break;
        pattern.remove_prefix(end + 1);
    }
    return pattern;
}

} // namespace

std::optional<Interaction> parse_interaction(std::string_view text) {
    for (const auto& [name, interaction] : names) {
        if (name == text) return interaction;
    }
    return std::nullopt;
}

bool has_component_list(Interaction interaction, std::string_view list) {
    switch (interaction) {
    case Interaction::choice:
    case Interaction::sequencing:
        return list == "choices";
    case Interaction::likert:
        return list == "scale";
    case Interaction::matching:
        return list == "source" || list == "target";
    case Interaction::performance:
        return list == "steps";
    default:
        return false;
    }
}

bool is_response_pattern(Interaction interaction, std::string_view pattern) {
    switch (interaction) {
    case Interaction::true_false:
        return pattern == "true" || pattern == "false";
    case Interaction::choice:
    case Interaction::sequencing:
        return all_items(pattern, is_id);
    case Interaction::matching:
        return all_items(pattern, is_pair);
    case Interaction::performance:
        return all_items(without_parameters(pattern), is_step);
    case Interaction::likert:
        return !pattern.empty() && pattern.find(item_delimiter) == std::string_view::npos;
    case Interaction::numeric:
        return is_range(pattern);
    default:
        return true;
    }
}

std::string_view response_pattern_rule(Interaction interaction) {
    switch (interaction) {
    case Interaction::true_false:
        return R"(A pattern of true-false must be "true" or "false".)";
    case Interaction::choice:
    case Interaction::sequencing:
        return "The pattern must be a list of item ids with [,] between them.";
    case Interaction::matching:
        return "The pattern must be a list of source[.]target with [,] between them.";
    case Interaction::performance:
        return "The pattern must be a list of step[.]response with [,] between them.";
    case Interaction::likert:
        return "A pattern of likert must be the id of one item.";
    case Interaction::numeric:
        return "A pattern of numeric must be a number, or two with [:] between them.";
    default:
        return "Any text is allowed.";
    }
}

} // namespace leerspoor::spec
