// Results and scores (xAPI 1.0.3 Part Two 2.4.5; IEEE 9274.1.1 4.2.2.4).
#include "conformance/checks/groups.hpp"
#include "conformance/probe/context.hpp"

namespace leerspoor::conformance::checks {
namespace {

const std::vector<Change>& not_numbers() {
    static const std::vector<Change> list = {set("", "12"), set("", true), set("", json::object{}),
                                             set("", json::array{1})};
    return list;
}

Places at(std::string_view property) {
    auto places = result_places();
    for (auto& place : places) place.at += property;
    return places;
}

Requirement of_type(std::string id, std::string_view property, std::string_view type,
                    std::vector<Change> wrong) {
    return {std::move(id),
            std::string(property.substr(1)) + " is a " + std::string(type),
            {"Part Two 2.4.5", "4.2.2.4"},
            [place = std::string(property), wrong = std::move(wrong)](Context& c) {
                c.refuses(at(place), wrong);
            }};
}

} // namespace

Requirements results() {
    return {
        of_type("XAPI-00074", "/success", "boolean", {set("", "true"), set("", 1), set("", json::object{})}),
        of_type("XAPI-00075", "/completion", "boolean",
                {set("", "true"), set("", 1), set("", json::object{})}),
        of_type("XAPI-00076", "/response", "string", {set("", 7), set("", true), set("", json::object{})}),
        of_type("XAPI-00077", "/duration", "duration of ISO 8601",
                {set("", "a while"), set("", 7), set("", "PT"), set("", "P"), set("", json::object{})}),
        of_type("XAPI-00078", "/extensions", "object whose keys are IRIs",
                {set("", "more"), set("", 7), set("", json::array{}), set("", {{"no IRI", 1}})}),
        of_type("XAPI-00079", "/score", "object",
                {set("", 7), set("", "high"), set("", json::array{}), set("", true)}),
        {"XAPI-00080",
         "A score's max is a number above min",
         {"Part Two 2.4.5.1", "4.2.2.4"},
         [](Context& c) {
             c.refuses(at("/score/max"), not_numbers());
             c.refuses(at("/score"),
                       {set("", {{"min", 5}, {"max", 4}}), set("", {{"min", -1}, {"max", -2.5}})});
             c.accepts(at("/score"), {set("", {{"max", -3}}), set("", {{"min", -2}, {"max", -1}})});
         }},
        {"XAPI-00081",
         "A score's min is a number below max",
         {"Part Two 2.4.5.1", "4.2.2.4"},
         [](Context& c) {
             c.refuses(at("/score/min"), not_numbers());
             c.refuses(at("/score"),
                       {set("", {{"min", 101}, {"max", 100}}), set("", {{"min", 0.5}, {"max", 0.25}})});
             c.accepts(at("/score"), {set("", {{"min", 1000}})});
         }},
        {"XAPI-00082",
         "A score's raw is a number from min to max",
         {"Part Two 2.4.5.1", "4.2.2.4"},
         [](Context& c) {
             c.refuses(at("/score/raw"), not_numbers());
             c.refuses(at("/score"),
                       {set("", {{"raw", -1}, {"min", 0}, {"max", 100}}),
                        set("", {{"raw", 101}, {"max", 100}}), set("", {{"raw", -1}, {"min", 0}})});
             c.accepts(at("/score"), {set("", {{"raw", 0}, {"min", 0}, {"max", 100}}),
                                      set("", {{"raw", 100}, {"max", 100}}), set("", {{"raw", -12345.678}})});
         }},
        {"XAPI-00083",
         "A score's scaled is a number from -1 to 1",
         {"Part Two 2.4.5.1", "4.2.2.4"},
         [](Context& c) {
             c.refuses(at("/score/scaled"), not_numbers());
             c.refuses(at("/score/scaled"), {set("", 1.01), set("", -1.01), set("", 50)});
             c.accepts(at("/score/scaled"), {set("", 1), set("", -1), set("", 0), set("", 0.999)});
         }},
    };
}

} // namespace leerspoor::conformance::checks
