// The keys of clients.
#pragma once

#include "spec/base/error.hpp"
#include "spec/base/timestamp.hpp"
#include "storage/store_id.hpp"

#include <optional>
#include <string>
#include <vector>

namespace leerspoor::storage {

// A key that may use a store. The secret itself is never kept.
struct Credential {
    std::string key;
    std::string secret_hash; // Argon2id, encoded
    std::string name;        // for people; also names the authority
    std::vector<std::string> scopes;
    StoreId store = first_store;
    spec::Instant created;
    std::optional<spec::Instant> revoked;
};

class CredentialStore {
  public:
    CredentialStore() = default;
    CredentialStore(const CredentialStore&) = delete;
    CredentialStore& operator=(const CredentialStore&) = delete;
    virtual ~CredentialStore() = default;

    // Durable when it returns. Replaces the credential of the same key.
    virtual Result<void> save_credential(const Credential& credential) = 0;
    virtual Result<std::vector<Credential>> credentials() = 0;
};

} // namespace leerspoor::storage
