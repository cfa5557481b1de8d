// cmi5 as an LMS: what is known of a registration, what an assignable unit may say, and what the LMS says
// itself (cmi5 6 to 10). Pure functions over statements.
#pragma once

#include "spec/base/timestamp.hpp"
#include "spec/courses/course.hpp"

#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::spec::courses {

enum class LaunchMode : std::uint8_t { normal, browse, review };
// "Normal", "Browse", "Review".
std::string_view name_of(LaunchMode mode);
// In any case. Nothing: there is no such mode.
std::optional<LaunchMode> parse_launch_mode(std::string_view name);

// One launch of one unit.
struct Cmi5Launch {
    boost::json::object actor;   // an Agent with an account (cmi5 9.2)
    std::string registration;    // a UUID
    std::string session;         // the session ID, a UUID
    std::string activity;        // IRI of the unit, ours
    std::string publisher_id;    // IRI of the unit, its publisher's
    std::string course_activity; // IRI of the course, ours
    std::string url;             // without what the launch adds
    std::string return_url;      // "": none
    boost::json::object title;
    boost::json::object course_title;
    LaunchMode mode = LaunchMode::normal;
    MoveOn move_on = MoveOn::not_applicable;
    std::optional<double> mastery_score;
    std::string launch_parameters;
    std::string entitlement_key;
};

// What statements of a registration have said of a unit, and of a session of it.
struct UnitRecord {
    bool completed = false;
    bool passed = false;
    bool failed = false;
    bool waived = false;
};
struct SessionRecord {
    std::string activity;
    bool initialized = false;
    bool completed = false;
    bool judged = false; // passed or failed
    bool terminated = false;
    bool abandoned = false;
    Instant launched; // timestamps
    Instant last;

    bool ended() const { return terminated || abandoned; }
};

class RegistrationRecord {
  public:
    // The registration's statements in the order in which they were stored; those that are no cmi5 defined
    // ones only tell when something happened.
    void take(const boost::json::object& statement);

    UnitRecord unit(std::string_view activity) const;
    // Nothing: no such session was launched.
    std::optional<SessionRecord> session(std::string_view id) const;
    // Launched, and neither terminated nor abandoned: "" for none. Of the first.
    std::vector<std::string> open_sessions() const;
    bool is_satisfied(std::string_view object) const { return satisfied_.contains(object); }
    bool empty() const { return sessions_.empty() && satisfied_.empty() && units_.empty(); }

  private:
    std::map<std::string, UnitRecord, std::less<>> units_;       // by activity
    std::map<std::string, SessionRecord, std::less<>> sessions_; // by session ID
    std::set<std::string, std::less<>> satisfied_;               // blocks and the course
};

// May the unit send this statement now (cmi5 7.1, 9)? REQUIRES: a valid statement. `given`: its id and
// timestamp came with it. Error: launch_refused; pointer and sentence say why.
struct Given {
    bool id = false;
    bool timestamp = false;
};
Result<void> check_cmi5_statement(const boost::json::object& statement, Given given, const Cmi5Launch& launch,
                                  const RegistrationRecord& record);

// The same for an activity of tincan.xml, of which no standard asks more than that it speaks for its learner.
// Error: launch_refused.
Result<void> check_xapi_statement(const boost::json::object& statement, const Cmi5Launch& launch);

// Has it met its criterion (cmi5 13.1.4, moveOn)?
bool has_moved_on(MoveOn move_on, const UnitRecord& unit);

// cmi5 11: {"languagePreference": "nl,en-US", "audioPreference": "on"}. Error: launch_refused.
Result<void> check_learner_preferences(std::string_view content_type, std::string_view bytes);

// LMS.LaunchData (cmi5 10.2).
boost::json::object launch_data(const Cmi5Launch& launch);

// Statements of the LMS, without an id: `launched` before the unit begins, `abandoned` when another session
// of the registration begins or somebody says so (`lasted`: since it was launched), `waived` for a reason.
boost::json::object launched_statement(const Cmi5Launch& launch, Instant now);
boost::json::object abandoned_statement(const Cmi5Launch& launch, std::chrono::milliseconds lasted,
                                        Instant now);
boost::json::object waived_statement(const Cmi5Launch& launch, std::string_view reason, Instant now);

// A block or the course, whose units have all moved on (cmi5 9.3.9).
struct Satisfied {
    std::string activity;     // IRI, ours
    std::string publisher_id; // IRI
    boost::json::object title;
    bool is_course = false;
};
boost::json::object satisfied_statement(const Cmi5Launch& launch, const Satisfied& what, Instant now);

} // namespace leerspoor::spec::courses
