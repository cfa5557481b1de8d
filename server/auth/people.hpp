// People who sign in: invited by a link, known by a name and a password, and recognised by a session.
#pragma once

#include "server/auth/key_ring.hpp"
#include "server/auth/roles.hpp"
#include "server/auth/throttle.hpp"
#include "storage/records.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server::auth {

struct Person {
    std::string name; // to sign in with; of any language, 1 to 100 bytes
    Role role = Role::learner;
    spec::Instant created;
};

// An invitation as its maker sees it; the link has the token.
struct Invitation {
    std::string token; // shown once, never kept
    Role role = Role::learner;
    spec::Instant expires;
};

struct Session {
    std::string id; // to revoke it by; not the token
    std::string person;
    std::string address; // of the client that signed in
    spec::Instant begun;
    spec::Instant expires;
};

struct NewSession {
    std::string token; // for the cookie; never kept
    std::shared_ptr<const Principal> principal;
    spec::Instant expires;
};

struct PeopleOptions {
    HashCost cost;
    ThrottleOptions throttle;
    std::function<spec::Instant()> now = {}; // empty: the system's clock
};

// Every function may be called from any thread. What is durable is so when it returns. Errors besides those
// named: those of the store.
class People {
  public:
    static Result<std::unique_ptr<People>> load(storage::SmallRecordStore& store, PeopleOptions options = {});

    // Nobody has an account yet.
    bool empty() const;
    std::vector<Person> list() const;

    // Good once, for seven days. `reset_of`: for that person to choose a new password.
    Result<Invitation> invite(Role role, std::string reset_of = {});
    // The role that the link gives, and the name where it is a reset; nothing when it is no good (any more).
    std::optional<std::pair<Role, std::string>> invited(std::string_view token) const;
    // Makes the account, or sets the password, and signs in. As slow as hashing a password. Errors:
    // invitation_invalid, person_name_invalid, person_exists, password_too_short.
    Result<NewSession> accept(std::string_view token, std::string name, std::string_view password,
                              std::string_view address);
    // As slow as hashing a password, whether the name is known or not. Errors: sign_in_refused,
    // sign_in_throttled.
    Result<NewSession> sign_in(std::string_view name, std::string_view password, std::string_view address);

    // Who has this session; null when it is none, or it has ended. Quick.
    std::shared_ptr<const Principal> find_session(std::string_view token) const;
    std::vector<Session> sessions_of(std::string_view person) const;
    // Errors: session_unknown.
    Result<void> end_session(std::string_view person, std::string_view id);
    Result<void> sign_out(std::string_view token);

    // Their sessions end. Errors: person_unknown, last_administrator.
    Result<void> remove(std::string_view person);

  private:
    struct Account {
        Person person;
        std::string password_hash;
    };
    struct Kept {
        Session session;
        std::shared_ptr<const Principal> principal;
    };
    struct Invited {
        Role role = Role::learner;
        std::string reset_of;
        spec::Instant expires;
    };

    People(storage::SmallRecordStore& store, PeopleOptions options);
    Result<void> read();
    Result<NewSession> begin_session(const Person& person, std::string_view address);
    std::shared_ptr<const Principal> principal_of(const Person& person, std::string csrf) const;
    Result<void> save(const Account& account);
    Result<void> end_sessions_of(std::string_view person);

    storage::SmallRecordStore& store_;
    PeopleOptions options_;
    Throttle throttle_;
    std::string nobodys_hash_;
    std::mutex changing_; // one change at a time
    mutable std::shared_mutex mutex_;
    std::map<std::string, Account, std::less<>> accounts_;
    std::map<std::string, Kept, std::less<>> sessions_;       // by the token's digest
    std::map<std::string, Invited, std::less<>> invitations_; // by the token's digest
};

} // namespace leerspoor::server::auth
