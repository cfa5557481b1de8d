#include "spec/courses/scorm.hpp"

#include "spec/base/ascii.hpp"
#include "spec/base/duration.hpp"
#include "spec/base/json.hpp"
#include "spec/base/sha2.hpp"
#include "spec/base/uuid.hpp"
#include "spec/interaction.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cmath>
#include <set>

namespace leerspoor::spec::courses {
namespace {

namespace json = boost::json;

constexpr double whole_score = 100;
constexpr std::string_view adl_verbs = "http://adlnet.gov/expapi/verbs/";
constexpr std::string_view adl_types = "http://adlnet.gov/expapi/activities/";

std::string_view value_of(const CmiModel& model, std::string_view name) {
    const auto found = model.find(name);
    return found == model.end() ? std::string_view() : std::string_view(found->second);
}

std::optional<double> read_number(std::string_view text) {
    double number = 0;
    if (text.starts_with('+')) text.remove_prefix(1);
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || problem != std::errc() || end != text.data() + text.size() || !std::isfinite(number))
        return std::nullopt;
    return number;
}

bool is_2004(CourseKind kind) {
    return kind == CourseKind::scorm_2004;
}

// "cmi.core.exit" in 1.2, "cmi.exit" in 2004.
std::string core(CourseKind kind, std::string_view name) {
    return std::string(is_2004(kind) ? "cmi." : "cmi.core.").append(name);
}

// Of a SCO or an objective whose elements begin so: "cmi.core.", "cmi.objectives.0.".
class CmiPart {
  public:
    CmiPart(CourseKind kind, const CmiModel& model, std::string prefix)
        : kind_(kind), model_(model), prefix_(std::move(prefix)) {}

    std::string_view value(std::string_view name) const {
        return value_of(model_, prefix_ + std::string(name));
    }

    bool completed() const {
        if (is_2004(kind_)) return value("completion_status") == "completed";
        const auto status = status_1_2();
        return status == "completed" || status == "passed" || status == "failed";
    }
    std::optional<bool> success() const {
        const auto status = is_2004(kind_) ? value("success_status") : status_1_2();
        if (status == "passed") return true;
        if (status == "failed") return false;
        return std::nullopt;
    }
    // What of the score is right: raw between min and max, scaled from -1 to 1 (xAPI 2.4.5.1).
    json::object score() const {
        auto raw = read_number(value("score.raw"));
        auto min = read_number(value("score.min"));
        auto max = read_number(value("score.max"));
        const bool wrong =
            (min && max && *min >= *max) || (raw && min && *raw < *min) || (raw && max && *raw > *max);
        if (wrong) raw = min = max = std::nullopt;
        auto scaled = read_number(value("score.scaled"));
        if (scaled && (*scaled < -1 || *scaled > 1)) scaled.reset();
        if (!scaled && raw) {
            const double least = min.value_or(0);
            const double most = max.value_or(whole_score);
            const bool known = (min && max) || !is_2004(kind_);
            if (known && least < most && *raw >= least && *raw <= most)
                scaled = (*raw - least) / (most - least);
        }
        json::object made;
        if (scaled) made["scaled"] = *scaled;
        if (raw) made["raw"] = *raw;
        if (raw && min) made["min"] = *min;
        if (raw && max) made["max"] = *max;
        return made;
    }

  private:
    std::string_view status_1_2() const {
        const auto status = value("lesson_status");
        return status.empty() ? value("status") : status;
    }

    CourseKind kind_;
    const CmiModel& model_;
    std::string prefix_;
};

// The numbers N of PREFIX.N.…
std::vector<std::string> indices_of(const CmiModel& model, const std::string& prefix) {
    std::set<std::string> found;
    for (auto at = model.lower_bound(prefix); at != model.end() && at->first.starts_with(prefix); ++at) {
        const auto rest = std::string_view(at->first).substr(prefix.size());
        const auto index = rest.substr(0, rest.find('.'));
        const bool digits = !index.empty() && std::all_of(index.begin(), index.end(),
                                                          [](char c) { return c >= '0' && c <= '9'; });
        if (digits) found.emplace(index);
    }
    std::vector<std::string> indices(found.begin(), found.end());
    std::sort(indices.begin(), indices.end(), [](const std::string& a, const std::string& b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    });
    return indices;
}

std::string as_segment(std::string_view id) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string segment;
    for (const char c : id) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           std::string_view("-._~:").find(c) != std::string_view::npos;
        if (plain) {
            segment += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            segment.append({'%', hex[byte >> 4u], hex[byte & 15u]});
        }
    }
    return segment;
}

