#include "server/courses/scorm.hpp"

#include "server/courses/kept.hpp"

#include "server/courses/origins.hpp"
#include "spec/agent.hpp"
#include "spec/base/json.hpp"
#include "spec/courses/package_files.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace leerspoor::server::courses {
namespace {

namespace json = boost::json;
using spec::courses::CmiModel;
using spec::courses::CourseKind;
using spec::courses::CourseNode;
using spec::courses::ScoAttempt;
using spec::courses::ScoStatus;
using storage::DocumentKind;

constexpr std::string_view activity_state_id = "https://w3id.org/xapi/scorm/activity-state";
constexpr std::string_view attempt_state_id = "https://w3id.org/xapi/scorm/attempt-state";
constexpr std::string_view activity_profile_id = "https://w3id.org/xapi/scorm/activity-profile";
constexpr std::string_view agent_profile_id = "https://w3id.org/xapi/scorm/agent-profile";
constexpr std::string_view run_id = "leerspoor.run";
constexpr std::string_view ours = "leerspoor"; // the member of the attempt's state that the profile has not
constexpr std::size_t most_elements = 20'000;
constexpr std::size_t most_bytes = 4u << 20;
constexpr std::size_t longest_name = 200;

Error wrong_commit(std::string_view member, std::string sentence) {
    return {"commit_invalid", "/" + std::string(member), std::move(sentence)};
}

json::object content_of(const std::optional<storage::Document>& document) {
    auto kept = document ? parse_kept(document->bytes) : std::nullopt;
    return kept ? std::move(*kept) : json::object();
}

json::object as_json(const CmiModel& model) {
    json::object object;
    for (const auto& [name, value] : model) object[name] = value;
    return object;
}
CmiModel model_of(const json::object& object) {
    CmiModel model;
    for (const auto& [name, value] : object)
        if (value.is_string()) model.emplace(name, value.get_string());
    return model;
}

json::object as_json(const ScoStatus& status) {
    json::object object{{"completed", status.completed}};
    if (status.success) object["success"] = *status.success;
    if (status.scaled) object["scaled"] = *status.scaled;
    return object;
}
ScoStatus status_in(const json::object& object) {
    ScoStatus status;
    status.completed = flag_in(object, "completed");
    const auto* success = object.if_contains("success");
    if (success && success->is_bool()) status.success = success->get_bool();
    const auto* scaled = object.if_contains("scaled");
    const auto number = scaled ? spec::number_of(*scaled) : std::nullopt;
    if (number && *number >= -1 && *number <= 1) status.scaled = number;
    return status;
}

bool is_element(std::string_view name) {
    return (name.starts_with("cmi.") || name.starts_with("adl.")) && name.size() <= longest_name &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '_' || c == '-';
           });
}

std::string element(CourseKind kind, std::string_view name) {
    return std::string(kind == CourseKind::scorm_2004 ? "cmi." : "cmi.core.").append(name);
}

std::string_view learner_name(const json::object& learner) {
    const auto* name = learner.if_contains("name");
    return name && name->is_string() ? std::string_view(name->get_string()) : std::string_view();
}
std::string learner_id(const json::object& learner) {
    if (const auto* account = learner.if_contains("account"))
        return std::string(account->as_object().at("name").as_string());
    return spec::identity(learner);
}

} // namespace

// The course of one registration: which SCOs stand how, and where the engine of the browser is.
struct Scorm::Run {
    std::string session; // that commits
    spec::Instant last;  // when it did
    std::string sequencing;
    std::string current; // the SCO that was started last
    json::object scos;   // by id: {"attempt": N, "ended": true, status}
    ScoStatus course;

    json::object as_json_object() const {
        return {{"session", session},
                {"last", spec::format_timestamp(last)},
                {"sequencing", sequencing},
                {"current", current},
                {"scos", scos},
                {"course", as_json(course)}};
    }
    std::uint64_t attempt_of(std::string_view sco) const {
        return std::max<std::uint64_t>(1, count_in(object_in(scos, sco), "attempt"));
    }
    bool is_open(std::string_view sco) const {
        const auto known = object_in(scos, sco);
        return !known.empty() && !flag_in(known, "ended");
    }
};

// One attempt of a SCO.
struct Scorm::Sco {
    CmiModel model;
    std::uint64_t revision = 0;
    std::uint64_t number = 0; // of the session's last commit
    std::string session;
    spec::Instant began;
    bool terminated = false;
    bool exists = false;
};

