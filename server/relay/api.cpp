#include "server/relay/api.hpp"

#include "server/app/plain_protocol.hpp"
#include "server/relay/relay_operations.hpp"

#include <array>

namespace leerspoor::server::relay {
namespace {

constexpr Access administrators{.people = {auth::Role::administrator}, .keys = {auth::Scope::all}};

constexpr std::array relays_methods = {
    Method{.name = "GET", .access = administrators, .run = get_relays},
    Method{.name = "POST",
           .access = administrators,
           .run = post_relays,
           .takes_body = true,
           .audited = Audited::exports},
};
constexpr std::array relay_methods = {
    Method{.name = "GET", .access = administrators, .run = get_relay},
    Method{.name = "DELETE", .access = administrators, .run = delete_relay, .audited = Audited::exports},
};
constexpr std::array letters_methods = {
    Method{.name = "GET", .access = administrators, .run = get_dead_letters}};
constexpr std::array retry_methods = {
    Method{.name = "POST", .access = administrators, .run = post_retry, .audited = Audited::exports}};

constexpr std::array resources = {
    Resource{.name = "relays", .path = "/relays", .methods = relays_methods},
    Resource{.name = "relays", .path = "/relays/{id}", .methods = relay_methods},
    Resource{.name = "relays", .path = "/relays/{id}/dead-letters", .methods = letters_methods},
    Resource{.name = "relays", .path = "/relays/{id}/retry", .methods = retry_methods},
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

} // namespace leerspoor::server::relay
