#include "server/routes.hpp"

#include "server/health.hpp"
#include "server/xapi/about.hpp"
#include "server/xapi/activities.hpp"
#include "server/xapi/agents.hpp"
#include "server/xapi/profiles.hpp"
#include "server/xapi/state.hpp"
#include "server/xapi/statements.hpp"

#include <array>

namespace leerspoor::server {
namespace {

using auth::Scope;
using auth::Scopes;

constexpr Scopes write_statements{Scope::all, Scope::statements_write};
constexpr Scopes read_statements{Scope::all, Scope::all_read, Scope::statements_read,
                                 Scope::statements_read_mine};
constexpr Scopes write_state{Scope::all, Scope::state};
constexpr Scopes read_state{Scope::all, Scope::all_read, Scope::state};
constexpr Scopes write_profiles{Scope::all, Scope::profile};
constexpr Scopes read_profiles{Scope::all, Scope::all_read, Scope::profile};
constexpr Scopes read_all{Scope::all, Scope::all_read};

constexpr std::array statements_methods = {
    Method{"GET", read_statements, false, xapi::get_statements},
    Method{"PUT", write_statements, true, xapi::put_statement, true},
    Method{"POST", write_statements, true, xapi::post_statements, true},
};
constexpr std::array state_methods = {
    Method{"GET", read_state, false, xapi::get_state},
    Method{"PUT", write_state, true, xapi::put_state},
    Method{"POST", write_state, true, xapi::post_state},
    Method{"DELETE", write_state, false, xapi::delete_state},
};
constexpr std::array activity_profile_methods = {
    Method{"GET", read_profiles, false, xapi::get_activity_profile},
    Method{"PUT", write_profiles, true, xapi::put_activity_profile},
    Method{"POST", write_profiles, true, xapi::post_activity_profile},
    Method{"DELETE", write_profiles, false, xapi::delete_activity_profile},
};
constexpr std::array agent_profile_methods = {
    Method{"GET", read_profiles, false, xapi::get_agent_profile},
    Method{"PUT", write_profiles, true, xapi::put_agent_profile},
    Method{"POST", write_profiles, true, xapi::post_agent_profile},
    Method{"DELETE", write_profiles, false, xapi::delete_agent_profile},
};
constexpr std::array activities_methods = {Method{"GET", read_statements, false, xapi::get_activity}};
constexpr std::array agents_methods = {Method{"GET", read_all, false, xapi::get_agent}};
constexpr std::array about_methods = {Method{"GET", {}, false, xapi::get_about}};
constexpr std::array healthz_methods = {Method{"GET", {}, false, get_healthz}};
constexpr std::array readyz_methods = {Method{"GET", {}, false, get_readyz}};
constexpr std::array metrics_methods = {Method{"GET", read_all, false, get_metrics}};

constexpr std::array resources = {
    Resource{"statements", true, true, true, Access::key, statements_methods},
    Resource{"activities/state", true, true, false, Access::key, state_methods},
    Resource{"activities/profile", true, true, false, Access::key, activity_profile_methods},
    Resource{"agents/profile", true, true, false, Access::key, agent_profile_methods},
    Resource{"activities", true, true, false, Access::key, activities_methods},
    Resource{"agents", true, true, false, Access::key, agents_methods},
    Resource{"about", true, false, false, Access::open, about_methods},
    Resource{"healthz", false, false, false, Access::open, healthz_methods},
    Resource{"readyz", false, false, false, Access::open, readyz_methods},
    Resource{"metrics", false, false, false, Access::operators, metrics_methods},
};

constexpr std::array<std::string_view, 3> prefixes = {"/xapi", "/xAPI", "/data/xAPI"};

} // namespace

Match find_resource(std::string_view path) {
    for (const auto& resource : resources) {
        if (!resource.xapi) {
            if (path.starts_with('/') && path.substr(1) == resource.name)
                return {&resource, std::string(path)};
            continue;
        }
        for (const auto prefix : prefixes) {
            if (!path.starts_with(prefix)) continue;
            std::string_view rest = path.substr(prefix.size());
            if (!rest.starts_with('/')) continue;
            rest.remove_prefix(rest.starts_with("//") ? 2 : 1);
            if (rest != resource.name) continue;
            return {&resource, std::string(prefix) + "/" + std::string(resource.name)};
        }
    }
    return {};
}

const Method* find_method(const Resource& resource, std::string_view name) {
    if (name == "HEAD") name = "GET";
    for (const auto& method : resource.methods) {
        if (method.name == name) return &method;
    }
    return nullptr;
}

std::string allowed_methods(const Resource& resource) {
    std::string list;
    for (const auto& method : resource.methods) {
        if (!list.empty()) list += ", ";
        list += method.name;
        if (method.name == "GET") list += ", HEAD";
    }
    return list;
}

} // namespace leerspoor::server