Result<Scorm::Course> Scorm::course_of(const Session& session) const {
    auto registration = launches_.find_registration(session.launch.tenant, session.launch.course,
                                                    session.launch.registration);
    if (!registration) return registration.error();
    if (!*registration) return Error{"registration_unknown", "", "There is no such registration."};
    auto version = library_.version(session.version);
    if (!version) return Error{"course_unreadable", "", "What is kept of this course cannot be read."};
    return Course{std::move(**registration), std::move(version)};
}

ScoAttempt Scorm::attempt_of(const Session& session, const Course& course, const CourseNode& node,
                             std::uint64_t number) const {
    ScoAttempt attempt;
    attempt.kind = course.version->content.kind;
    attempt.actor = course.registration.learner;
    attempt.registration = course.registration.id;
    attempt.session = session.id;
    attempt.sco = library_.iri_of(*course.version, node);
    attempt.course = library_.iri_of(course.registration.course);
    attempt.attempt = attempt.sco + "?attemptId=" + course.registration.id;
    if (number > 1) attempt.attempt += "-" + std::to_string(number);
    attempt.sco_title = node.title;
    attempt.course_title = course.version->content.title;
    return attempt;
}

namespace {

storage::DocumentName state_name(const Registration& registration, std::string activity,
                                 std::string_view id) {
    storage::DocumentName name;
    name.owner = {DocumentKind::state, std::move(activity), spec::identity(registration.learner),
                  spec::parse_uuid(registration.id)};
    name.id = id;
    return name;
}

} // namespace

Result<Scorm::Run> Scorm::read_run(const Course& course) const {
    const auto& registration = course.registration;
    const auto found = store_.find_document(
        registration.tenant, state_name(registration, library_.iri_of(registration.course), run_id));
    if (!found) return found.error();
    const auto kept = content_of(*found);
    Run run;
    run.session = text_in(kept, "session");
    const auto last = spec::parse_timestamp(text_in(kept, "last"), spec::Version::v2_0_0);
    run.last = last ? *last : spec::Instant();
    run.sequencing = text_in(kept, "sequencing");
    run.current = text_in(kept, "current");
    run.scos = object_in(kept, "scos");
    run.course = status_in(object_in(kept, "course"));
    return run;
}

Result<Scorm::Sco> Scorm::read_sco(const Course& course, const ScoAttempt& attempt) const {
    const auto found = store_.find_document(
        course.registration.tenant, state_name(course.registration, attempt.attempt, attempt_state_id));
    if (!found) return found.error();
    const auto kept = object_in(content_of(*found), ours);
    Sco sco;
    sco.exists = found->has_value();
    sco.model = model_of(object_in(kept, "cmi"));
    sco.revision = count_in(kept, "revision");
    sco.number = count_in(kept, "number");
    sco.session = text_in(kept, "session");
    sco.terminated = flag_in(kept, "terminated");
    const auto began = spec::parse_timestamp(text_in(kept, "began"), spec::Version::v2_0_0);
    sco.began = began ? *began : present();
    return sco;
}

json::object Scorm::node_for_player(const CourseVersion& version, const CourseNode& node) const {
    json::object shown{{"id", node.id}, {"title", node.title}, {"visible", node.is_visible}};
    if (!node.href.empty()) {
        const auto path = spec::courses::path_of(node.href);
        shown["href"] = spec::courses::is_absolute_url(node.href)
                            ? node.href
                            : as_path(path) + node.href.substr(path.size());
        shown["sco"] = node.is_sco;
    }
    const auto text = [&](std::string_view name, const std::string& value) {
        if (!value.empty()) shown[name] = value;
    };
    text("prerequisites", node.prerequisites);
    text("launch_data", node.data_from_lms);
    text("max_time_allowed", node.max_time_allowed);
    text("time_limit_action", node.time_limit_action);
    if (node.mastery_score) shown["mastery_score"] = *node.mastery_score;
    if (node.completion_threshold) shown["completion_threshold"] = *node.completion_threshold;
    if (!node.sequencing.empty()) shown["sequencing"] = node.sequencing;
    json::array children;
    for (const auto& child : node.children) children.push_back(node_for_player(version, child));
    if (!children.empty()) shown["children"] = std::move(children);
    return shown;
}

