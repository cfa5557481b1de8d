#include "server/courses/launch_request.hpp"

#include "server/app/settings.hpp"
#include "server/courses/kept.hpp"
#include "server/courses/launches.hpp"
#include "server/support/log.hpp"
#include "spec/agent.hpp"
#include "spec/iri.hpp"

#include <boost/json/serialize.hpp>

namespace leerspoor::server::courses {
namespace {

namespace json = boost::json;

constexpr std::chrono::hours usual_time{24 * 7};
constexpr std::chrono::hours longest_time{24 * 366};

// A launch as its maker asks for it.
struct Wanted {
    json::object learner;
    std::optional<spec::Uuid> registration;
    Launch launch;
};

Result<Wanted> wanted_in(const json::object& body) {
    Wanted wanted;
    wanted.launch.expires = present() + usual_time;
    for (const auto& [key, value] : body) {
        const std::string_view name = key;
        if (name == "learner") {
            if (!value.is_object()) return wrong_launch(name, "The learner is an Agent.");
            auto learner = spec::parse_agent(json::serialize(value), spec::Version::v2_0_0, false);
            if (!learner) {
                auto error = learner.error();
                error.pointer = "/learner" + error.pointer;
                return error;
            }
            wanted.learner = std::move(*learner);
            continue;
        }
        if (!value.is_string()) return wrong_launch(name, "This must be a text.");
        const std::string text(value.get_string());
        if (name == "course") {
            wanted.launch.course = text;
        } else if (name == "node") {
            wanted.launch.node = text;
        } else if (name == "mode") {
            const auto mode = spec::courses::parse_launch_mode(text);
            if (!mode) return wrong_launch(name, "A mode is normal, browse or review.");
            wanted.launch.mode = *mode;
        } else if (name == "registration") {
            wanted.registration = spec::parse_uuid(text);
            if (!wanted.registration) return wrong_launch(name, "A registration is a UUID.");
        } else if (name == "return_url") {
            const bool is_web = text.starts_with("https://") || text.starts_with("http://");
            if (!is_web || !spec::is_irl(text))
                return wrong_launch(name, "This must be an http or https URL.");
            wanted.launch.return_url = text;
        } else if (name == "expires") {
            const auto expires = spec::parse_timestamp(text, spec::Version::v2_0_0);
            if (!expires || *expires <= present() || *expires > present() + longest_time)
                return wrong_launch(name, "This must be a time within a year from now.");
            wanted.launch.expires = *expires;
        } else {
            return wrong_launch(
                name, "There are course, learner, node, mode, registration, expires and return_url.");
        }
    }
    if (wanted.launch.course.empty()) return wrong_launch("course", "Say which course is launched.");
    if (wanted.learner.empty()) return wrong_launch("learner", "Say who learns: an Agent.");
    return wanted;
}

} // namespace

Error wrong_launch(std::string_view member, std::string sentence) {
    return {"launch_invalid", "/" + std::string(member), std::move(sentence)};
}

Result<json::object> make_launch(const Services& services, storage::StoreId tenant, std::string by,
                                 std::string_view origin, const json::object& body) {
    auto wanted = wanted_in(body);
    if (!wanted) return wanted.error();
    auto& launch = wanted->launch;
    launch.tenant = tenant;
    launch.by = std::move(by);
    const auto version = services.courses->newest(tenant, launch.course);
    if (!version) return Error{"course_unknown", "/course", "There is no such course."};
    if (version->content.kind == spec::courses::CourseKind::cmi5 && !wanted->learner.contains("account"))
        return Error{"learner_without_account", "/learner",
                     "cmi5 knows learners by an account: {\"account\": {\"homePage\": …, \"name\": …}}."};
    const auto registration = services.launches->enrol(*services.courses, tenant, launch.course,
                                                       wanted->learner, wanted->registration);
    if (!registration) return registration.error();
    const auto begun_with = services.courses->version(registration->version);
    const auto* node = begun_with ? find_node(begun_with->content, launch.node) : nullptr;
    if (!launch.node.empty() && (!node || node->href.empty()))
        return wrong_launch("node", "The course has no such part that could be started.");
    launch.registration = registration->id;
    const auto made = services.launches->make(std::move(launch));
    if (!made) return made.error();
    if (services.log)
        services.log->event(Level::info, "launch made",
                            {{"course", made->launch.course}, {"by", made->launch.by}});
    return json::object{{"url", std::string(origin) + "/launch/" + made->token},
                        {"registration", made->launch.registration},
                        {"expires", spec::format_timestamp(made->launch.expires)}};
}

} // namespace leerspoor::server::courses
