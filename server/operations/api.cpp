#include "server/operations/api.hpp"

#include "server/operations/health.hpp"

#include <array>

namespace leerspoor::server::operations {
namespace {

using auth::Scope;

constexpr Access everybody{.everybody = true};
constexpr Access operators{.operators = true, .keys = {Scope::all, Scope::all_read}, .of_first_store = true};

constexpr std::array healthz = {Method{.name = "GET", .access = everybody, .run = get_healthz}};
constexpr std::array readyz = {Method{.name = "GET", .access = everybody, .run = get_readyz}};
constexpr std::array metrics = {Method{.name = "GET", .access = operators, .run = get_metrics}};

constexpr std::array resources = {
    Resource{.name = "healthz", .path = "/healthz", .methods = healthz},
    Resource{.name = "readyz", .path = "/readyz", .methods = readyz},
    Resource{.name = "metrics", .path = "/metrics", .methods = metrics},
};

constexpr std::array<std::string_view, 1> root = {""};

} // namespace

Api api() {
    Api api;
    api.prefixes = root;
    api.resources = resources;
    return api;
}

} // namespace leerspoor::server::operations