json::object activity(std::string_view id, std::string_view type, const json::object& name) {
    json::object definition{{"type", std::string(adl_types).append(type)}};
    if (!name.empty()) definition["name"] = name;
    return {{"id", id}, {"definition", std::move(definition)}};
}

class Teller {
  public:
    Teller(const ScoAttempt& attempt, Instant at) : attempt_(attempt), at_(at) {}

    void tell(std::string_view verb, json::object object, json::object result, bool is_part) {
        json::array grouping;
        grouping.push_back(activity(attempt_.course, "course", attempt_.course_title));
        grouping.push_back(activity(attempt_.attempt, "attempt", {}));
        json::object activities{{"grouping", std::move(grouping)}, {"category", profile()}};
        if (is_part) {
            json::array parent;
            parent.push_back(activity(attempt_.sco, "lesson", attempt_.sco_title));
            activities["parent"] = std::move(parent);
        }
        tell(verb, std::move(object), std::move(result), std::move(activities));
    }
    void tell(std::string_view verb, json::object object, json::object result, json::object activities) {
        json::object statement{
            {"actor", attempt_.actor},
            {"verb", {{"id", std::string(adl_verbs).append(verb)}, {"display", {{"en", verb}}}}},
            {"object", std::move(object)}};
        if (!result.empty()) statement["result"] = std::move(result);
        statement["context"] = json::object{
            {"registration", attempt_.registration},
            {"contextActivities", std::move(activities)},
            {"extensions", {{"https://w3id.org/xapi/cmi5/context/extensions/sessionid", attempt_.session}}}};
        const auto digest = sha256(attempt_.attempt + "\n" + std::to_string(attempt_.revision) + "\n" +
                                   json::serialize(statement));
        std::array<std::uint8_t, 16> bytes{};
        std::copy_n(digest.begin(), bytes.size(), bytes.begin());
        statement["id"] = to_string(uuid_from_random(bytes));
        statement["timestamp"] = format_timestamp(at_);
        told_.push_back(std::move(statement));
    }
    json::object sco() const { return activity(attempt_.sco, "lesson", attempt_.sco_title); }
    static json::array profile() {
        json::array category;
        category.push_back(activity("https://w3id.org/xapi/scorm", "profile", {}));
        return category;
    }
    std::vector<json::object> take() { return std::move(told_); }

  private:
    const ScoAttempt& attempt_;
    Instant at_;
    std::vector<json::object> told_;
};

json::object with_score(json::object result, const json::object& score) {
    if (!score.empty()) result["score"] = score;
    return result;
}

// What became of a SCO or an objective.
void tell_status(Teller& teller, const json::object& object, bool is_part, const CmiPart& before,
                 const CmiPart& after) {
    const auto score = after.score();
    bool told_score = false;
    if (after.completed() && !before.completed() && !after.success().has_value())
        teller.tell("completed", object, {{"completion", true}}, is_part);
    if (after.completed() && !before.completed() && after.success().has_value() &&
        !after.value("completion_status").empty())
        teller.tell("completed", object, {{"completion", true}}, is_part);
    if (after.success() && after.success() != before.success()) {
        json::object result{{"success", *after.success()}};
        if (after.completed()) result["completion"] = true;
        told_score = !score.empty();
        teller.tell(*after.success() ? "passed" : "failed", object, with_score(std::move(result), score),
                    is_part);
    }
    if (!told_score && !score.empty() && score != before.score())
        teller.tell("scored", object, {{"score", score}}, is_part);
    const auto progress = read_number(after.value("progress_measure"));
    if (progress && *progress >= 0 && *progress <= 1 &&
        after.value("progress_measure") != before.value("progress_measure"))
        teller.tell("progressed", object, {{"score", {{"scaled", *progress}}}}, is_part);
}

