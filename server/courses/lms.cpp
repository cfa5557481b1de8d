#include "server/courses/lms.hpp"

#include "server/courses/kept.hpp"

#include "server/app/settings.hpp"
#include "server/courses/origins.hpp"
#include "server/support/random.hpp"
#include "spec/agent.hpp"
#include "spec/base/ascii.hpp"
#include "spec/base/json.hpp"
#include "spec/courses/package_files.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace leerspoor::server::courses {
namespace {

namespace json = boost::json;
using spec::courses::Cmi5Launch;
using spec::courses::CourseNode;

constexpr std::string_view launch_data_id = "LMS.LaunchData";
constexpr std::string_view preferences_id = "cmi5LearnerPreferences";

Error launch_refused(std::string pointer, std::string sentence) {
    return {"launch_refused", std::move(pointer), std::move(sentence)};
}

json::object statement_in(std::string_view bytes) {
    auto parsed = spec::parse_stored_json(bytes);
    return parsed && parsed->is_object() ? std::move(parsed->get_object()) : json::object();
}

// The launch's parameters after those that the URL has (cmi5 8.1).
std::string with_parameters(const std::string& url, const std::string& parameters) {
    const auto fragment = std::min(url.find('#'), url.size());
    const bool has_query = url.find('?') < fragment;
    return url.substr(0, fragment) + (has_query ? "&" : "?") + parameters + url.substr(fragment);
}

storage::DocumentName document(storage::DocumentKind kind, const Cmi5Launch& launch, std::string_view id) {
    storage::DocumentName name;
    name.owner.kind = kind;
    name.owner.agent = spec::identity(launch.actor);
    if (kind == storage::DocumentKind::state) {
        name.owner.activity = launch.activity;
        name.owner.registration = spec::parse_uuid(launch.registration);
    }
    name.id = id;
    return name;
}

// Units below a node, or itself.
void collect_units(const CourseNode& node, std::vector<const CourseNode*>& units) {
    if (!node.href.empty()) units.push_back(&node);
    for (const auto& child : node.children) collect_units(child, units);
}

// Blocks, those inside before those around them.
void collect_blocks(const std::vector<CourseNode>& nodes, std::vector<const CourseNode*>& blocks) {
    for (const auto& node : nodes) {
        collect_blocks(node.children, blocks);
        if (node.href.empty()) blocks.push_back(&node);
    }
}

} // namespace

Result<Lms::Unit> Lms::unit_of(const Registration& registration, std::string_view node) const {
    Unit unit;
    unit.version = library_.version(registration.version);
    if (!unit.version) return Error{"course_unreadable", "", "What is kept of this course cannot be read."};
    unit.node = find_node(unit.version->content, node);
    if (!unit.node || unit.node->href.empty())
        return Error{"course_unknown", "/node", "The course has no such part that could be started."};
    auto& launch = unit.launch;
    launch.actor = registration.learner;
    launch.registration = registration.id;
    launch.activity = library_.iri_of(*unit.version, *unit.node);
    launch.publisher_id = unit.node->id;
    launch.course_activity = library_.iri_of(registration.course);
    launch.title = unit.node->title;
    launch.course_title = unit.version->content.title;
    launch.move_on = unit.node->move_on;
    launch.mastery_score = unit.node->mastery_score;
    launch.launch_parameters = unit.node->launch_parameters;
    launch.entitlement_key = unit.node->entitlement_key;
    return unit;
}

Result<Lms::Unit> Lms::unit_of(const Session& session) const {
    const auto registration = launches_.find_registration(session.launch.tenant, session.launch.course,
                                                          session.launch.registration);
    if (!registration) return registration.error();
    if (!*registration) return Error{"registration_unknown", "", "There is no such registration."};
    auto unit = unit_of(**registration, session.launch.node);
    if (!unit) return unit;
    unit->launch.session = session.id;
    unit->launch.mode = session.launch.mode;
    unit->launch.return_url = session.launch.return_url;
    return unit;
}

