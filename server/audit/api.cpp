#include "server/audit/api.hpp"

#include "server/app/plain_protocol.hpp"
#include "server/audit/access_operations.hpp"
#include "server/audit/erasure_operations.hpp"
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
    Method{.name = "GET", .access = read_statements, .run = get_inclusion, .audited = Audited::reads}};

constexpr Access exporters{.people = {auth::Role::administrator, auth::Role::auditor},
                           .keys = {Scope::all, Scope::all_read}};
constexpr std::array exports_methods = {
    Method{.name = "GET", .access = exporters, .run = get_exports},
    Method{.name = "POST",
           .access = exporters,
           .run = post_exports,
           .takes_body = true,
           .audited = Audited::exports},
};
constexpr std::array schedules_methods = {
    Method{.name = "GET", .access = exporters, .run = get_schedules},
    Method{.name = "POST",
           .access = exporters,
           .run = post_schedules,
           .takes_body = true,
           .audited = Audited::exports},
};
constexpr std::array schedule_methods = {
    Method{.name = "DELETE", .access = exporters, .run = delete_schedule, .audited = Audited::exports}};
constexpr std::array export_methods = {
    Method{.name = "GET", .access = exporters, .run = get_export},
    Method{.name = "DELETE", .access = exporters, .run = delete_export},
};
constexpr std::array export_file_methods = {
    Method{.name = "GET", .access = exporters, .run = get_export_file, .audited = Audited::exports}};

// Who erases is an administrator; an auditor sees what was erased, and why.
constexpr Access erasers{.people = {auth::Role::administrator}, .keys = {Scope::all}};
constexpr Access erasure_readers{.people = {auth::Role::administrator, auth::Role::auditor},
                                 .keys = {Scope::all}};
constexpr std::array erasures_methods = {
    Method{.name = "GET", .access = erasure_readers, .run = get_erasures},
    Method{.name = "POST",
           .access = erasers,
           .run = post_erasures,
           .takes_body = true,
           .audited = Audited::erases},
};
constexpr std::array erasure_methods = {
    Method{.name = "GET", .access = erasure_readers, .run = get_erasure},
    Method{.name = "DELETE", .access = erasers, .run = delete_erasure, .audited = Audited::erases},
};
constexpr std::array confirm_methods = {
    Method{.name = "POST", .access = erasers, .run = post_confirm, .audited = Audited::erases}};
constexpr std::array holds_methods = {
    Method{.name = "GET", .access = erasure_readers, .run = get_holds},
    Method{
        .name = "POST", .access = erasers, .run = post_holds, .takes_body = true, .audited = Audited::erases},
};
constexpr std::array hold_methods = {
    Method{.name = "DELETE", .access = erasers, .run = delete_hold, .audited = Audited::erases}};
constexpr std::array retention_methods = {
    Method{.name = "GET", .access = erasure_readers, .run = get_retention},
    Method{.name = "POST",
           .access = erasers,
           .run = post_retention,
           .takes_body = true,
           .audited = Audited::erases},
};
constexpr std::array rule_methods = {
    Method{.name = "DELETE", .access = erasers, .run = delete_rule, .audited = Audited::erases}};
constexpr std::array apply_methods = {
    Method{.name = "POST", .access = erasers, .run = post_apply, .audited = Audited::erases}};

constexpr std::array accesses_methods = {Method{.name = "GET", .access = exporters, .run = get_accesses}};

constexpr std::array resources = {
    Resource{.name = "accesses", .path = "/accesses", .methods = accesses_methods},
    Resource{.name = "erasures", .path = "/erasures", .methods = erasures_methods},
    Resource{.name = "erasures", .path = "/erasures/{id}", .methods = erasure_methods},
    Resource{.name = "erasures", .path = "/erasures/{id}/confirm", .methods = confirm_methods},
    Resource{.name = "holds", .path = "/holds", .methods = holds_methods},
    Resource{.name = "holds", .path = "/holds/{id}", .methods = hold_methods},
    Resource{.name = "retention", .path = "/retention", .methods = retention_methods},
    Resource{.name = "retention", .path = "/retention/apply", .methods = apply_methods},
    Resource{.name = "retention", .path = "/retention/{id}", .methods = rule_methods},
    Resource{.name = "exports", .path = "/exports", .methods = exports_methods},
    Resource{.name = "exports", .path = "/exports/schedules", .methods = schedules_methods},
    Resource{.name = "exports", .path = "/exports/schedules/{id}", .methods = schedule_methods},
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
