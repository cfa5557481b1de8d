#include "server/courses/launch_operations.hpp"

#include "server/app/json_body.hpp"
#include "server/courses/lms.hpp"
#include "server/courses/origins.hpp"
#include "server/courses/scorm.hpp"
#include "server/support/log.hpp"
#include "spec/agent.hpp"
#include "spec/base/json.hpp"
#include "spec/iri.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace leerspoor::server::courses {
namespace {

namespace json = boost::json;
using spec::courses::CourseKind;

constexpr std::chrono::hours usual_time{24 * 7};
constexpr std::chrono::hours longest_time{24 * 366};

spec::Instant now() {
    return std::chrono::time_point_cast<spec::Instant::duration>(std::chrono::system_clock::now());
}

Error invalid(std::string_view member, std::string sentence) {
    return {"launch_invalid", "/" + std::string(member), std::move(sentence)};
}

// A launch as its maker asks for it.
struct Wanted {
    json::object learner;
    std::optional<spec::Uuid> registration;
    Launch launch;
};

Result<Wanted> wanted_in(const json::object& body) {
    Wanted wanted;
    wanted.launch.expires = now() + usual_time;
    for (const auto& [key, value] : body) {
        const std::string_view name = key;
        if (name == "learner") {
            if (!value.is_object()) return invalid(name, "The learner is an Agent.");
            auto learner = spec::parse_agent(json::serialize(value), spec::Version::v2_0_0, false);
            if (!learner) {
                auto error = learner.error();
                error.pointer = "/learner" + error.pointer;
                return error;
            }
            wanted.learner = std::move(*learner);
            continue;
        }
        if (!value.is_string()) return invalid(name, "This must be a text.");
        const std::string text(value.get_string());
        if (name == "course") {
            wanted.launch.course = text;
        } else if (name == "node") {
            wanted.launch.node = text;
        } else if (name == "mode") {
            const auto mode = spec::courses::parse_launch_mode(text);
            if (!mode) return invalid(name, "A mode is normal, browse or review.");
            wanted.launch.mode = *mode;
        } else if (name == "registration") {
            wanted.registration = spec::parse_uuid(text);
            if (!wanted.registration) return invalid(name, "A registration is a UUID.");
        } else if (name == "return_url") {
            const bool is_web = text.starts_with("https://") || text.starts_with("http://");
            if (!is_web || !spec::is_irl(text)) return invalid(name, "This must be an http or https URL.");
            wanted.launch.return_url = text;
        } else if (name == "expires") {
            const auto expires = spec::parse_timestamp(text, spec::Version::v2_0_0);
            if (!expires || *expires <= now() || *expires > now() + longest_time)
                return invalid(name, "This must be a time within a year from now.");
            wanted.launch.expires = *expires;
        } else {
            return invalid(name,
                           "There are course, learner, node, mode, registration, expires and return_url.");
        }
    }
    if (wanted.launch.course.empty()) return invalid("course", "Say which course is launched.");
    if (wanted.learner.empty()) return invalid("learner", "Say who learns: an Agent.");
    return wanted;
}

json::object as_json(const Registration& registration) {
    return {{"id", registration.id},
            {"learner", registration.learner},
            {"version", registration.version},
            {"begun", spec::format_timestamp(registration.made)}};
}

// What has become of each part of the course.
Result<json::array> progress_of(const Services& services, const Registration& registration) {
    const auto version = services.courses->version(registration.version);
    if (!version) return Error{"course_unreadable", "", "What is kept of this course cannot be read."};
    const auto record = services.lms->record_of(registration.tenant, registration.id);
    if (!record) return record.error();
    json::array units;
    for (const auto* node : launchable_nodes(version->content)) {
        const auto unit = record->unit(services.courses->iri_of(*version, *node));
        units.push_back(json::object{{"id", node->id},
                                     {"completed", unit.completed},
                                     {"passed", unit.passed},
                                     {"failed", unit.failed},
                                     {"waived", unit.waived}});
    }
    return units;
}

Result<std::optional<Launch>> launch_of(const Services& services, const Request& request) {
    return services.launches->find_launch(path_parameter(request, "token"));
}
Error unknown_launch() {
    return {"launch_unknown", "", "There is no such link, or it has expired: ask for a new one."};
}

} // namespace

