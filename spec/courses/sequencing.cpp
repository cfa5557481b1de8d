#include "spec/courses/sequencing.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <charconv>
#include <span>

namespace leerspoor::spec::courses {
namespace {

namespace json = boost::json;

enum class Form { flag, number, text };
struct Attribute {
    std::string_view name;
    Form form;
    std::string_view as = {}; // where it is called otherwise
};

constexpr std::array control_mode{
    Attribute{"choice", Form::flag},
    Attribute{"choiceExit", Form::flag},
    Attribute{"flow", Form::flag},
    Attribute{"forwardOnly", Form::flag},
    Attribute{"useCurrentAttemptObjectiveInfo", Form::flag},
    Attribute{"useCurrentAttemptProgressInfo", Form::flag},
};
constexpr std::array constrain_choice{
    Attribute{"preventActivation", Form::flag},
    Attribute{"constrainChoice", Form::flag},
};
constexpr std::array roll_up{
    Attribute{"rollupObjectiveSatisfied", Form::flag},
    Attribute{"rollupProgressCompletion", Form::flag},
    Attribute{"objectiveMeasureWeight", Form::number},
};
constexpr std::array randomization{
    Attribute{"randomizationTiming", Form::text}, Attribute{"selectCount", Form::number},
    Attribute{"reorderChildren", Form::flag, "randomizeChildren"}, Attribute{"selectionTiming", Form::text}};
constexpr std::array delivery{
    Attribute{"tracked", Form::flag},
    Attribute{"completionSetByContent", Form::flag},
    Attribute{"objectiveSetByContent", Form::flag},
};
constexpr std::array considerations{
    Attribute{"requiredForSatisfied", Form::text},        Attribute{"requiredForNotSatisfied", Form::text},
    Attribute{"requiredForCompleted", Form::text},        Attribute{"requiredForIncomplete", Form::text},
    Attribute{"measureSatisfactionIfActive", Form::flag},
};
constexpr std::array limits{
    Attribute{"attemptLimit", Form::number},
    Attribute{"attemptAbsoluteDurationLimit", Form::text},
    Attribute{"activityAbsoluteDurationLimit", Form::text},
    Attribute{"beginTimeLimit", Form::text},
    Attribute{"endTimeLimit", Form::text},
};
constexpr std::array map_info{
    Attribute{"targetObjectiveID", Form::text},      Attribute{"readSatisfiedStatus", Form::flag},
    Attribute{"readNormalizedMeasure", Form::flag},  Attribute{"writeSatisfiedStatus", Form::flag},
    Attribute{"writeNormalizedMeasure", Form::flag},
};
// SCORM 2004 4th edition, adlseq:objectives.
constexpr std::array more_map_info{
    Attribute{"readRawScore", Form::flag},          Attribute{"readMinScore", Form::flag},
    Attribute{"readMaxScore", Form::flag},          Attribute{"readCompletionStatus", Form::flag},
    Attribute{"readProgressMeasure", Form::flag},   Attribute{"writeRawScore", Form::flag},
    Attribute{"writeMinScore", Form::flag},         Attribute{"writeMaxScore", Form::flag},
    Attribute{"writeCompletionStatus", Form::flag}, Attribute{"writeProgressMeasure", Form::flag},
};

class SequencingReader {
  public:
    explicit SequencingReader(const Xml& xml) : xml_(xml) {}

