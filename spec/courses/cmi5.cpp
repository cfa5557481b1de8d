#include "spec/courses/cmi5.hpp"

#include "spec/agent.hpp"
#include "spec/base/ascii.hpp"
#include "spec/base/duration.hpp"
#include "spec/base/json.hpp"
#include "spec/iri.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <cmath>

namespace leerspoor::spec::courses {
namespace {

namespace json = boost::json;

constexpr std::string_view adl = "http://adlnet.gov/expapi/verbs/";
constexpr std::string_view w3id = "https://w3id.org/xapi/adl/verbs/";
constexpr std::string_view cmi5_category = "https://w3id.org/xapi/cmi5/context/categories/cmi5";
constexpr std::string_view move_on_category = "https://w3id.org/xapi/cmi5/context/categories/moveon";
constexpr std::string_view context_extension = "https://w3id.org/xapi/cmi5/context/extensions/";
constexpr std::string_view result_extension = "https://w3id.org/xapi/cmi5/result/extensions/";
constexpr std::string_view voiding = "http://adlnet.gov/expapi/verbs/voided";
constexpr std::array<std::string_view, 3> mode_names{"Normal", "Browse", "Review"};

std::string extension(std::string_view name) {
    return std::string(context_extension).append(name);
}

const json::value* member(const json::object* object, std::string_view name) {
    return object ? object->if_contains(name) : nullptr;
}
const json::object* object_member(const json::object* object, std::string_view name) {
    const auto* value = member(object, name);
    return value ? value->if_object() : nullptr;
}
std::string_view text_member(const json::object* object, std::string_view name) {
    const auto* value = member(object, name);
    const auto* text = value ? value->if_string() : nullptr;
    return text ? std::string_view(*text) : std::string_view();
}

std::string_view verb_of(const json::object& statement) {
    return text_member(object_member(&statement, "verb"), "id");
}
std::string_view object_of(const json::object& statement) {
    return text_member(object_member(&statement, "object"), "id");
}
std::string_view session_of(const json::object& statement) {
    const auto* context = object_member(&statement, "context");
    return text_member(object_member(context, "extensions"), extension("sessionid"));
}

// Activities of contextActivities: an array, or one alone.
bool names_activity(const json::object& statement, std::string_view relation, std::string_view id) {
    const auto* activities = object_member(object_member(&statement, "context"), "contextActivities");
    const auto* value = member(activities, relation);
    if (!value) return false;
    if (const auto* one = value->if_object()) return text_member(one, "id") == id;
    const auto* many = value->if_array();
    return many && std::any_of(many->begin(), many->end(), [&](const json::value& activity) {
               return text_member(activity.if_object(), "id") == id;
           });
}

// "http://adlnet.gov/expapi/verbs/passed" is "passed".
std::string_view name_of_verb(std::string_view iri) {
    for (const auto prefix : {adl, w3id})
        if (iri.starts_with(prefix)) return iri.substr(prefix.size());
    return "";
}

Instant timestamp_of(const json::object& statement) {
    const auto parsed = parse_timestamp(text_member(&statement, "timestamp"), Version::v2_0_0);
    return parsed ? *parsed : Instant();
}

Error refused(std::string_view pointer, std::string sentence) {
    return {"launch_refused", std::string(pointer), std::move(sentence)};
}

// The rules for cmi5 defined statements of one unit.
class Check {
  public:
    Check(const json::object& statement, const Cmi5Launch& launch, const SessionRecord& session,
          const UnitRecord& unit)
        : statement_(statement), launch_(launch), session_(session), unit_(unit),
          verb_(name_of_verb(verb_of(statement))), result_(object_member(&statement, "result")) {}

    Result<void> run() const {
        if (auto r = order(); !r) return r;
        if (object_of(statement_) != launch_.activity)
            return refused("/object/id", "The object of a cmi5 defined statement is the activity that the "
                                         "launch named (cmi5 9.4).");
        if (auto r = outcome(); !r) return r;
        if (auto r = score(); !r) return r;
        return mastery();
    }