Result<Lms::Record> Lms::record_of(storage::StoreId tenant, std::string_view registration) {
    constexpr std::size_t most_remembered = 2'000;
    constexpr std::size_t at_a_time = 500;
    storage::Query query;
    query.terms.push_back({spec::Filter::registration, spec::lower_case(registration)});
    query.ascending = true;
    query.limit = at_a_time;
    auto newest = query;
    newest.ascending = false;
    newest.limit = 1;
    const auto last = store_.query_statements(tenant, newest);
    if (!last) return last.error();
    const auto count = store_.count_statements(tenant, query);
    if (!count) return count.error();
    {
        const std::lock_guard lock(mutex_);
        const auto known = read_.find(registration);
        const auto at = last->statements.empty() ? 0 : last->statements.front().sequence;
        // One that was voided is no match any more.
        if (known != read_.end() && known->second.statements == count->matches && known->second.last == at)
            return known->second.record;
    }
    Read read;
    for (;;) {
        const auto page = store_.query_statements(tenant, query);
        if (!page) return page.error();
        for (const auto& statement : page->statements) {
            read.record.take(statement_in(statement.bytes));
            read.last = statement.sequence;
            ++read.statements;
        }
        if (!page->next) break;
        query.after = page->next;
        query.snapshot = page->snapshot;
    }
    const std::lock_guard lock(mutex_);
    if (read_.size() >= most_remembered) read_.clear();
    read_.insert_or_assign(std::string(registration), read);
    return read.record;
}

boost::asio::awaitable<Result<void>> Lms::say(storage::StoreId tenant, json::object statement) {
    std::vector<json::object> statements;
    statements.push_back(std::move(statement));
    co_return co_await recorder_.say(tenant, statements);
}

boost::asio::awaitable<Result<void>> Lms::abandon_others(const Unit& unit, const Record& record) {
    std::vector<json::object> statements;
    for (const auto& id : record.open_sessions()) {
        const auto session = record.session(id);
        auto of = unit.launch;
        of.session = id;
        of.activity = session->activity;
        for (const auto* node : launchable_nodes(unit.version->content)) {
            if (library_.iri_of(*unit.version, *node) != of.activity) continue;
            of.publisher_id = node->id;
            of.title = node->title;
        }
        const auto lasted =
            std::chrono::duration_cast<std::chrono::milliseconds>(session->last - session->launched);
        statements.push_back(
            abandoned_statement(of, std::max(lasted, std::chrono::milliseconds::zero()), present()));
    }
    co_return co_await recorder_.say(unit.version->tenant, statements);
}

// All blocks and the course whose units have moved on, and of which that was not said yet (cmi5 9.3.9).
boost::asio::awaitable<Result<void>> Lms::say_satisfied(const Unit& unit, const Record& record) {
    const auto& content = unit.version->content;
    const auto is_done = [&](const CourseNode& node) {
        std::vector<const CourseNode*> units;
        collect_units(node, units);
        return std::all_of(units.begin(), units.end(), [&](const CourseNode* one) {
            return has_moved_on(one->move_on, record.unit(library_.iri_of(*unit.version, *one)));
        });
    };
    std::vector<const CourseNode*> blocks;
    collect_blocks(content.nodes, blocks);
    std::vector<json::object> statements;
    for (const auto* block : blocks) {
        const auto activity = library_.iri_of(*unit.version, *block);
        if (record.is_satisfied(activity) || !is_done(*block)) continue;
        statements.push_back(
            satisfied_statement(unit.launch, {activity, block->id, block->title, false}, present()));
    }
    const auto course = library_.iri_of(unit.version->course);
    if (!record.is_satisfied(course) && std::all_of(content.nodes.begin(), content.nodes.end(), is_done))
        statements.push_back(
            satisfied_statement(unit.launch, {course, content.id, content.title, true}, present()));
    co_return co_await recorder_.say(unit.version->tenant, statements);
}

// The first that is not done yet; of a course that is done, the first.
Result<std::string> Lms::next_node(const Registration& registration) {
    const auto version = library_.version(registration.version);
    if (!version) return Error{"course_unreadable", "", "What is kept of this course cannot be read."};
    const auto record = record_of(registration.tenant, registration.id);
    if (!record) return record.error();
    const auto nodes = launchable_nodes(version->content);
    const auto next = std::find_if(nodes.begin(), nodes.end(), [&](const CourseNode* node) {
        const auto unit = record->unit(library_.iri_of(*version, *node));
        return !(unit.completed || unit.passed || unit.waived);
    });
    return {boost::system::in_place_value, next == nodes.end() ? nodes.front()->id : (*next)->id};
}