    Result<void> read(pugi::xml_node node, json::object& made) {
        auto& controls = object_in(made, "sequencingControls");
        const auto take_controls = [&](pugi::xml_node from, std::span<const Attribute> attributes) {
            return take(from, attributes, controls);
        };
        if (auto r = take_controls(element(node, "controlMode"), control_mode); !r) return r;
        if (auto r = take_controls(element(node, "constrainedChoiceConsiderations"), constrain_choice); !r)
            return r;
        if (auto r = take_controls(element(node, "rollupRules"), roll_up); !r) return r;
        if (auto r = take_controls(element(node, "randomizationControls"), randomization); !r) return r;
        if (auto r = take_controls(element(node, "deliveryControls"), delivery); !r) return r;
        if (controls.empty()) made.erase("sequencingControls");
        if (auto r = take(element(node, "limitConditions"), limits, made); !r) return r;
        if (const auto found = element(node, "rollupConsiderations")) {
            if (auto r = take(found, considerations, object_in(made, "rollupConsiderations")); !r) return r;
        }
        rules(element(node, "sequencingRules"), made);
        if (auto r = rollup_rules(element(node, "rollupRules"), made); !r) return r;
        return objectives(node, made);
    }

  private:
    static json::object& object_in(json::object& holder, std::string_view name) {
        auto& value = holder[name];
        if (!value.is_object()) value = json::object();
        return value.get_object();
    }

    Result<void> take(pugi::xml_node node, std::span<const Attribute> attributes, json::object& into) const {
        if (!node) return {};
        for (const auto& one : attributes) {
            const auto text = attribute(node, one.name);
            if (!text) continue;
            auto& value = into[one.as.empty() ? one.name : one.as];
            if (one.form == Form::text) {
                value = *text;
            } else if (one.form == Form::flag) {
                value = *text == "true" || *text == "1";
            } else {
                const auto number = number_of_text(*text);
                if (!number)
                    return xml_.error("course_invalid", node,
                                      "The attribute " + std::string(one.name) + " is a number.");
                value = *number;
            }
        }
        return {};
    }
    static std::optional<double> number_of_text(std::string_view text) {
        double number = 0;
        const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
        return number;
    }

    static json::array conditions(pugi::xml_node list, std::string_view name) {
        json::array all;
        for (const auto node : elements(list, name)) {
            json::object condition{{"condition", attribute(node, "condition").value_or("always")}};
            if (attribute(node, "operator") == "not") condition["operator"] = "not";
            if (const auto objective = attribute(node, "referencedObjective"))
                condition["referencedObjective"] = *objective;
            if (const auto threshold = attribute(node, "measureThreshold"))
                if (const auto number = number_of_text(*threshold))
                    condition["parameters"] = {{"threshold", *number}};
            all.push_back(std::move(condition));
        }
        return all;
    }

    static void rules(pugi::xml_node list, json::object& made) {
        if (!list) return;
        constexpr std::array<std::array<std::string_view, 2>, 3> kinds{
            {{"preConditionRule", "preConditionRules"},
             {"exitConditionRule", "exitConditionRules"},
             {"postConditionRule", "postConditionRules"}}};
        auto& all = object_in(made, "sequencingRules");
        for (const auto& [name, as] : kinds) {
            json::array rules_of_kind;
            for (const auto node : elements(list, name)) {
                const auto given = element(node, "ruleConditions");
                rules_of_kind.push_back(json::object{
                    {"action", attribute(element(node, "ruleAction"), "action").value_or("")},
                    {"conditionCombination", attribute(given, "conditionCombination").value_or("all")},
                    {"conditions", conditions(given, "ruleCondition")}});
            }
            if (!rules_of_kind.empty()) all[as] = std::move(rules_of_kind);
        }
    }

    Result<void> rollup_rules(pugi::xml_node list, json::object& made) const {
        json::array all;
        for (const auto node : elements(list, "rollupRule")) {
            const auto given = element(node, "rollupConditions");
            json::object rule{
                {"action", attribute(element(node, "rollupAction"), "action").value_or("satisfied")},
                {"consideration", attribute(node, "childActivitySet").value_or("all")},
                {"conditionCombination", attribute(given, "conditionCombination").value_or("any")},
                {"conditions", conditions(given, "rollupCondition")}};
            constexpr std::array numbers{Attribute{"minimumCount", Form::number},
                                         Attribute{"minimumPercent", Form::number}};
            if (auto r = take(node, numbers, rule); !r) return r;
            all.push_back(std::move(rule));
        }
        if (!all.empty()) made["rollupRules"] = {{"rules", std::move(all)}};
        return {};
    }