boost::asio::awaitable<Result<http::Response>> post_launches(const Services& services,
                                                             const Request& request) {
    const auto body = object_of(request);
    if (!body) co_return body.error();
    auto wanted = wanted_in(*body);
    if (!wanted) co_return wanted.error();
    const auto& who = *request.principal;
    auto& launch = wanted->launch;
    launch.tenant = who.store;
    launch.by = who.is_person ? who.person : who.key;
    const auto version = services.courses->newest(who.store, launch.course);
    if (!version) co_return Error{"course_unknown", "/course", "There is no such course."};
    if (version->content.kind == CourseKind::cmi5 && !wanted->learner.contains("account"))
        co_return Error{"learner_without_account", "/learner",
                        "cmi5 knows learners by an account: {\"account\": {\"homePage\": …, \"name\": …}}."};
    const auto registration = services.launches->enrol(*services.courses, who.store, launch.course,
                                                       wanted->learner, wanted->registration);
    if (!registration) co_return registration.error();
    const auto begun_with = services.courses->version(registration->version);
    const auto* node = begun_with ? find_node(begun_with->content, launch.node) : nullptr;
    if (!launch.node.empty() && (!node || node->href.empty()))
        co_return invalid("node", "The course has no such part that could be started.");
    launch.registration = registration->id;
    const auto made = services.launches->make(std::move(launch));
    if (!made) co_return made.error();
    if (services.log)
        services.log->event(Level::info, "launch made",
                            {{"course", made->launch.course}, {"by", made->launch.by}});
    co_return json_response(
        {{"url", public_origin(services.settings, request.head) + "/launch/" + made->token},
         {"registration", made->launch.registration},
         {"expires", spec::format_timestamp(made->launch.expires)}},
        201);
}

boost::asio::awaitable<Result<http::Response>> get_registrations(const Services& services,
                                                                 const Request& request) {
    const auto tenant = request.principal->store;
    const auto course = path_parameter(request, "id");
    if (!services.courses->find(tenant, course))
        co_return Error{"course_unknown", "", "There is no such course."};
    const auto all = services.launches->registrations_of(tenant, course);
    if (!all) co_return all.error();
    json::array items;
    for (const auto& registration : *all) {
        auto shown = as_json(registration);
        auto progress = progress_of(services, registration);
        if (!progress) co_return progress.error();
        shown["activities"] = std::move(*progress);
        items.push_back(std::move(shown));
    }
    co_return json_response({{"items", items}});
}

boost::asio::awaitable<Result<http::Response>> post_waive(const Services& services, const Request& request) {
    const auto body = object_of(request);
    if (!body) co_return body.error();
    const auto node = text_of(*body, "node");
    if (!node) co_return node.error();
    const auto reason = text_of(*body, "reason");
    if (!reason) co_return reason.error();
    if (reason->empty() || reason->size() > 1000)
        co_return invalid("reason", "Say why, in a text of at most 1,000 bytes.");
    const auto done = co_await services.lms->waive(request.principal->store, path_parameter(request, "id"),
                                                   path_parameter(request, "registration"), *node, *reason);
    if (!done) co_return done.error();
    http::Response response;
    response.status = 204;
    co_return response;
}

boost::asio::awaitable<Result<http::Response>> post_abandon(const Services& services,
                                                            const Request& request) {
    const auto done =
        co_await services.lms->abandon(request.principal->store, path_parameter(request, "session"));
    if (!done) co_return done.error();
    http::Response response;
    response.status = 204;
    co_return response;
}

boost::asio::awaitable<Result<http::Response>> get_launch(const Services& services, const Request& request) {
    const auto launch = launch_of(services, request);
    if (!launch) co_return launch.error();
    const auto version = *launch ? services.courses->newest((*launch)->tenant, (*launch)->course) : nullptr;
    if (!version) co_return unknown_launch();
    co_return json_response({{"titles", version->content.title},
                             {"descriptions", version->content.description},
                             {"kind", name_of(version->content.kind)},
                             {"mode", name_of((*launch)->mode)},
                             {"expires", spec::format_timestamp((*launch)->expires)}});
}

boost::asio::awaitable<Result<http::Response>> post_start(const Services& services, const Request& request) {
    auto launch = launch_of(services, request);
    if (!launch) co_return launch.error();
    if (!*launch) co_return unknown_launch();
    const auto origin = public_origin(services.settings, request.head);
    const auto info = services.courses->find((*launch)->tenant, (*launch)->course);
    if (!info) co_return unknown_launch();
    const bool has_player = info->kind == CourseKind::scorm_1_2 || info->kind == CourseKind::scorm_2004;
    Result<Started> started = Error{};
    if (has_player) {
        started = co_await services.scorm->start(**launch, services.settings, origin);
    } else {
        started = co_await services.lms->start(**launch, origin);
    }
    if (!started) co_return started.error();
    co_return json_response({{"url", started->url}, {"session", started->session->id}}, 201);
}

// An error is told with 200 as well (cmi5 8.2.3).
boost::asio::awaitable<Result<http::Response>> post_token(const Services& services, const Request& request) {
    const auto token = services.launches->fetch(path_parameter(request, "token"));
    http::Response response;
    if (token) {
        response = json_response({{"auth-token", *token}});
    } else if (token.error().code == "launch_fetched") {
        response = json_response({{"error-code", "1"}, {"error-text", token.error().message}});
    } else {
        co_return token.error();
    }
    response.fields.add("Cache-Control", "no-store");
    co_return response;
}

} // namespace leerspoor::server::courses