  private:
    bool is(std::string_view verb) const { return verb_ == verb; }
    bool is_judged() const { return is("passed") || is("failed"); }

    Result<void> order() const {
        const bool known = is("initialized") || is("completed") || is_judged() || is("terminated");
        if (!known)
            return refused("/verb/id", "A unit has the cmi5 defined verbs initialized, completed, passed, "
                                       "failed and terminated (cmi5 9.3).");
        if (is("initialized") && session_.initialized)
            return refused("/verb/id", "The session is initialized already (cmi5 9.3.2).");
        if (launch_.mode != LaunchMode::normal && !is("initialized") && !is("terminated"))
            return refused("/verb/id",
                           "In the launch mode " + std::string(name_of(launch_.mode)) +
                               " nothing is recorded but initialized and terminated (cmi5 10.2.2).");
        if (is("completed") && (session_.completed || unit_.completed))
            return refused("/verb/id", "The unit is completed already in this registration (cmi5 9.3.3).");
        if (is_judged() && session_.judged)
            return refused("/verb/id", "A session has one of passed and failed, once (cmi5 9.3).");
        if (is_judged() && unit_.passed)
            return refused("/verb/id", "The unit is passed already in this registration (cmi5 9.3).");
        return {};
    }

    // success, completion and duration (cmi5 9.5.2 to 9.5.4), and the category that goes with them.
    Result<void> outcome() const {
        const auto* success = member(result_, "success");
        const auto* completion = member(result_, "completion");
        if (is_judged() ? !success || *success != json::value(is("passed")) : success != nullptr)
            return refused("/result/success", "success is true in passed, false in failed, and in no other "
                                              "cmi5 defined statement of a unit (cmi5 9.5.2).");
        if (is("completed") ? !completion || *completion != json::value(true) : completion != nullptr)
            return refused("/result/completion", "completion is true in completed, and in no other cmi5 "
                                                 "defined statement of a unit (cmi5 9.5.3).");
        if (!is("initialized") && !member(result_, "duration"))
            return refused("/result", "This statement needs a duration (cmi5 9.5.4.1).");
        const bool decides = success || completion;
        if (names_activity(statement_, "category", move_on_category) != decides)
            return refused("/context/contextActivities/category",
                           "The moveon category goes with success or completion, and with nothing else (cmi5 "
                           "9.6.2.2).");
        if (const auto* progress =
                member(object_member(result_, "extensions"), std::string(result_extension) + "progress")) {
            const auto number = number_of(*progress);
            constexpr double hundred = 100;
            if (!number || *number < 0 || *number > hundred || *number != std::floor(*number))
                return refused("/result/extensions",
                               "progress is a whole number from 0 to 100 (cmi5 9.5.5.1).");
        }
        return {};
    }

    Result<void> score() const {
        const auto* score = object_member(result_, "score");
        if (!score) return {};
        if (!is_judged())
            return refused("/result/score", "A score goes with passed and failed only (cmi5 9.5.1).");
        if (const auto scaled = number("scaled"); scaled && (*scaled < 0 || *scaled > 1))
            return refused("/result/score/scaled", "A scaled score is from 0 to 1 (cmi5 9.5.1).");
        if (number("raw") && (!number("min") || !number("max")))
            return refused("/result/score", "A raw score needs min and max (cmi5 9.5.1).");
        return {};
    }
    std::optional<double> number(std::string_view name) const {
        const auto* value = member(object_member(result_, "score"), name);
        return value ? number_of(*value) : std::nullopt;
    }