    Result<void> objectives(pugi::xml_node sequencing, json::object& made) const {
        const auto list = element(sequencing, "objectives");
        if (!list) return {};
        json::array others;
        for (const auto node : elements(list)) {
            const auto name = local_name(node);
            if (name != "primaryObjective" && name != "objective") continue;
            json::object objective{{"objectiveID", attribute(node, "objectiveID").value_or("")},
                                   {"isPrimary", name == "primaryObjective"}};
            constexpr std::array own{Attribute{"satisfiedByMeasure", Form::flag}};
            if (auto r = take(node, own, objective); !r) return r;
            if (const auto measure = element(node, "minNormalizedMeasure")) {
                const auto number = number_of_text(text_of(measure));
                if (!number) return xml_.error("course_invalid", measure, "A measure is a number.");
                objective["minNormalizedMeasure"] = *number;
            }
            json::array maps;
            for (const auto mapped : elements(node, "mapInfo")) {
                json::object info;
                if (auto r = take(mapped, map_info, info); !r) return r;
                maps.push_back(std::move(info));
            }
            objective["mapInfo"] = std::move(maps);
            if (auto r = take_more(sequencing, objective); !r) return r;
            if (name == "primaryObjective") {
                made["primaryObjective"] = std::move(objective);
            } else {
                others.push_back(std::move(objective));
            }
        }
        if (!others.empty()) made["objectives"] = std::move(others);
        return {};
    }

    // What adlseq:objectives adds to the maps of the objective with the same id.
    Result<void> take_more(pugi::xml_node sequencing, json::object& objective) const {
        for (const auto list : elements(sequencing, "objectives")) {
            if (namespace_of(list).find("adlseq") == std::string_view::npos) continue;
            for (const auto node : elements(list, "objective")) {
                if (attribute(node, "objectiveID").value_or("") !=
                    std::string_view(objective.at("objectiveID").as_string()))
                    continue;
                for (const auto mapped : elements(node, "mapInfo")) {
                    auto& info = info_of(objective.at("mapInfo").as_array(),
                                         attribute(mapped, "targetObjectiveID").value_or(""));
                    if (auto r = take(mapped, more_map_info, info); !r) return r;
                }
            }
        }
        return {};
    }
    static json::object& info_of(json::array& maps, const std::string& target) {
        for (auto& map : maps) {
            const auto* known = map.as_object().if_contains("targetObjectiveID");
            if (known && std::string_view(known->as_string()) == target) return map.as_object();
        }
        maps.push_back(json::object{{"targetObjectiveID", target}});
        return maps.back().as_object();
    }

    const Xml& xml_;
};

} // namespace

Result<json::object> read_sequencing(const Xml& xml, pugi::xml_node node,
                                     const SequencingCollection& collection) {
    json::object made;
    if (!node) return made;
    SequencingReader reader(xml);
    if (const auto reference = attribute(node, "IDRef")) {
        const auto found = collection.find(*reference);
        if (found == collection.end())
            return xml.error("course_invalid", node,
                             "There is no sequencing with the ID " + reference->substr(0, 200) +
                                 " in the collection.");
        if (auto read = reader.read(found->second, made); !read) return read.error();
    }
    if (auto read = reader.read(node, made); !read) return read.error();
    return made;
}

void read_presentation(pugi::xml_node item, json::object& sequencing) {
    json::array hidden;
    const auto interface = element(element(item, "presentation"), "navigationInterface");
    for (const auto node : elements(interface, "hideLMSUI")) hidden.push_back(json::string(text_of(node)));
    if (!hidden.empty()) sequencing["hideLmsUi"] = std::move(hidden);
}

} // namespace leerspoor::spec::courses
