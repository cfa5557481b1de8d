#include "server/courses/api.hpp"

#include "server/app/plain_protocol.hpp"
#include "server/courses/course_operations.hpp"

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

constexpr std::array resources = {
    Resource{.name = "courses", .path = "/courses", .methods = courses_methods},
    Resource{.name = "courses", .path = "/courses/{id}", .methods = course_methods},
};

constexpr std::array<std::string_view, 1> prefixes = {"/api/v1"};

} // namespace

Api api() {
    static const PlainProtocol protocol;
    Api api;
    api.prefixes = prefixes;
    api.resources = resources;
    api.protocol = &protocol;
    return api;
}

} // namespace leerspoor::server::courses