    Result<void> mastery() const {
        const auto scaled = number("scaled");
        if (!is_judged() || !launch_.mastery_score || !scaled) return {};
        if (is("passed") != (*scaled >= *launch_.mastery_score))
            return refused("/result/score/scaled",
                           "passed needs a score of at least the masteryScore, failed "
                           "one below it (cmi5 9.3.4, 9.3.5).");
        const auto* said = member(object_member(object_member(&statement_, "context"), "extensions"),
                                  extension("masteryscore"));
        if (!said || number_of(*said) != launch_.mastery_score)
            return refused("/context/extensions",
                           "What is judged by the masteryScore names it as it was given "
                           "(cmi5 9.6.3.2).");
        return {};
    }

    const json::object& statement_;
    const Cmi5Launch& launch_;
    const SessionRecord& session_;
    const UnitRecord& unit_;
    std::string_view verb_;
    const json::object* result_;
};

Result<void> check_sender(const json::object& statement, Given given, const Cmi5Launch& launch) {
    if (!given.id) return refused("/id", "A unit gives each statement an id (cmi5 9.1).");
    const auto timestamp = text_member(&statement, "timestamp");
    if (!given.timestamp) return refused("/timestamp", "A unit gives each statement a timestamp (cmi5 9.7).");
    if (!timestamp.ends_with('Z') && !timestamp.ends_with('z') && !timestamp.ends_with("+00:00"))
        return refused("/timestamp", "Timestamps are in UTC (cmi5 9.7).");
    const auto* actor = object_member(&statement, "actor");
    if (!actor || text_member(actor, "objectType") == "Group" || identity(*actor) != identity(launch.actor))
        return refused("/actor", "The actor is the one that the launch named (cmi5 9.2).");
    if (verb_of(statement) == voiding)
        return refused("/verb/id", "What was launched cannot void statements (cmi5 6.3).");
    return {};
}

Result<void> check_context(const json::object& statement, const Cmi5Launch& launch) {
    const auto* context = object_member(&statement, "context");
    if (!context) return refused("/context", "The context of the launch is missing (cmi5 9.6).");
    if (!equal_but_for_case(text_member(context, "registration"), launch.registration))
        return refused("/context/registration",
                       "The registration is the one that the launch named (cmi5 9.6.1).");
    if (session_of(statement) != launch.session)
        return refused("/context/extensions", "The session ID is the one of LMS.LaunchData (cmi5 9.6.3.1).");
    if (!names_activity(statement, "grouping", launch.publisher_id))
        return refused("/context/contextActivities/grouping",
                       "The publisher's ID of the contextTemplate is missing (cmi5 9.6.2.3).");
    return {};
}

json::object context_template(const Cmi5Launch& launch) {
    json::array grouping;
    grouping.push_back(json::object{{"id", launch.publisher_id}});
    if (!launch.course_activity.empty())
        grouping.push_back(json::object{
            {"id", launch.course_activity},
            {"definition",
             {{"type", "https://w3id.org/xapi/cmi5/activitytype/course"}, {"name", launch.course_title}}}});
    return {{"contextActivities", {{"grouping", std::move(grouping)}}},
            {"extensions", {{extension("sessionid"), launch.session}}}};
}

json::object statement_of(const Cmi5Launch& launch, std::string_view verb, Instant now, bool decides) {
    auto context = context_template(launch);
    context["registration"] = launch.registration;
    json::array category;
    category.push_back(json::object{{"id", cmi5_category}});
    if (decides) category.push_back(json::object{{"id", move_on_category}});
    context["contextActivities"].as_object()["category"] = std::move(category);
    return {
        {"actor", launch.actor},
        {"verb", {{"id", verb}, {"display", {{"en", name_of_verb(verb)}}}}},
        {"object",
         {{"id", launch.activity},
          {"definition", {{"name", launch.title}, {"type", "http://adlnet.gov/expapi/activities/lesson"}}}}},
        {"context", std::move(context)},
        {"timestamp", format_timestamp(now)}};
}

} // namespace

std::string_view name_of(LaunchMode mode) {
    return mode_names[static_cast<std::size_t>(mode)];
}
std::optional<LaunchMode> parse_launch_mode(std::string_view name) {
    for (std::size_t i = 0; i < mode_names.size(); ++i)
        if (equal_but_for_case(name, mode_names[i])) return static_cast<LaunchMode>(i);
    return std::nullopt;
}

void RegistrationRecord::take(const json::object& statement) {
    const auto id = session_of(statement);
    const auto when = timestamp_of(statement);
    const auto known = sessions_.find(id);
    if (known != sessions_.end()) known->second.last = std::max(known->second.last, when);
    if (!names_activity(statement, "category", cmi5_category)) return;
    const auto verb = name_of_verb(verb_of(statement));
    const std::string object(object_of(statement));
    if (verb == "satisfied") {
        satisfied_.insert(object);
        return;
    }
    auto& unit = units_[object];
    if (verb == "completed") unit.completed = true;
    if (verb == "passed") unit.passed = true;
    if (verb == "failed") unit.failed = true;
    if (verb == "waived") {
        unit.waived = true;
        return;
    }
    if (id.empty()) return;
    auto& session = sessions_[std::string(id)];
    if (verb == "launched") session = {.activity = object, .launched = when, .last = when};
    if (verb == "initialized") session.initialized = true;
    if (verb == "completed") session.completed = true;
    if (verb == "passed" || verb == "failed") session.judged = true;
    if (verb == "terminated") session.terminated = true;
    if (verb == "abandoned") session.abandoned = true;
}

UnitRecord RegistrationRecord::unit(std::string_view activity) const {
    const auto found = units_.find(activity);
    return found == units_.end() ? UnitRecord() : found->second;
}

std::optional<SessionRecord> RegistrationRecord::session(std::string_view id) const {
    const auto found = sessions_.find(id);
    return found == sessions_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> RegistrationRecord::open_sessions() const {
    std::vector<std::string> open;
    for (const auto& [id, session] : sessions_)
        if (!session.ended()) open.push_back(id);
    return open;
}

Result<void> check_cmi5_statement(const json::object& statement, Given given, const Cmi5Launch& launch,
                                  const RegistrationRecord& record) {
    const auto session = record.session(launch.session);
    if (!session || session->ended())
        return refused("", "The session has ended: nothing more is recorded in it (cmi5 9.3.6, 9.3.8).");
    if (auto r = check_sender(statement, given, launch); !r) return r;
    if (auto r = check_context(statement, launch); !r) return r;
    const bool defined = names_activity(statement, "category", cmi5_category);
    const bool begins = defined && name_of_verb(verb_of(statement)) == "initialized";
    if (!session->initialized && !begins)
        return refused("/verb/id", "The first statement of a session is initialized (cmi5 7.1.1).");
    if (defined) return Check(statement, launch, *session, record.unit(launch.activity)).run();
    if (names_activity(statement, "category", move_on_category))
        return refused("/context/contextActivities/category",
                       "The moveon category goes with cmi5 defined statements only (cmi5 9.6.2.2).");
    return {};
}

Result<void> check_xapi_statement(const json::object& statement, const Cmi5Launch& launch) {
    const auto* actor = object_member(&statement, "actor");
    if (!actor || identity(*actor) != identity(launch.actor))
        return refused("/actor", "The actor is the one that the launch named.");
    if (verb_of(statement) == voiding)
        return refused("/verb/id", "What was launched cannot void statements.");
    const auto registration = text_member(object_member(&statement, "context"), "registration");
    if (!registration.empty() && !equal_but_for_case(registration, launch.registration))
        return refused("/context/registration", "The registration is the one that the launch named.");
    return {};
}

bool has_moved_on(MoveOn move_on, const UnitRecord& unit) {
    if (unit.waived) return true;
    switch (move_on) {
    case MoveOn::not_applicable:
        return true;
    case MoveOn::passed:
        return unit.passed;
    case MoveOn::completed:
        return unit.completed;
    case MoveOn::completed_and_passed:
        return unit.completed && unit.passed;
    case MoveOn::completed_or_passed:
        return unit.completed || unit.passed;
    }
    return false;
}

Result<void> check_learner_preferences(std::string_view content_type, std::string_view bytes) {
    const auto wrong = [](std::string sentence) {
        return refused("", "cmi5LearnerPreferences " + std::move(sentence) + " (cmi5 11).");
    };
    if (!equal_but_for_case(content_type.substr(0, content_type.find(';')), "application/json"))
        return wrong("is application/json");
    const auto parsed = parse_json(bytes);
    const auto* preferences = parsed ? parsed->if_object() : nullptr;
    if (!preferences) return wrong("is a JSON object");
    const auto audio = text_member(preferences, "audioPreference");
    if (audio != "on" && audio != "off") return wrong("has an audioPreference, on or off");
    auto languages = text_member(preferences, "languagePreference");
    if (languages.empty()) return wrong("has a languagePreference, language tags with commas between them");
    while (!languages.empty()) {
        const auto tag = languages.substr(0, languages.find(','));
        languages.remove_prefix(std::min(languages.size(), tag.size() + 1));
        if (!is_language_tag(tag)) return wrong("has a languagePreference of language tags");
    }
    return {};
}

json::object launch_data(const Cmi5Launch& launch) {
    json::object data{{"contextTemplate", context_template(launch)},
                      {"launchMode", name_of(launch.mode)},
                      {"moveOn", name_of(launch.move_on)}};
    if (!launch.launch_parameters.empty()) data["launchParameters"] = launch.launch_parameters;
    if (launch.mastery_score) data["masteryScore"] = *launch.mastery_score;
    if (!launch.return_url.empty()) data["returnURL"] = launch.return_url;
    if (!launch.entitlement_key.empty())
        data["entitlementKey"] = json::object{{"courseStructure", launch.entitlement_key}};
    return data;
}

json::object launched_statement(const Cmi5Launch& launch, Instant now) {
    auto statement = statement_of(launch, std::string(adl) + "launched", now, false);
    auto& extensions = statement["context"].as_object()["extensions"].as_object();
    extensions[extension("launchmode")] = name_of(launch.mode);
    extensions[extension("launchurl")] = launch.url;
    extensions[extension("moveon")] = name_of(launch.move_on);
    if (!launch.launch_parameters.empty())
        extensions[extension("launchparameters")] = launch.launch_parameters;
    if (launch.mastery_score) extensions[extension("masteryscore")] = *launch.mastery_score;
    return statement;
}

json::object abandoned_statement(const Cmi5Launch& launch, std::chrono::milliseconds lasted, Instant now) {
    auto statement = statement_of(launch, std::string(w3id) + "abandoned", now, false);
    statement["result"] = json::object{{"duration", format_duration(lasted)}};
    return statement;
}

json::object waived_statement(const Cmi5Launch& launch, std::string_view reason, Instant now) {
    auto statement = statement_of(launch, std::string(w3id) + "waived", now, true);
    statement["result"] = json::object{{"success", true},
                                       {"completion", true},
                                       {"extensions", {{std::string(result_extension) + "reason", reason}}}};
    return statement;
}

json::object satisfied_statement(const Cmi5Launch& launch, const Satisfied& what, Instant now) {
    auto of = launch;
    of.activity = what.activity;
    of.publisher_id = what.publisher_id;
    auto statement = statement_of(of, std::string(w3id) + "satisfied", now, false);
    const auto* type = what.is_course ? "https://w3id.org/xapi/cmi5/activitytype/course"
                                      : "https://w3id.org/xapi/cmi5/activitytype/block";
    statement["object"] =
        json::object{{"id", what.activity}, {"definition", {{"type", type}, {"name", what.title}}}};
    return statement;
}

} // namespace leerspoor::spec::courses