boost::asio::awaitable<Result<Started>> Lms::start(const Launch& launch, std::string_view origin) {
    const auto turn = co_await turns_.take(launch.registration);
    const auto registration = launches_.find_registration(launch.tenant, launch.course, launch.registration);
    if (!registration) co_return registration.error();
    if (!*registration) co_return Error{"registration_unknown", "", "There is no such registration."};
    const auto node = launch.node.empty() ? next_node(**registration)
                                          : Result<std::string>(boost::system::in_place_value, launch.node);
    if (!node) co_return node.error();
    auto unit = unit_of(**registration, *node);
    if (!unit) co_return unit.error();
    auto begun = launches_.begin(launch, (*registration)->version, unit->node->id, origin);
    if (!begun) co_return begun.error();
    auto& about = unit->launch;
    about.session = begun->session->id;
    about.mode = launch.mode;
    about.return_url = launch.return_url;
    const auto here = content_origin(settings_, origin, unit->version->id) + "/" + begun->content_token + "/";
    const auto& href = unit->node->href;
    const auto path = spec::courses::path_of(href);
    about.url = spec::courses::is_absolute_url(href) ? href : here + as_path(path) + href.substr(path.size());
    Result<std::string> url = Error{};
    if (unit->version->content.kind == spec::courses::CourseKind::cmi5) {
        url = co_await begin_cmi5(*unit, *begun, origin);
    } else {
        url = begin_xapi(*unit, *begun, origin);
    }
    if (!url) co_return url.error();
    co_return Started{begun->session, *url};
}

boost::asio::awaitable<Result<std::string>> Lms::begin_cmi5(Unit& unit, const NewSession& begun,
                                                            std::string_view origin) {
    const auto tenant = unit.version->tenant;
    const auto& about = unit.launch;
    const auto record = record_of(tenant, about.registration);
    if (!record) co_return record.error();
    if (record->empty()) { // what needs nothing of the learner is satisfied from the start (cmi5 9.6.1)
        auto outside = unit;
        outside.launch.session = spec::to_string(random_uuid());
        if (auto said = co_await say_satisfied(outside, *record); !said) co_return said.error();
    }
    if (auto said = co_await abandon_others(unit, *record); !said) co_return said.error();
    auto name = document(storage::DocumentKind::state, about, launch_data_id);
    const auto data = launch_data(about);
    const auto saved = co_await recorder_.keep(tenant, std::move(name), data);
    if (!saved) co_return saved.error();
    if (auto said = co_await say(tenant, launched_statement(about, present())); !said) co_return said.error();
    const auto fetch = std::string(origin) + "/api/v1/sessions/" + begun.fetch_token + "/token";
    const auto parameters = "endpoint=" + as_query_value(std::string(origin) + "/xapi/") +
                            "&fetch=" + as_query_value(fetch) +
                            "&actor=" + as_query_value(json::serialize(about.actor)) +
                            "&registration=" + as_query_value(about.registration) +
                            "&activityId=" + as_query_value(about.activity);
    co_return Result<std::string>(boost::system::in_place_value, with_parameters(about.url, parameters));
}

// As content of Rustici Software's kind expects it: the secret is in the URL.
Result<std::string> Lms::begin_xapi(const Unit& unit, const NewSession& begun, std::string_view origin) {
    const auto token = launches_.fetch(begun.fetch_token);
    if (!token) return token.error();
    const auto& about = unit.launch;
    const auto parameters = "endpoint=" + as_query_value(std::string(origin) + "/xapi/") +
                            "&auth=" + as_query_value("Basic " + *token) +
                            "&actor=" + as_query_value(json::serialize(about.actor)) +
                            "&registration=" + as_query_value(about.registration) +
                            "&activity_id=" + as_query_value(about.activity);
    return {boost::system::in_place_value, with_parameters(about.url, parameters)};
}

boost::asio::awaitable<Result<void>> Lms::abandon(storage::StoreId tenant, std::string_view session_id) {
    const auto session = launches_.find_session(tenant, session_id);
    if (!session) co_return Error{"session_unknown", "", "There is no such session."};
    const auto turn = co_await turns_.take(session->launch.registration);
    const auto unit = unit_of(*session);
    if (!unit) co_return unit.error();
    const auto record = record_of(tenant, session->launch.registration);
    if (!record) co_return record.error();
    const auto known = record->session(session->id);
    if (!known || known->ended()) co_return launch_refused("", "The session has ended already.");
    const auto lasted = std::chrono::duration_cast<std::chrono::milliseconds>(known->last - known->launched);
    const auto statement =
        abandoned_statement(unit->launch, std::max(lasted, std::chrono::milliseconds::zero()), present());
    co_return co_await say(tenant, statement);
}

boost::asio::awaitable<Result<void>> Lms::waive(storage::StoreId tenant, std::string_view course,
                                                std::string_view id, std::string_view node,
                                                std::string_view reason) {
    const auto registration = launches_.find_registration(tenant, course, id);
    if (!registration) co_return registration.error();
    if (!*registration) co_return Error{"registration_unknown", "", "There is no such registration."};
    const auto turn = co_await turns_.take((*registration)->id);
    auto unit = unit_of(**registration, node);
    if (!unit) co_return unit.error();
    auto record = record_of(tenant, id);
    if (!record) co_return record.error();
    if (record->unit(unit->launch.activity).waived) co_return launch_refused("", "This is waived already.");
    unit->launch.session = spec::to_string(random_uuid());
    const auto statement = waived_statement(unit->launch, reason, present());
    if (auto said = co_await say(tenant, statement); !said) co_return said;
    record->take(statement);
    co_return co_await say_satisfied(*unit, *record);
}

