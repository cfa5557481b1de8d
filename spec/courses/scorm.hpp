// What a SCO told the run-time, as statements of the xAPI SCORM Profile (github adlnet/xAPI-SCORM-Profile).
// Pure functions over the data model of SCORM 1.2 (RTE 3.4) and 2004 (RTE 4).
#pragma once

#include "spec/base/timestamp.hpp"
#include "spec/courses/course.hpp"

#include <boost/json/object.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::spec::courses {

// The elements that were set, by their names: "cmi.core.lesson_status", "cmi.interactions.0.id".
using CmiModel = std::map<std::string, std::string, std::less<>>;

struct ScoAttempt {
    CourseKind kind = CourseKind::scorm_1_2;
    boost::json::object actor;
    std::string registration; // a UUID
    std::string session;      // a UUID, in the context as an extension
    std::string sco;          // IRIs
    std::string course;
    std::string attempt;
    boost::json::object sco_title;
    boost::json::object course_title;
    std::uint64_t revision = 0; // of the model before what is told now: part of the statements' ids
};

// What happened between two commits.
struct ScoStep {
    bool initialized = false; // Initialize() was called
    bool resumed = false;     // and it goes on with the attempt
    bool terminated = false;  // Terminate() was called, or the learner left
    Instant at;
    Instant began; // when it was initialized: the time spent of content that tells none
};

// How a SCO stands.
struct ScoStatus {
    bool completed = false;
    std::optional<bool> success;
    std::optional<double> scaled;

    bool operator==(const ScoStatus&) const = default;
};
ScoStatus status_of(CourseKind kind, const CmiModel& model);

// Statements without `stored`, each with an id that is made of what happened: told again, they are the same.
std::vector<boost::json::object> statements_of(const ScoAttempt& attempt, const ScoStep& step,
                                               const CmiModel& before, const CmiModel& after);

// What the course as a whole became (Profile, "Setting the course status"); nothing where that is as before.
std::vector<boost::json::object> course_statements(const ScoAttempt& attempt, const ScoStatus& before,
                                                   const ScoStatus& after, Instant at);

// Does the next start go on with the attempt, or begin a new one? A SCO that was suspended, or never ended,
// goes on; one of 1.2 also when it is not finished.
bool goes_on(CourseKind kind, const CmiModel& model, bool terminated);
// Was it left so that the content is to be told "resume"?
bool was_suspended(CourseKind kind, const CmiModel& model, bool terminated);

// Of session_time and latency: "0012:34:56.78" in 1.2, ISO 8601 in 2004. Nothing: neither.
std::optional<std::chrono::milliseconds> timespan_of(std::string_view text);
// As total_time is written.
std::string timespan_text(CourseKind kind, std::chrono::milliseconds length);

// A response, or a pattern of correct ones, in the form of xAPI: "a,b" is "a[,]b", "1.a" is "1[.]a" (xAPI
// 1.0.3 Part Two, Appendix C). Of SCORM 2004 as it is.
std::string response_of(CourseKind kind, std::string_view interaction_type, std::string_view response);

// The documents of the profile: of the attempt (State), of the SCO (Activity Profile) and of the learner
// (Agent Profile).
boost::json::object attempt_state(CourseKind kind, const CmiModel& model);
boost::json::object activity_profile(const CourseNode& node);
boost::json::object agent_profile(CourseKind kind, const CmiModel& model, std::string_view learner_id,
                                  std::string_view learner_name);

} // namespace leerspoor::spec::courses