boost::asio::awaitable<Result<Started>> Scorm::start(const Launch& launch, const Settings& settings,
                                                     std::string_view origin) {
    const auto registration = launches_.find_registration(launch.tenant, launch.course, launch.registration);
    if (!registration) co_return registration.error();
    if (!*registration) co_return Error{"registration_unknown", "", "There is no such registration."};
    const auto& version = (*registration)->version;
    const auto begun = launches_.begin(launch, version, launch.node, origin);
    if (!begun) co_return begun.error();
    co_return Started{begun->session,
                      content_origin(settings, origin, version) + "/" + begun->content_token + "/"};
}

boost::asio::awaitable<Result<json::object>> Scorm::open(const Session& session) {
    constexpr std::chrono::seconds lately{60};
    const auto course = course_of(session);
    if (!course) co_return course.error();
    const auto run = read_run(*course);
    if (!run) co_return run.error();
    const auto& content = course->version->content;
    json::object scos;
    bool is_open = false;
    for (const auto* node : launchable_nodes(content)) {
        const auto attempt = attempt_of(session, *course, *node, run->attempt_of(node->id));
        auto sco = read_sco(*course, attempt);
        if (!sco) co_return sco.error();
        is_open = is_open || (sco->exists && !sco->terminated && run->is_open(node->id));
        const auto status = status_of(content.kind, sco->model);
        const bool keeps = session.launch.mode != spec::courses::LaunchMode::normal ||
                           goes_on(content.kind, sco->model, sco->terminated);
        const bool resumes = sco->exists && was_suspended(content.kind, sco->model, sco->terminated);
        auto model = keeps ? sco->model : CmiModel();
        // Time that was never told as over: the last session ended without a word.
        if (keeps && sco->exists && !sco->terminated) {
            const auto total = spec::courses::timespan_of(model[element(content.kind, "total_time")]);
            const auto spent = spec::courses::timespan_of(model[element(content.kind, "session_time")]);
            if (spent)
                model[element(content.kind, "total_time")] = spec::courses::timespan_text(
                    content.kind, total.value_or(std::chrono::milliseconds::zero()) + *spent);
        }
        model.erase(element(content.kind, "session_time"));
        model.erase(element(content.kind, "exit"));
        scos[node->id] = json::object{{"entry", resumes                ? "resume"
                                                : sco->exists && keeps ? ""
                                                                       : "ab-initio"},
                                      {"cmi", as_json(model)},
                                      {"revision", sco->revision},
                                      {"status", as_json(status)}};
    }
    json::array nodes;
    for (const auto& node : content.nodes) nodes.push_back(node_for_player(*course->version, node));
    const auto& learner = course->registration.learner;
    co_return json::object{
        {"kind", name_of(content.kind)},
        {"edition", content.edition},
        {"registration", course->registration.id},
        {"titles", content.title},
        {"mode", name_of(session.launch.mode)},
        {"node", session.launch.node},
        {"return_url", session.launch.return_url},
        {"learner", {{"id", learner_id(learner)}, {"name", learner_name(learner)}}},
        {"nodes", std::move(nodes)},
        {"sequencing", content.sequencing},
        {"objectives_global_to_system", content.objectives_global_to_system},
        {"scos", std::move(scos)},
        {"state", run->sequencing},
        {"current", run->current},
        {"elsewhere", is_open && run->session != session.id && present() - run->last < lately}};
}

Result<std::map<std::string, ScoStatus>> Scorm::standing(const Registration& registration) const {
    const auto run = read_run({registration, nullptr});
    if (!run) return run.error();
    std::map<std::string, ScoStatus> standing;
    for (const auto& [id, sco] : run->scos)
        if (sco.is_object()) standing.emplace(id, status_in(object_in(sco.get_object(), "status")));
    return standing;
}