std::shared_ptr<const auth::Principal> Lms::find(std::string_view authorization) {
    constexpr std::string_view scheme = "basic ";
    if (!is_credentials(authorization)) return nullptr;
    authorization.remove_prefix(scheme.size());
    const auto session = launches_.by_auth(authorization);
    if (!session) return nullptr;
    auto principal = std::make_shared<auth::Principal>();
    principal->key = "session " + session->id;
    principal->session = session->id;
    principal->registration = session->launch.registration;
    principal->store = session->launch.tenant;
    principal->scopes = {auth::Scope::launched};
    principal->authority = recorder_.authority();
    principal->authority_identity = spec::identity(principal->authority);
    principal->last_version = spec::Version::v1_0_3;
    return principal;
}

boost::asio::awaitable<Result<void>> Lms::put(const auth::Principal& who, storage::Submission submission) {
    const auto session = launches_.find_session(who.store, who.session);
    if (!session) co_return launch_refused("", "The session has expired.");
    const auto turn = co_await turns_.take(session->launch.registration);
    const auto unit = unit_of(*session);
    if (!unit) co_return unit.error();
    if (unit->version->content.kind == spec::courses::CourseKind::xapi) {
        for (const auto& prepared : submission.statements) {
            const auto good = check_xapi_statement(statement_in(prepared.bytes), unit->launch);
            if (!good) co_return good;
        }
        co_return co_await recorder_.put(who.store, std::move(submission));
    }
    auto record = record_of(who.store, session->launch.registration);
    if (!record) co_return record.error();
    if (!session->read_launch_data)
        co_return launch_refused("", "LMS.LaunchData is read before anything is recorded (cmi5 10.2.1).");
    if (!session->read_preferences)
        co_return launch_refused("", "cmi5LearnerPreferences is read before anything is recorded (cmi5 11).");
    for (const auto& prepared : submission.statements) {
        const auto statement = statement_in(prepared.bytes);
        const spec::courses::Given given{prepared.id_was_given, prepared.timestamp_was_given};
        if (auto good = check_cmi5_statement(statement, given, unit->launch, *record); !good) co_return good;
        record->take(statement);
    }
    if (auto stored = co_await recorder_.put(who.store, std::move(submission)); !stored) co_return stored;
    co_return co_await say_satisfied(*unit, *record);
}

Result<void> Lms::admit(const auth::Principal& who, const DocumentUse& use) {
    const auto session = launches_.find_session(who.store, who.session);
    if (!session) return launch_refused("", "The session has expired.");
    const auto unit = unit_of(*session);
    if (!unit) return unit.error();
    const auto& owner = use.owner;
    if (owner.kind != storage::DocumentKind::activity_profile &&
        owner.agent != spec::identity(unit->launch.actor))
        return launch_refused("", "The agent is the one that the launch named.");
    if (owner.registration && spec::to_string(*owner.registration) != unit->launch.registration)
        return launch_refused("", "The registration is the one that the launch named.");
    const bool is_cmi5 = unit->version->content.kind == spec::courses::CourseKind::cmi5;
    return is_cmi5 ? admit_cmi5(*session, *unit, use) : Result<void>();
}

Result<void> Lms::admit_cmi5(const Session& session, const Unit& unit, const DocumentUse& use) {
    const auto record = record_of(session.launch.tenant, session.launch.registration);
    if (!record) return record.error();
    const auto known = record->session(session.id);
    if (!known || known->ended()) return launch_refused("", "The session has ended.");
    const auto& owner = use.owner;
    if (owner.kind != storage::DocumentKind::agent_profile && owner.activity != unit.launch.activity)
        return launch_refused("", "The activity is the one that the launch named.");
    if (owner.kind == storage::DocumentKind::state) {
        if (!owner.registration)
            return launch_refused("", "The registration is the one that the launch named.");
        if (use.changes && (!use.id || *use.id == launch_data_id))
            return launch_refused("", "LMS.LaunchData is the LMS's: it is read only (cmi5 10.2.1).");
        if (!use.changes && use.id == launch_data_id) return launches_.note_read(session, true, false);
    }
    if (owner.kind == storage::DocumentKind::agent_profile && use.id == preferences_id) {
        if (!use.changes) return launches_.note_read(session, false, true);
        if (!use.bytes.empty()) return spec::courses::check_learner_preferences(use.content_type, use.bytes);
    }
    return {};
}

} // namespace leerspoor::server::courses