void tell_objectives(Teller& teller, const ScoAttempt& attempt, const CmiModel& before,
                     const CmiModel& after) {
    for (const auto& index : indices_of(after, "cmi.objectives.")) {
        const auto prefix = "cmi.objectives." + index + ".";
        const auto id = value_of(after, prefix + "id");
        if (id.empty()) continue;
        const auto object =
            activity(attempt.sco + "/objectives/" + as_segment(id), "objective", {{"und", id}});
        tell_status(teller, object, true, CmiPart(attempt.kind, before, prefix),
                    CmiPart(attempt.kind, after, prefix));
    }
}

// Elements of an interaction that make a statement of it, when one of them is new.
constexpr std::array answer_names{"learner_response", "student_response", "result", "latency"};

json::object definition_of(CourseKind kind, const CmiModel& model, const std::string& prefix) {
    json::object definition{{"type", std::string(adl_types) + "cmi.interaction"}};
    const auto description = value_of(model, prefix + "description");
    const auto name = description.empty() ? value_of(model, prefix + "id") : description;
    definition["name"] = json::object{{"und", name}};
    if (!description.empty()) definition["description"] = json::object{{"und", description}};
    const auto type = value_of(model, prefix + "type");
    const auto interaction = parse_interaction(type);
    definition["interactionType"] = interaction ? type : std::string_view("other");
    json::array patterns;
    for (const auto& index : indices_of(model, prefix + "correct_responses.")) {
        const auto given = value_of(model, prefix + "correct_responses." + index + ".pattern");
        const auto pattern = response_of(kind, type, given);
        if (!given.empty() && is_response_pattern(interaction.value_or(Interaction::other), pattern))
            patterns.push_back(json::string(pattern));
    }
    if (!patterns.empty()) definition["correctResponsesPattern"] = std::move(patterns);
    return definition;
}

json::object answer_of(CourseKind kind, const CmiModel& model, const std::string& prefix) {
    json::object result;
    const auto type = value_of(model, prefix + "type");
    const auto response = value_of(model, prefix + (is_2004(kind) ? "learner_response" : "student_response"));
    if (!response.empty()) result["response"] = response_of(kind, type, response);
    const auto outcome = value_of(model, prefix + "result");
    if (outcome == "correct") result["success"] = true;
    if (outcome == "incorrect" || outcome == "wrong") result["success"] = false;
    if (const auto number = read_number(outcome)) result["score"] = json::object{{"raw", *number}};
    if (const auto latency = timespan_of(value_of(model, prefix + "latency")))
        result["duration"] = format_duration(*latency);
    return result;
}

void tell_interactions(Teller& teller, const ScoAttempt& attempt, const CmiModel& before,
                       const CmiModel& after) {
    for (const auto& index : indices_of(after, "cmi.interactions.")) {
        const auto prefix = "cmi.interactions." + index + ".";
        const auto id = value_of(after, prefix + "id");
        const bool is_new = std::any_of(answer_names.begin(), answer_names.end(), [&](const char* name) {
            return value_of(after, prefix + name) != value_of(before, prefix + name);
        });
        auto result = answer_of(attempt.kind, after, prefix);
        if (id.empty() || !is_new || result.empty()) continue;
        json::object object{{"id", attempt.sco + "/interactions/" + as_segment(id)},
                            {"definition", definition_of(attempt.kind, after, prefix)}};
        teller.tell("responded", std::move(object), std::move(result), true);
    }
}

void tell_comments(Teller& teller, const ScoAttempt& attempt, const CmiModel& before, const CmiModel& after) {
    if (!is_2004(attempt.kind)) {
        const auto all = value_of(after, "cmi.comments");
        const auto known = value_of(before, "cmi.comments");
        if (all == known || all.empty()) return;
        const auto fresh = all.starts_with(known) ? all.substr(known.size()) : all;
        teller.tell("commented", teller.sco(), {{"response", fresh}}, false);
        return;
    }
    for (const auto& index : indices_of(after, "cmi.comments_from_learner.")) {
        const auto name = "cmi.comments_from_learner." + index + ".comment";
        const auto comment = value_of(after, name);
        if (!comment.empty() && comment != value_of(before, name))
            teller.tell("commented", teller.sco(), {{"response", comment}}, false);
    }
}

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> parts;
    while (true) {
        const auto end = std::min(text.find(at), text.size());
        parts.push_back(text.substr(0, end));
        if (end == text.size()) return parts;
        text.remove_prefix(end + 1);
    }
}

