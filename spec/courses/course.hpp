// A course as its package describes it, whatever standard it was made for: SCORM 1.2 and 2004, cmi5, or an
// activity of its own that speaks xAPI (tincan.xml).
#pragma once

#include "spec/base/error.hpp"

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::spec::courses {

enum class CourseKind : std::uint8_t { scorm_1_2, scorm_2004, cmi5, xapi };

// "scorm_1_2", "scorm_2004", "cmi5", "xapi".
std::string_view name_of(CourseKind kind);
std::optional<CourseKind> parse_course_kind(std::string_view name);

// What a standard says of the state in which an assignable unit counts as done (cmi5 13.1.4, moveOn).
enum class MoveOn : std::uint8_t {
    not_applicable,
    passed,
    completed,
    completed_and_passed,
    completed_or_passed
};
// "NotApplicable", "Passed", …
std::string_view name_of(MoveOn move_on);
std::optional<MoveOn> parse_move_on(std::string_view name);

// An item of SCORM, a block or an assignable unit (AU) of cmi5, an activity of tincan.xml.
struct CourseNode {
    std::string id;            // as the package has it: an IRI in cmi5 and tincan.xml, unique in the course
    boost::json::object title; // language maps; texts without a language are under "und"
    boost::json::object description;
    std::vector<CourseNode> children;

    // What is started: a path below the package's root with its query and fragment, or an absolute URL.
    // Empty: nothing, the node is there for its children.
    std::string href;
    bool is_sco = false; // of SCORM: it speaks with the run-time; else it is only looked at
    bool is_visible = true;

    // SCORM 1.2 RTE 3.4 and CAM 2.3.2; SCORM 2004 CAM 3.4.
    std::string prerequisites;
    std::string max_time_allowed; // a time interval as the standard writes it
    std::string time_limit_action;
    std::string data_from_lms;           // cmi.launch_data
    std::optional<double> mastery_score; // 0 to 1, of SCORM 1.2 a hundredth of what it says
    std::optional<double> completion_threshold;
    // SCORM 2004 SN: what the item says of its sequencing, as scorm-again takes it for one activity.
    boost::json::object sequencing;

    // cmi5 13.1.4.
    MoveOn move_on = MoveOn::not_applicable;
    bool own_window = false;
    std::string launch_parameters;
    std::string entitlement_key;
    std::string activity_type;           // an IRI
    std::vector<std::string> objectives; // ids of Course::objectives
};

struct CourseObjective {
    std::string id;
    boost::json::object title;
    boost::json::object description;
};

struct Course {
    CourseKind kind = CourseKind::scorm_1_2;
    std::string edition; // "1.2", "2004 4th Edition", "1.0"
    std::string id;      // as the package has it
    boost::json::object title;
    boost::json::object description;
    std::vector<CourseNode> nodes;
    std::vector<CourseObjective> objectives;
    boost::json::object sequencing; // of SCORM 2004: that of the organization
    bool objectives_global_to_system = true;
};

// Every node, parents before their children.
std::vector<const CourseNode*> all_nodes(const Course& course);
// Those that are started, in the order in which a learner meets them.
std::vector<const CourseNode*> launchable_nodes(const Course& course);
// Null: there is none with this id.
const CourseNode* find_node(const Course& course, std::string_view id);
// The nodes above it, outermost first; empty also when it stands at the top.
std::vector<const CourseNode*> ancestors_of(const Course& course, std::string_view id);

// What is kept of a course. from_json() reads what to_json() gave, and nothing else.
boost::json::object to_json(const Course& course);
// Error: course_unreadable.
Result<Course> course_from_json(const boost::json::object& kept);

} // namespace leerspoor::spec::courses
