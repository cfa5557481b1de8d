#include "server/courses/api.hpp"

#include "server/app/plain_protocol.hpp"
#include "server/courses/content_operations.hpp"
#include "server/courses/course_operations.hpp"
#include "server/courses/launch_operations.hpp"
#include "server/courses/run_operations.hpp"

#include <array>

namespace leerspoor::server::courses {
namespace {

using auth::Role;
using auth::Scope;

constexpr Access makers{.people = {Role::administrator, Role::trainer}, .keys = {Scope::all, Scope::courses}};
constexpr Access readers{.people = {Role::administrator, Role::trainer, Role::auditor, Role::analyst},
                         .keys = {Scope::all, Scope::courses}};

constexpr bool always(const http::RequestHead& /*head*/) {
    return true;
}

constexpr std::array courses_methods = {
    Method{.name = "GET", .access = readers, .run = get_courses},
    Method{.name = "POST",
           .access = makers,
           .run = post_courses,
           .streams = always,
           .streams_up_to = &Settings::max_package_bytes},
};
constexpr std::array course_methods = {
    Method{.name = "GET", .access = readers, .run = get_course},
    Method{.name = "PATCH", .access = makers, .run = patch_course, .takes_body = true},
    Method{.name = "DELETE", .access = makers, .run = delete_course},
};

// Who is where in a course.
constexpr Access see_learners{.people = auth::who_see_persons, .keys = {Scope::all, Scope::courses}};
constexpr Access everybody{.everybody = true};
constexpr Access who_signed_in{.people = auth::everybody_who_signed_in};

constexpr std::array launches_methods = {
    Method{.name = "POST", .access = makers, .run = post_launches, .takes_body = true}};
constexpr std::array launch_methods = {Method{.name = "GET", .access = everybody, .run = get_launch}};
constexpr std::array code_methods = {Method{.name = "GET", .access = everybody, .run = get_launch_code}};
constexpr std::array start_methods = {Method{.name = "POST", .access = everybody, .run = post_start}};
constexpr std::array registrations_methods = {
    Method{.name = "GET", .access = see_learners, .run = get_registrations, .audited = Audited::reads}};
constexpr std::array my_courses_methods = {
    Method{.name = "GET", .access = who_signed_in, .run = get_my_courses}};
constexpr std::array my_launch_methods = {
    Method{.name = "POST", .access = who_signed_in, .run = post_my_launch}};
constexpr std::array move_methods = {
    Method{.name = "POST", .access = makers, .run = post_move, .takes_body = true}};
constexpr std::array waive_methods = {
    Method{.name = "POST", .access = makers, .run = post_waive, .takes_body = true}};
constexpr std::array abandon_methods = {Method{.name = "POST", .access = makers, .run = post_abandon}};
constexpr std::array token_methods = {Method{.name = "POST", .access = everybody, .run = post_token}};
constexpr std::array content_methods = {Method{.name = "GET", .access = everybody, .run = get_content}};

constexpr std::array resources = {
    Resource{.name = "courses", .path = "/courses", .methods = courses_methods},
    Resource{.name = "courses", .path = "/courses/{id}", .methods = course_methods},
    Resource{
        .name = "registrations", .path = "/courses/{id}/registrations", .methods = registrations_methods},
    Resource{.name = "registrations",
             .path = "/courses/{id}/registrations/{registration}/waive",
             .methods = waive_methods},
    Resource{.name = "registrations", .path = "/courses/{id}/move", .methods = move_methods},
    Resource{.name = "my_courses", .path = "/my/courses", .methods = my_courses_methods},
    Resource{.name = "my_courses", .path = "/my/courses/{id}/launch", .methods = my_launch_methods},
    Resource{.name = "launches", .path = "/launches", .methods = launches_methods},
    Resource{.name = "launches", .path = "/launches/{token}", .methods = launch_methods},
    Resource{.name = "launches", .path = "/launches/{token}/qr.svg", .methods = code_methods},
    Resource{.name = "launches", .path = "/launches/{token}/start", .methods = start_methods},
    Resource{.name = "sessions", .path = "/sessions/{session}/abandon", .methods = abandon_methods},
};

constexpr std::array content_side_resources = {
    Resource{.name = "sessions", .path = "/sessions/{token}/token", .methods = token_methods},
};
constexpr std::array run_methods = {
    Method{.name = "GET", .access = everybody, .run = get_run},
    Method{.name = "POST", .access = everybody, .run = post_run, .takes_body = true},
};
constexpr std::array content_resources = {
    Resource{.name = "run", .path = "/{token}/-/run", .methods = run_methods},
    Resource{.name = "content", .path = "/{token}/{path...}", .methods = content_methods},
};

constexpr std::array<std::string_view, 1> prefixes = {"/api/v1"};
constexpr std::array<std::string_view, 1> root = {""};

} // namespace

Api api() {
    static const PlainProtocol protocol;
    Api api;
    api.prefixes = prefixes;
    api.resources = resources;
    api.protocol = &protocol;
    return api;
}

Api content_side_api() {
    auto made = api();
    made.resources = content_side_resources;
    made.cross_origin = true;
    return made;
}

Api content_api(const std::string& content_host) {
    auto made = api();
    made.host = content_host;
    made.prefixes = root;
    made.resources = content_resources;
    return made;
}

} // namespace leerspoor::server::courses