std::string joined(const std::vector<std::string_view>& parts, std::string_view between) {
    std::string text;
    for (const auto& part : parts) {
        if (&part != &parts.front()) text += between;
        text += part;
    }
    return text;
}

} // namespace

ScoStatus status_of(CourseKind kind, const CmiModel& model) {
    const CmiPart sco(kind, model, core(kind, ""));
    ScoStatus status{sco.completed(), sco.success(), std::nullopt};
    const auto score = sco.score();
    if (const auto* scaled = score.if_contains("scaled")) status.scaled = scaled->to_number<double>();
    return status;
}

std::vector<json::object> statements_of(const ScoAttempt& attempt, const ScoStep& step,
                                        const CmiModel& before, const CmiModel& after) {
    Teller teller(attempt, step.at);
    const auto prefix = core(attempt.kind, "");
    const CmiPart was(attempt.kind, before, prefix);
    const CmiPart is(attempt.kind, after, prefix);
    if (step.initialized) teller.tell(step.resumed ? "resumed" : "initialized", teller.sco(), {}, false);
    tell_interactions(teller, attempt, before, after);
    tell_objectives(teller, attempt, before, after);
    tell_comments(teller, attempt, before, after);
    tell_status(teller, teller.sco(), false, was, is);
    if (!step.terminated) return teller.take();
    json::object result;
    if (const auto success = is.success()) result["success"] = *success;
    result["completion"] = is.completed();
    const auto lasted = std::chrono::duration_cast<std::chrono::milliseconds>(step.at - step.began);
    const auto told = timespan_of(is.value("session_time")).value_or(std::chrono::milliseconds::zero());
    result["duration"] = format_duration(told.count() > 0 ? told : std::max(told, lasted));
    const bool suspended = was_suspended(attempt.kind, after, true);
    teller.tell(suspended ? "suspended" : "terminated", teller.sco(),
                with_score(std::move(result), is.score()), false);
    return teller.take();
}

std::vector<json::object> course_statements(const ScoAttempt& attempt, const ScoStatus& before,
                                            const ScoStatus& after, Instant at) {
    Teller teller(attempt, at);
    const auto object = activity(attempt.course, "course", attempt.course_title);
    const auto tell = [&](std::string_view verb, json::object result) {
        if (after.scaled) result["score"] = json::object{{"scaled", *after.scaled}};
        teller.tell(verb, object, std::move(result), json::object{{"category", Teller::profile()}});
    };
    if (after.completed && !before.completed) {
        json::object result{{"completion", true}};
        if (after.success) result["success"] = *after.success;
        tell("completed", std::move(result));
    }
    if (after.success && after.success != before.success)
        tell(*after.success ? "passed" : "failed", {{"success", *after.success}});
    return teller.take();
}

bool was_suspended(CourseKind kind, const CmiModel& model, bool terminated) {
    const auto exit = value_of(model, core(kind, "exit"));
    return !terminated || exit == "suspend" || exit == "logout";
}

bool goes_on(CourseKind kind, const CmiModel& model, bool terminated) {
    if (was_suspended(kind, model, terminated)) return true;
    return !is_2004(kind) && !CmiPart(kind, model, core(kind, "")).completed();
}

std::optional<std::chrono::milliseconds> timespan_of(std::string_view text) {
    constexpr double thousand = 1000;
    constexpr double sixty = 60;
    constexpr double longest = 3600.0 * 24 * 366 * 100;
    double seconds = 0;
    if (text.starts_with('P')) {
        const auto duration = parse_duration(text);
        if (!duration || duration->months != 0) return std::nullopt;
        seconds = duration->seconds;
    } else {
        const auto parts = split(text, ':');
        if (parts.size() != 3) return std::nullopt;
        for (const auto& part : parts) {
            const auto number = read_number(part);
            if (!number || *number < 0) return std::nullopt;
            seconds = seconds * sixty + *number;
        }
    }
    if (seconds < 0 || seconds > longest) return std::nullopt;
    return std::chrono::milliseconds(static_cast<std::int64_t>(std::llround(seconds * thousand)));
}

