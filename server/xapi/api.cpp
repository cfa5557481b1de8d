#include "server/xapi/api.hpp"

#include "server/app/plain_protocol.hpp"
#include "server/xapi/about.hpp"
#include "server/xapi/activities.hpp"
#include "server/xapi/agents.hpp"
#include "server/xapi/content_type.hpp"
#include "server/xapi/live.hpp"
#include "server/xapi/profiles.hpp"
#include "server/xapi/protocol.hpp"
#include "server/xapi/state.hpp"
#include "server/xapi/statements.hpp"

#include <array>

namespace leerspoor::server::xapi {
namespace {

using auth::Scope;

constexpr Access everybody{.everybody = true};
constexpr Access write_statements{.keys = {Scope::all, Scope::statements_write, Scope::launched}};
constexpr auth::Roles readers = auth::who_see_persons;
constexpr Access read_statements{
    .people = readers,
    .keys = {Scope::all, Scope::all_read, Scope::statements_read, Scope::statements_read_mine}};
// And content that was launched, of its registration.
constexpr Access ask_statements{.people = readers,
                                .keys = {Scope::all, Scope::all_read, Scope::statements_read,
                                         Scope::statements_read_mine, Scope::launched}};
constexpr Access write_state{.keys = {Scope::all, Scope::state, Scope::launched}};
constexpr Access read_state{.keys = {Scope::all, Scope::all_read, Scope::state, Scope::launched}};
constexpr Access write_profiles{.keys = {Scope::all, Scope::profile, Scope::launched}};
constexpr Access read_profiles{.keys = {Scope::all, Scope::all_read, Scope::profile, Scope::launched}};
constexpr Access read_all{.people = readers, .keys = {Scope::all, Scope::all_read}};

constexpr Method get(Access access, Operation run) {
    return {.name = "GET", .access = access, .run = run};
}
// Of what people did.
constexpr Method get_records(Access access, Operation run) {
    return {.name = "GET", .access = access, .run = run, .audited = Audited::reads};
}
constexpr Method put(Access access, Operation run) {
    return {.name = "PUT", .access = access, .run = run, .takes_body = true};
}
constexpr Method post(Access access, Operation run) {
    return {.name = "POST", .access = access, .run = run, .takes_body = true};
}
constexpr Method remove(Access access, Operation run) {
    return {.name = "DELETE", .access = access, .run = run};
}
constexpr Method with_attachments(Method method) {
    method.streams = is_multipart;
    return method;
}

constexpr std::array statements = {
    get_records(ask_statements, get_statements),
    with_attachments(put(write_statements, put_statement)),
    with_attachments(post(write_statements, post_statements)),
};
constexpr std::array state = {
    get_records(read_state, get_state),
    put(write_state, put_state),
    post(write_state, post_state),
    remove(write_state, delete_state),
};
constexpr std::array activity_profile = {
    get(read_profiles, get_activity_profile),
    put(write_profiles, put_activity_profile),
    post(write_profiles, post_activity_profile),
    remove(write_profiles, delete_activity_profile),
};
constexpr std::array agent_profile = {
    get_records(read_profiles, get_agent_profile),
    put(write_profiles, put_agent_profile),
    post(write_profiles, post_agent_profile),
    remove(write_profiles, delete_agent_profile),
};
constexpr std::array activities = {get(ask_statements, get_activity)};
constexpr std::array agents = {get_records(read_all, get_agent)};
constexpr std::array about = {get(everybody, get_about)};

constexpr Resource resource(std::string_view path, std::span<const Method> methods, std::uint32_t marks) {
    return {.name = path.substr(1), .path = path, .methods = methods, .marks = marks};
}

constexpr std::array resources = {
    resource("/statements", statements, Protocol::versioned | Protocol::consistent),
    resource("/activities/state", state, Protocol::versioned),
    resource("/activities/profile", activity_profile, Protocol::versioned),
    resource("/agents/profile", agent_profile, Protocol::versioned),
    resource("/activities", activities, Protocol::versioned),
    resource("/agents", agents, Protocol::versioned),
    resource("/about", about, 0),
};

constexpr std::array live = {Method{.name = "GET",
                                    .access = read_statements,
                                    .run = get_live_statements,
                                    .takes_long = true,
                                    .audited = Audited::reads}};
constexpr std::array attachments = {
    Method{.name = "GET", .access = read_statements, .run = get_attachment, .audited = Audited::reads}};
constexpr std::array plain_resources = {
    Resource{.name = "statements_live", .path = "/statements/live", .methods = live},
    Resource{.name = "attachment", .path = "/statements/{id}/attachments/{sha2}", .methods = attachments},
};
constexpr std::array<std::string_view, 1> plain_prefixes = {"/api/v1"};

constexpr std::array<std::string_view, 3> prefixes = {"/xapi", "/xAPI", "/data/xAPI"};

} // namespace

Api api() {
    static const Protocol protocol;
    Api api;
    api.prefixes = prefixes;
    api.resources = resources;
    api.protocol = &protocol;
    api.cross_origin = true;
    api.doubled_slash = true;
    return api;
}

Api plain_api() {
    static const PlainProtocol protocol;
    Api api;
    api.prefixes = plain_prefixes;
    api.resources = plain_resources;
    api.protocol = &protocol;
    return api;
}

} // namespace leerspoor::server::xapi
