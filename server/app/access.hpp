// Who may do something: a value in each row of a table of routes.
#pragma once

#include "server/auth/key_ring.hpp"
#include "server/auth/roles.hpp"
#include "server/auth/scopes.hpp"

namespace leerspoor::server {

// Whoever fits one of these may come in.
struct Access {
    bool everybody = false;
    bool operators = false;      // clients on this machine
    auth::Roles people{};        // who have signed in, with one of these roles
    auth::Scopes keys{};         // a key with one of these scopes
    bool of_first_store = false; // and of that store only: what is given tells of all stores

    bool admits(const auth::Principal& who) const {
        if (of_first_store && who.store != storage::first_store) return false;
        return who.is_person ? people.contains(who.role) : who.scopes.intersects(keys);
    }
};

// What a method of a resource does to people's records.
enum class Audited : std::uint8_t {
    nothing,
    reads,
    counts, // reads, where persons are told apart; otherwise nothing
    exports,
    erases,
    manages // who may do what, and who is whom
};

} // namespace leerspoor::server
