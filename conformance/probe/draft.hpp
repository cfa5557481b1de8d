// A statement in the making: a valid one, and what was changed in it. Checks start from one of the valid
// drafts below and change the one place that their requirement is about.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::conformance {

namespace json = boost::json;

// 8-4-4-4-12 hexadecimal digits, version 4, of random bytes. Any thread.
std::string new_uuid();

// One change at a place, a JSON pointer. `as` is what the place becomes; without it the place is removed.
struct Change {
    std::string at;
    std::optional<json::value> as;
};
Change set(std::string_view at, json::value as);
template <std::same_as<std::string> Text> // not what only converts to a string
Change set(std::string_view at, const Text& as) {
    return set(at, json::value(json::string(as)));
}
Change drop(std::string_view at);

class Draft {
  public:
    Draft(std::string_view what, json::object statement);

    // Copies with one change more. Objects on the way to the place are made where they are missing.
    Draft with(std::string_view at, json::value as) const;
    template <std::same_as<std::string> Text>
    Draft with(std::string_view at, const Text& as) const {
        return with(at, json::value(json::string(as)));
    }
    Draft without(std::string_view at) const;
    Draft with(const Change& change, std::string_view under = "") const;
    Draft renamed(std::string_view at, std::string_view name) const;
    Draft with_id(std::string_view id) const;

    const json::object& statement() const { return root_.get_object(); }
    // For people: "an attempt on an Activity, with /actor/mbox = 7".
    const std::string& what() const { return what_; }
    const json::value* find(std::string_view at) const; // null: there is no such place

  private:
    std::string what_;
    json::value root_;
};

// Valid drafts. Each call makes agents and activities that nobody used before.
Draft plain();                              // an Agent, a verb, an Activity
Draft with_context();                       // every property of a context that 1.0.3 knows
Draft with_result();                        // every property of a result
Draft about_agent();                        // the object is an Agent
Draft about_group();                        // the object is an identified Group with members
Draft about_substatement();                 // with context and result in it
Draft about_statement(std::string_view id); // the object is a StatementRef
Draft voiding(std::string_view id);         // and the verb voids it
Draft by_group();                           // the actor is an identified Group with members
Draft by_anonymous_group();                 // the actor is a Group that has members only
Draft with_interaction(
    std::string_view interaction_type); // the object's definition has everything of the type
Draft with_file_url();                  // one attachment that is elsewhere

// Parts of them.
json::object agent();
json::object agent_by(std::string_view identifier); // mbox, mbox_sha1sum, openid, account
json::object identified_group();
json::object anonymous_group();
json::object activity();
std::string activity_id();

// A place that drafts have in common, like all where an Agent may be.
struct Place {
    Draft draft;
    std::string at;
};
using Places = std::vector<Place>;
Places agent_places();    // actor, object, instructor, member, authority and the same in a SubStatement
Places group_places();    // actor, object, team and the same in a SubStatement, each with members
Places activity_places(); // object, contextActivities and the same in a SubStatement
Places verb_places();
Places result_places();
Places context_places(); // each with an Activity as the object beside it
Places language_map_places();
Places extensions_places(); // at each the extensions themselves
Places statement_places();  // the statement "" and the SubStatement "/object"

} // namespace leerspoor::conformance
