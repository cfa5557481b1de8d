#include "server/api/api.hpp"

#include "server/api/keys.hpp"
#include "server/api/openapi.hpp"
#include "server/api/organization.hpp"
#include "server/api/people.hpp"
#include "server/api/personas.hpp"
#include "server/api/session.hpp"
#include "server/app/plain_protocol.hpp"

#include <array>

namespace leerspoor::server::api {
namespace {

using auth::Role;

constexpr Access everybody{.everybody = true};
constexpr Access signed_in{.people = auth::everybody_who_signed_in};
constexpr Access administrators{.people = {Role::administrator}};
constexpr Access see_persons{.people = auth::who_see_persons};

constexpr std::array openapi_methods = {Method{.name = "GET", .access = everybody, .run = get_openapi}};
constexpr std::array session_methods = {
    Method{.name = "GET", .access = signed_in, .run = get_session},
    Method{.name = "POST", .access = everybody, .run = post_session, .takes_body = true},
    Method{.name = "DELETE", .access = signed_in, .run = delete_session},
};
constexpr std::array sessions_methods = {Method{.name = "GET", .access = signed_in, .run = get_sessions}};
constexpr std::array one_session_methods = {
    Method{.name = "DELETE", .access = signed_in, .run = delete_one_session}};
constexpr std::array invitations_methods = {Method{.name = "POST",
                                                   .access = administrators,
                                                   .run = post_invitations,
                                                   .takes_body = true,
                                                   .audited = Audited::manages}};
constexpr std::array invitation_methods = {
    Method{.name = "GET", .access = everybody, .run = get_invitation},
    Method{.name = "POST", .access = everybody, .run = post_invitation, .takes_body = true},
};
constexpr std::array people_methods = {Method{.name = "GET", .access = administrators, .run = get_people}};
constexpr std::array person_methods = {
    Method{.name = "DELETE", .access = administrators, .run = delete_person, .audited = Audited::manages}};
constexpr std::array keys_methods = {
    Method{.name = "GET", .access = administrators, .run = get_keys},
    Method{.name = "POST",
           .access = administrators,
           .run = post_keys,
           .takes_body = true,
           .audited = Audited::manages},
};
constexpr std::array key_methods = {
    Method{.name = "DELETE", .access = administrators, .run = delete_key, .audited = Audited::manages}};

constexpr std::array organization_methods = {
    Method{.name = "GET", .access = everybody, .run = get_organization},
    Method{.name = "PUT",
           .access = administrators,
           .run = put_organization,
           .takes_body = true,
           .audited = Audited::manages},
};
constexpr std::array personas_methods = {
    Method{.name = "GET", .access = see_persons, .run = get_personas},
    Method{.name = "POST",
           .access = administrators,
           .run = post_personas,
           .takes_body = true,
           .audited = Audited::manages},
};
constexpr std::array proposals_methods = {
    Method{.name = "GET", .access = administrators, .run = get_proposals}};
constexpr std::array persona_methods = {
    Method{.name = "DELETE", .access = administrators, .run = delete_persona, .audited = Audited::manages}};

constexpr std::array resources = {
    Resource{.name = "openapi", .path = "/openapi.json", .methods = openapi_methods},
    Resource{.name = "session", .path = "/session", .methods = session_methods},
    Resource{.name = "sessions", .path = "/sessions", .methods = sessions_methods},
    Resource{.name = "sessions", .path = "/sessions/{id}", .methods = one_session_methods},
    Resource{.name = "invitations", .path = "/invitations", .methods = invitations_methods},
    Resource{.name = "invitations", .path = "/invitations/{token}", .methods = invitation_methods},
    Resource{.name = "people", .path = "/people", .methods = people_methods},
    Resource{.name = "people", .path = "/people/{name}", .methods = person_methods},
    Resource{.name = "organization", .path = "/organization", .methods = organization_methods},
    Resource{.name = "personas", .path = "/personas", .methods = personas_methods},
    Resource{.name = "personas", .path = "/personas/proposals", .methods = proposals_methods},
    Resource{.name = "personas", .path = "/personas/{id}", .methods = persona_methods},
    Resource{.name = "keys", .path = "/keys", .methods = keys_methods},
    Resource{.name = "keys", .path = "/keys/{key}", .methods = key_methods},
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

} // namespace leerspoor::server::api
