#include "server/routes.hpp"

#include "server/health.hpp"
#include "server/xapi/about.hpp"
#include "server/xapi/statements.hpp"

#include <array>

namespace leerspoor::server {
namespace {

using auth::Scope;
using auth::Scopes;

constexpr Scopes write_statements{Scope::all, Scope::statements_write};
constexpr Scopes read_statements{Scope::all, Scope::all_read, Scope::statements_read,
                                 Scope::statements_read_mine};
constexpr Scopes read_all{Scope::all, Scope::all_read};

constexpr std::array statements_methods = {
    Method{"GET", read_statements, false, xapi::get_statements},
    Method{"PUT", write_statements, true, xapi::put_statement},
    Method{"POST", write_statements, true, xapi::post_statements},
};
constexpr std::array about_methods = {Method{"GET", {}, false, xapi::get_about}};
constexpr std::array healthz_methods = {Method{"GET", {}, false, get_healthz}};
constexpr std::array readyz_methods = {Method{"GET", {}, false, get_readyz}};
constexpr std::array metrics_methods = {Method{"GET", read_all, false, get_metrics}};

constexpr std::array resources = {
    Resource{"statements", true, true, true, Access::key, statements_methods},
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