std::string timespan_text(CourseKind kind, std::chrono::milliseconds length) {
    if (is_2004(kind)) return format_duration(length);
    const auto hundredths = length.count() / 10;
    const auto two = [](std::int64_t number) { return std::to_string(100 + number).substr(1); };
    const auto hours = std::to_string(hundredths / 360'000);
    return std::string(hours.size() < 4 ? 4 - hours.size() : 0, '0') + hours + ":" +
           two(hundredths / 6000 % 60) + ":" + two(hundredths / 100 % 60) + "." + two(hundredths % 100);
}

std::string response_of(CourseKind kind, std::string_view type, std::string_view response) {
    if (is_2004(kind)) return std::string(response);
    if (type == "true-false") {
        const auto first = lower_case(response.substr(0, 1));
        return first == "t" || first == "1" ? "true" : "false";
    }
    if (response.starts_with('{') && response.ends_with('}') && response.size() > 1)
        response = response.substr(1, response.size() - 2);
    if (type == "choice" || type == "sequencing") return joined(split(response, ','), "[,]");
    if (type == "matching" || type == "performance") {
        std::string text;
        std::size_t number = 0;
        for (const auto pair : split(response, ',')) {
            if (++number > 1) text += "[,]";
            const auto dot = pair.find('.');
            text += dot == std::string_view::npos ? std::to_string(number) : std::string(pair.substr(0, dot));
            text.append("[.]").append(dot == std::string_view::npos ? pair : pair.substr(dot + 1));
        }
        return text;
    }
    return std::string(response);
}

namespace {

json::object preferences_of(CourseKind kind, const CmiModel& model) {
    json::object made;
    const bool old = !is_2004(kind);
    const std::string prefix = old ? "cmi.student_preference." : "cmi.learner_preference.";
    constexpr std::array<std::array<std::string_view, 3>, 3> numbers{
        {{"audio_level", "audio", "audio_level"},
         {"delivery_speed", "speed", "delivery_speed"},
         {"audio_captioning", "text", "audio_captioning"}}};
    for (const auto& [name, in_1_2, in_2004] : numbers)
        if (const auto number = read_number(value_of(model, prefix + std::string(old ? in_1_2 : in_2004))))
            made[name] = *number;
    const auto language = value_of(model, prefix + "language");
    if (!language.empty()) made["language"] = language;
    return made;
}

} // namespace

json::object attempt_state(CourseKind kind, const CmiModel& model) {
    json::object state;
    const auto text = [&](std::string_view name, std::string_view element) {
        const auto value = value_of(model, element);
        if (!value.empty()) state[name] = value;
    };
    text("credit", core(kind, "credit"));
    text("mode", core(kind, is_2004(kind) ? "mode" : "lesson_mode"));
    text("location", core(kind, is_2004(kind) ? "location" : "lesson_location"));
    if (const auto total = timespan_of(value_of(model, core(kind, "total_time"))))
        state["total_time"] = format_duration(*total);
    auto preferences = preferences_of(kind, model);
    if (!preferences.empty()) state["preferences"] = std::move(preferences);
    return state;
}

json::object activity_profile(const CourseNode& node) {
    json::object profile;
    if (node.completion_threshold) profile["completion_threshold"] = *node.completion_threshold;
    if (!node.data_from_lms.empty()) profile["launch_data"] = node.data_from_lms;
    if (const auto most = timespan_of(node.max_time_allowed))
        profile["max_time_allowed"] = std::chrono::duration<double>(*most).count();
    if (node.mastery_score) profile["scaled_passing_score"] = *node.mastery_score;
    if (!node.time_limit_action.empty()) profile["time_limit_action"] = node.time_limit_action;
    return profile;
}

json::object agent_profile(CourseKind kind, const CmiModel& model, std::string_view learner_id,
                           std::string_view learner_name) {
    json::object profile{{"learner_id", learner_id}, {"learner_name", learner_name}};
    auto preferences = preferences_of(kind, model);
    if (!preferences.empty()) profile["preferences"] = std::move(preferences);
    return profile;
}

} // namespace leerspoor::spec::courses
