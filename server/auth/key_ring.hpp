// The keys that may use the stores: made, listed, revoked, and found by name for every request.
#pragma once

#include "server/auth/roles.hpp"
#include "server/auth/scopes.hpp"
#include "server/auth/secret.hpp"
#include "spec/base/version.hpp"
#include "storage/record_store.hpp"

#include <atomic>
#include <boost/json/object.hpp>
#include <cstdint>
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

// A key that is in force, ready for use by a request. Immutable but for what it remembers.
struct Principal {
    std::string key;
    std::string secret_hash;
    storage::StoreId store = storage::first_store;
    Scopes scopes;
    bool is_person = false; // who has signed in, instead of a machine's key
    std::string person;     // their name
    Role role = Role::learner;
    std::string csrf;         // what a request of theirs that changes something must carry
    std::string session;      // of content that was launched: its id; "": it is a key or a person
    std::string registration; // and what it sees of all statements
    // The Agent that vouches for this key's statements (xAPI 1.0.3 Part Two 2.4.9).
    boost::json::object authority;
    std::string authority_identity;
    // From then on nothing of it is begun, nor stored of what had begun.
    mutable std::atomic<bool> revoked = false;
    // The version in which this key spoke last: a refusal because a request names none is spoken in it.
    mutable std::atomic<spec::Version> last_version = spec::Version::v2_0_0;
};

struct NewKey {
    std::optional<std::string> key;    // made when absent
    std::optional<std::string> secret; // made when absent
    std::string name;
    std::vector<std::string> scopes{"all"};
    storage::StoreId store = storage::first_store;
};

struct CreatedKey {
    std::string key;
    std::string secret; // shown once, never kept
    storage::StoreId store = storage::first_store;
    std::vector<std::string> scopes;
};

struct KeyRingOptions {
    std::string authority_home_page = "https://leerspoor.local";
    HashCost cost;
    std::function<spec::Instant()> now = {}; // empty: the system's clock
};

// Every function may be called from any thread.
class KeyRing {
  public:
    static Result<std::unique_ptr<KeyRing>> load(storage::RecordStore& store, KeyRingOptions options = {});

    // Null when there is no such key or it was revoked.
    std::shared_ptr<const Principal> find(std::string_view key) const;
    // Is this what find() gives for its key now? Then what was verified of it still holds.
    bool is_current(const std::shared_ptr<const Principal>& principal) const {
        return find(principal->key) == principal;
    }
    std::vector<storage::Credential> list() const;
    bool empty() const;

    // Durable when it returns. Takes as long as hashing a secret. Errors: key_invalid, secret_invalid,
    // scope_unknown, key_exists (also when revoked), those of the store.
    Result<CreatedKey> create(const NewKey& request);
    // In force at once. Errors: key_unknown, those of the store. Revoking twice changes nothing.
    Result<void> revoke(std::string_view key);

    const HashCost& cost() const { return options_.cost; }

  private:
    struct Entry {
        storage::Credential credential;
        std::shared_ptr<const Principal> principal; // null when revoked
    };

    KeyRing(storage::RecordStore& store, KeyRingOptions options);
    Result<Entry> entry_of(storage::Credential credential) const;

    storage::RecordStore& store_;
    KeyRingOptions options_;
    std::mutex changing_;
    mutable std::shared_mutex mutex_;
    std::map<std::string, Entry, std::less<>> entries_;
};

} // namespace leerspoor::server::auth