// What is written once for an attempt: which attempts there are, and what the SCO and the learner are like.
boost::asio::awaitable<Result<void>> Scorm::begin_attempt(const Course& course, const CourseNode& node,
                                                          const ScoAttempt& attempt) {
    const auto& registration = course.registration;
    const auto name = state_name(registration, attempt.sco, activity_state_id);
    const auto known = store_.find_document(registration.tenant, name);
    if (!known) co_return known.error();
    auto content = content_of(*known);
    auto& attempts = content["attempts"];
    if (!attempts.is_array()) attempts = json::array();
    const bool is_known =
        std::any_of(attempts.get_array().begin(), attempts.get_array().end(), [&](const json::value& one) {
            return one.is_string() && std::string_view(one.get_string()) == attempt.attempt;
        });
    if (!is_known) attempts.get_array().push_back(json::string(attempt.attempt));
    if (auto kept = co_await recorder_.keep(registration.tenant, name, content); !kept) co_return kept;
    const auto profile = activity_profile(node);
    if (!profile.empty()) {
        const storage::DocumentName profile_name{
            {DocumentKind::activity_profile, attempt.sco, "", std::nullopt},
            std::string(activity_profile_id)};
        if (auto kept = co_await recorder_.keep(registration.tenant, profile_name, profile); !kept)
            co_return kept;
    }
    co_return Result<void>();
}

namespace {

// A commit as the player sends it.
struct Commit {
    std::string sco;
    std::uint64_t number = 0;
    bool initialized = false;
    bool terminated = false;
    spec::Instant at;
    std::vector<std::pair<std::string, std::string>> changes;
    std::vector<std::string> removed;
    std::optional<std::string> sequencing;
    std::optional<ScoStatus> course;
};

Result<Commit> commit_in(const json::object& body, spec::Instant earliest) {
    Commit commit;
    commit.sco = text_in(body, "sco");
    commit.number = count_in(body, "number");
    if (commit.number == 0) return wrong_commit("number", "Commits are numbered from 1.");
    commit.initialized = flag_in(body, "initialized");
    commit.terminated = flag_in(body, "terminated");
    // The browser's clock may be wrong, and what it kept while the network was away is of then.
    const auto moment = present();
    const auto said = spec::parse_timestamp(text_in(body, "at"), spec::Version::v2_0_0);
    commit.at = said && *said >= earliest && *said <= moment ? *said : moment;
    for (const auto& [name, value] : object_in(body, "changes")) {
        if (!is_element(name) || !value.is_string())
            return wrong_commit(
                "changes", "Elements of the data model have names as cmi.location, and texts as values.");
        commit.changes.emplace_back(name, value.get_string());
    }
    if (const auto* removed = body.if_contains("removed"); removed && removed->is_array())
        for (const auto& name : removed->get_array())
            if (name.is_string()) commit.removed.emplace_back(name.get_string());
    if (const auto* sequencing = body.if_contains("sequencing"); sequencing && sequencing->is_string())
        commit.sequencing = std::string(sequencing->get_string());
    if (commit.sequencing && commit.sequencing->size() > most_bytes)
        return Error{"commit_too_large", "/sequencing", "The state of the sequencing may have 4 MiB."};
    if (const auto* course = body.if_contains("course"); course && course->is_object())
        commit.course = status_in(course->get_object());
    return commit;
}

Result<void> apply(const Commit& commit, CmiModel& model) {
    for (const auto& name : commit.removed) model.erase(name);
    for (const auto& [name, value] : commit.changes) model.insert_or_assign(name, value);
    std::size_t bytes = 0;
    for (const auto& [name, value] : model) bytes += name.size() + value.size();
    if (model.size() > most_elements || bytes > most_bytes)
        return Error{"commit_too_large", "", "A SCO's data may have 20,000 elements and 4 MiB."};
    return {};
}

// All SCOs together: done when all are, judged when some are.
ScoStatus rolled_up(const spec::courses::Course& content, const json::object& scos) {
    ScoStatus all{true, std::nullopt, std::nullopt};
    double sum = 0;
    std::size_t scored = 0;
    bool failed = false;
    bool judged = false;
    for (const auto* node : launchable_nodes(content)) {
        const auto status = status_in(object_in(object_in(scos, node->id), "status"));
        all.completed = all.completed && (status.completed || !node->is_sco);
        judged = judged || status.success.has_value();
        failed = failed || status.success == false;
        if (status.scaled) sum += *status.scaled;
        if (status.scaled) ++scored;
    }
    if (scored > 0) all.scaled = sum / static_cast<double>(scored);
    if (judged && (all.completed || failed)) all.success = !failed;
    return all;
}

} // namespace

