#include "server/courses/launch_operations.hpp"

#include "server/app/json_body.hpp"
#include "server/courses/launch_request.hpp"
#include "server/courses/lms.hpp"
#include "server/courses/origins.hpp"
#include "server/courses/qr_code.hpp"
#include "server/courses/scorm.hpp"

#include <boost/json/array.hpp>

namespace leerspoor::server::courses {
namespace {

namespace json = boost::json;
using spec::courses::CourseKind;

json::object as_json(const Registration& registration) {
    return {{"id", registration.id},
            {"learner", registration.learner},
            {"version", registration.version},
            {"begun", spec::format_timestamp(registration.made)}};
}

json::object standing_of(const spec::courses::CourseNode& node, const spec::courses::UnitRecord& unit) {
    return {{"id", node.id},         {"title", node.title},   {"completed", unit.completed},
            {"passed", unit.passed}, {"failed", unit.failed}, {"waived", unit.waived}};
}

// What has become of each part of the course.
Result<json::array> progress_of(const Services& services, const Registration& registration) {
    const auto version = services.courses->version(registration.version);
    if (!version) return Error{"course_unreadable", "", "What is kept of this course cannot be read."};
    json::array units;
    const auto kind = version->content.kind;
    if (kind == CourseKind::scorm_1_2 || kind == CourseKind::scorm_2004) {
        const auto standing = services.scorm->standing(registration);
        if (!standing) return standing.error();
        for (const auto* node : launchable_nodes(version->content)) {
            const auto found = standing->find(node->id);
            const auto status = found == standing->end() ? spec::courses::ScoStatus() : found->second;
            units.push_back(standing_of(
                *node, {status.completed, status.success == true, status.success == false, false}));
        }
        return units;
    }
    const auto record = services.lms->record_of(registration.tenant, registration.id);
    if (!record) return record.error();
    for (const auto* node : launchable_nodes(version->content))
        units.push_back(standing_of(*node, record->unit(services.courses->iri_of(*version, *node))));
    return units;
}

// Who has signed in, as a learner: what statements call them.
json::object agent_of(const Services& services, const Request& request) {
    return {{"objectType", "Agent"},
            {"name", request.principal->person},
            {"account",
             {{"homePage", services.settings.authority_home_page}, {"name", request.principal->person}}}};
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
    const auto& who = *request.principal;
    const auto by = who.is_person ? who.person : who.key;
    const auto made =
        make_launch(services, who.store, by, public_origin(services.settings, request.head), *body);
    if (!made) co_return made.error();
    co_return json_response(*made, 201);
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

boost::asio::awaitable<Result<http::Response>> post_move(const Services& services, const Request& request) {
    const auto body = object_of(request);
    if (!body) co_return body.error();
    std::string registration;
    for (const auto& [name, value] : *body) {
        if (name != "registration" || !value.is_string() || value.get_string().empty())
            co_return wrong_launch(name, "There is registration, a UUID; left out, all of them.");
        registration = value.get_string();
    }
    const auto moved = services.launches->move(*services.courses, request.principal->store,
                                               path_parameter(request, "id"), registration);
    if (!moved) co_return moved.error();
    co_return json_response({{"moved", *moved}});
}

boost::asio::awaitable<Result<http::Response>> get_my_courses(const Services& services,
                                                              const Request& request) {
    const auto tenant = request.principal->store;
    const auto learner = agent_of(services, request);
    json::array items;
    for (const auto& info : services.courses->all(tenant)) {
        const auto known = services.launches->find_own(tenant, info.id, learner);
        if (!known) co_return known.error();
        if (!*known && info.retired) continue;
        json::object shown{{"id", info.id},
                           {"kind", name_of(info.kind)},
                           {"titles", info.title},
                           {"descriptions", info.description},
                           {"begun", known->has_value()},
                           {"activities", json::array()}};
        if (*known) {
            auto progress = progress_of(services, **known);
            if (!progress) co_return progress.error();
            shown["activities"] = std::move(*progress);
        }
        items.push_back(std::move(shown));
    }
    co_return json_response({{"items", std::move(items)}});
}

boost::asio::awaitable<Result<http::Response>> post_my_launch(const Services& services,
                                                              const Request& request) {
    const auto origin = public_origin(services.settings, request.head);
    const auto& who = *request.principal;
    const json::object wanted{{"course", path_parameter(request, "id")},
                              {"learner", agent_of(services, request)},
                              {"return_url", origin + "/learn"}};
    const auto made = make_launch(services, who.store, who.person, origin, wanted);
    if (!made) co_return made.error();
    co_return json_response(*made, 201);
}

boost::asio::awaitable<Result<http::Response>> post_waive(const Services& services, const Request& request) {
    const auto body = object_of(request);
    if (!body) co_return body.error();
    const auto node = text_of(*body, "node");
    if (!node) co_return node.error();
    const auto reason = text_of(*body, "reason");
    if (!reason) co_return reason.error();
    if (reason->empty() || reason->size() > 1000)
        co_return wrong_launch("reason", "Say why, in a text of at most 1,000 bytes.");
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

boost::asio::awaitable<Result<http::Response>> get_launch_code(const Services& services,
                                                               const Request& request) {
    const auto launch = launch_of(services, request);
    if (!launch) co_return launch.error();
    if (!*launch) co_return unknown_launch();
    http::Response response;
    response.fields.add("Content-Type", "image/svg+xml");
    response.fields.add("Cache-Control", "private, no-store");
    response.fields.add("Content-Security-Policy", "default-src 'none'");
    const std::string token(path_parameter(request, "token"));
    response.body = qr_svg(public_origin(services.settings, request.head) + "/launch/" + token);
    co_return response;
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
