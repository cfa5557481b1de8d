#include "server/audit/api.hpp"

#include "server/app/plain_protocol.hpp"
#include "server/audit/export_operations.hpp"
#include "server/audit/log_operations.hpp"

#include <array>

namespace leerspoor::server::audit {
namespace {

using auth::Scope;

constexpr Access everybody{.everybody = true};
constexpr Access read_statements{.people = auth::who_see_persons, .keys = {Scope::all, Scope::all_read}};

constexpr std::array checkpoint_methods = {Method{.name = "GET", .access = everybody, .run = get_checkpoint}};
constexpr std::array key_methods = {Method{.name = "GET", .access = everybody, .run = get_log_key}};
constexpr std::array tile_methods = {Method{.name = "GET", .access = everybody, .run = get_tile}};
constexpr std::array consistency_methods = {
    Method{.name = "GET", .access = everybody, .run = get_consistency}};
constexpr std::array inclusion_methods = {
    Method{.name = "GET", .access = read_statements, .run = get_inclusion}};

constexpr Access exporters{.people = {auth::Role::administrator, auth::Role::auditor},
                           .keys = {Scope::all, Scope::all_read}};
constexpr std::array exports_methods = {
    Method{.name = "GET", .access = exporters, .run = get_exports},
    Method{.name = "POST", .access = exporters, .run = post_exports, .takes_body = true},
};
constexpr std::array export_methods = {
    Method{.name = "GET", .access = exporters, .run = get_export},
    Method{.name = "DELETE", .access = exporters, .run = delete_export},
};
constexpr std::array export_file_methods = {
    Method{.name = "GET", .access = exporters, .run = get_export_file}};

constexpr std::array resources = {
    Resource{.name = "exports", .path = "/exports", .methods = exports_methods},
    Resource{.name = "exports", .path = "/exports/{id}", .methods = export_methods},
    Resource{.name = "exports", .path = "/exports/{id}/file", .methods = export_file_methods},
    Resource{.name = "log", .path = "/log/checkpoint", .methods = checkpoint_methods},
    Resource{.name = "log", .path = "/log/key", .methods = key_methods},
    Resource{.name = "log", .path = "/log/consistency", .methods = consistency_methods},
    // A tile's number has a part of the path for each three digits; a partial tile's width is one more.
    Resource{.name = "log", .path = "/log/tile/{level}/{a}", .methods = tile_methods},
    Resource{.name = "log", .path = "/log/tile/{level}/{a}/{b}", .methods = tile_methods},
    Resource{.name = "log", .path = "/log/tile/{level}/{a}/{b}/{c}", .methods = tile_methods},
    Resource{.name = "log", .path = "/log/tile/{level}/{a}/{b}/{c}/{d}", .methods = tile_methods},
    Resource{.name = "inclusion", .path = "/statements/{id}/inclusion", .methods = inclusion_methods},
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

} // namespace leerspoor::server::audit