boost::asio::awaitable<Result<json::object>> Scorm::commit(const Session& session, const json::object& body) {
    constexpr std::chrono::minutes before_the_session{5};
    const auto commit = commit_in(body, session.made - before_the_session);
    if (!commit) co_return commit.error();
    const auto turn = co_await turns_.take(session.launch.registration);
    const auto course = course_of(session);
    if (!course) co_return course.error();
    const auto tenant = course->registration.tenant;
    const auto& content = course->version->content;
    const auto* node = find_node(content, commit->sco);
    if (!node || node->href.empty()) co_return wrong_commit("sco", "The course has no such SCO.");
    auto run = read_run(*course);
    if (!run) co_return run.error();
    const auto owner =
        run->session.empty() ? nullptr : launches_.find_session(session.launch.tenant, run->session);
    if (owner && owner->id != session.id && owner->made > session.made)
        co_return Error{"session_elsewhere", "",
                        "The course goes on in another window or on another device."};

    auto number = run->attempt_of(node->id);
    auto attempt = attempt_of(session, *course, *node, number);
    auto sco = read_sco(*course, attempt);
    if (!sco) co_return sco.error();
    if (sco->session == session.id && commit->number <= sco->number)
        co_return json::object{{"revision", sco->revision}}; // it came before, and its answer was lost
    const auto began = commit->initialized ? commit->at : sco->began;
    spec::courses::ScoStep step{commit->initialized, false, commit->terminated, commit->at, began};
    const bool records = session.launch.mode == spec::courses::LaunchMode::normal;
    if (commit->initialized && records) {
        step.resumed = sco->exists && goes_on(content.kind, sco->model, sco->terminated);
        if (sco->exists && !step.resumed) {
            attempt = attempt_of(session, *course, *node, ++number);
            sco = Sco();
        }
        if (auto begun = co_await begin_attempt(*course, *node, attempt); !begun) co_return begun.error();
    }
    attempt.revision = sco->revision;
    auto after = sco->model;
    if (commit->initialized) {
        after.erase(element(content.kind, "exit"));
        after.erase(element(content.kind, "session_time"));
    }
    if (auto applied = apply(*commit, after); !applied) co_return applied.error();

    auto statements = records ? statements_of(attempt, step, sco->model, after)
                              : statements_of(attempt, step, CmiModel(), CmiModel());
    run->session = session.id;
    run->last = present();
    run->current = node->id;
    if (commit->sequencing) run->sequencing = *commit->sequencing;
    if (records) {
        run->scos[node->id] = json::object{{"attempt", number},
                                           {"ended", commit->terminated},
                                           {"status", as_json(status_of(content.kind, after))}};
        const auto course_after = commit->course ? *commit->course : rolled_up(content, run->scos);
        auto of_course = course_statements(attempt, run->course, course_after, commit->at);
        statements.insert(statements.end(), std::make_move_iterator(of_course.begin()),
                          std::make_move_iterator(of_course.end()));
        run->course = course_after;
    }
    // First what happened, under ids that are the same when it is told again; last that it was told.
    if (auto said = co_await recorder_.say(tenant, statements); !said) co_return said.error();
    if (!records) co_return json::object{{"revision", sco->revision}};
    auto kept_state = attempt_state(content.kind, after);
    kept_state[ours] = json::object{{"cmi", as_json(after)},
                                    {"revision", sco->revision + 1},
                                    {"number", commit->number},
                                    {"session", session.id},
                                    {"began", spec::format_timestamp(began)},
                                    {"terminated", commit->terminated}};
    const auto run_name = state_name(course->registration, attempt.course, run_id);
    const auto run_content = run->as_json_object();
    if (auto kept = co_await recorder_.keep(tenant, run_name, run_content); !kept) co_return kept.error();
    const auto name = state_name(course->registration, attempt.attempt, attempt_state_id);
    if (auto kept = co_await recorder_.keep(tenant, name, kept_state); !kept) co_return kept.error();
    if (commit->terminated) {
        const auto& learner = course->registration.learner;
        const auto profile = agent_profile(content.kind, after, learner_id(learner), learner_name(learner));
        const storage::DocumentName profile_name{
            {DocumentKind::agent_profile, "", spec::identity(learner), std::nullopt},
            std::string(agent_profile_id)};
        if (auto kept = co_await recorder_.keep(tenant, profile_name, profile); !kept) co_return kept.error();
    }
    co_return json::object{{"revision", sco->revision + 1}};
}

} // namespace leerspoor::server::courses
