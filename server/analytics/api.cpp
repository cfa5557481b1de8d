#include "server/analytics/api.hpp"

#include "server/analytics/operations.hpp"
#include "server/app/plain_protocol.hpp"

#include <array>

namespace leerspoor::server::analytics {
namespace {

using auth::Role;
using auth::Scope;

constexpr Access analysts{.people = {Role::administrator, Role::analyst, Role::auditor, Role::trainer},
                          .keys = {Scope::all, Scope::all_read, Scope::analytics}};

constexpr std::array query_methods = {
    Method{
        .name = "GET", .access = analysts, .run = get_query, .takes_long = true, .audited = Audited::counts},
    Method{.name = "POST",
           .access = analysts,
           .run = post_query,
           .takes_body = true,
           .takes_long = true,
           .audited = Audited::counts}};
constexpr std::array measures_methods = {Method{.name = "GET", .access = analysts, .run = get_measures}};

constexpr Method post(Operation run) {
    return {.name = "POST",
            .access = analysts,
            .run = run,
            .takes_body = true,
            .takes_long = true,
            .audited = Audited::counts};
}
constexpr std::array funnel_methods = {post(post_funnel)};
constexpr std::array cohorts_methods = {post(post_cohorts)};
constexpr std::array matrix_methods = {post(post_matrix)};
constexpr std::array questions_methods = {post(post_questions)};

constexpr std::array resources = {
    Resource{.name = "analytics_query", .path = "/query", .methods = query_methods},
    Resource{.name = "analytics_funnel", .path = "/funnel", .methods = funnel_methods},
    Resource{.name = "analytics_cohorts", .path = "/cohorts", .methods = cohorts_methods},
    Resource{.name = "analytics_matrix", .path = "/matrix", .methods = matrix_methods},
    Resource{.name = "analytics_questions", .path = "/questions", .methods = questions_methods},
    Resource{.name = "analytics_measures", .path = "/measures", .methods = measures_methods},
};

constexpr std::array<std::string_view, 1> prefixes = {"/api/v1/analytics"};

} // namespace

Api api() {
    static const PlainProtocol protocol;
    Api api;
    api.prefixes = prefixes;
    api.resources = resources;
    api.protocol = &protocol;
    return api;
}

} // namespace leerspoor::server::analytics
