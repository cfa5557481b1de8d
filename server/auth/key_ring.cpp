#include "server/auth/key_ring.hpp"

#include "server/support/random.hpp"
#include "spec/agent.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace leerspoor::server::auth {
namespace {

constexpr std::size_t max_key_length = 255;
constexpr std::size_t max_secret_length = 1024;
constexpr std::size_t max_name_length = 255;

bool has_controls(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
}

Result<void> check_texts(const std::string& key, const std::string& secret, const std::string& name) {
    if (key.empty() || key.size() > max_key_length || has_controls(key) ||
        key.find(':') != std::string::npos) {
        return Error{"key_invalid", "",
                     "A key has 1 to 255 characters, without a colon and control characters."};
    }
    if (secret.size() < 8 || secret.size() > max_secret_length || has_controls(secret)) {
        return Error{"secret_invalid", "", "A secret has 8 to 1024 characters, without control characters."};
    }
    if (name.size() > max_name_length || has_controls(name)) {
        return Error{"name_invalid", "", "A name has at most 255 characters, without control characters."};
    }
    return {};
}

spec::Instant system_now() {
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

} // namespace

KeyRing::KeyRing(storage::RecordStore& store, KeyRingOptions options)
    : store_(store), options_(std::move(options)) {
    if (!options_.now) options_.now = system_now;
}

Result<std::unique_ptr<KeyRing>> KeyRing::load(storage::RecordStore& store, KeyRingOptions options) {
    std::unique_ptr<KeyRing> ring(new KeyRing(store, std::move(options)));
    auto credentials = store.credentials();
    if (!credentials) return credentials.error();
    for (auto& credential : *credentials) {
        const std::string key = credential.key;
        auto entry = ring->entry_of(std::move(credential));
        if (!entry) return entry.error();
        ring->entries_.emplace(key, std::move(*entry));
    }
    return ring;
}

Result<KeyRing::Entry> KeyRing::entry_of(storage::Credential credential) const {
    Entry entry;
    if (!credential.revoked) {
        auto scopes = parse_scopes(credential.scopes);
        if (!scopes) return scopes.error();
        auto principal = std::make_shared<Principal>();
        principal->key = credential.key;
        principal->secret_hash = credential.secret_hash;
        principal->store = credential.store;
        principal->scopes = *scopes;
        principal->authority = {
            {"objectType", "Agent"},
            {"name", credential.name.empty() ? credential.key : credential.name},
            {"account", {{"homePage", options_.authority_home_page}, {"name", credential.key}}}};
        principal->authority_identity = spec::identity(principal->authority);
        entry.principal = std::move(principal);
    }
    entry.credential = std::move(credential);
    return entry;
}

std::shared_ptr<const Principal> KeyRing::find(std::string_view key) const {
    const std::shared_lock lock(mutex_);
    const auto found = entries_.find(key);
    return found == entries_.end() ? nullptr : found->second.principal;
}

std::vector<storage::Credential> KeyRing::list() const {
    const std::shared_lock lock(mutex_);
    std::vector<storage::Credential> all;
    for (const auto& [key, entry] : entries_) all.push_back(entry.credential);
    return all;
}

bool KeyRing::empty() const {
    const std::shared_lock lock(mutex_);
    return entries_.empty();
}

Result<CreatedKey> KeyRing::create(const NewKey& request) {
    CreatedKey created{request.key.value_or(""), request.secret.value_or(""), request.store, request.scopes};
    if (!request.key) created.key = random_token(16);
    if (!request.secret) created.secret = random_token(32);
    if (auto checked = check_texts(created.key, created.secret, request.name); !checked)
        return checked.error();
    if (request.scopes.empty()) return Error{"scope_unknown", "", "A key needs at least one scope."};
    // What lies above is kept about accesses.
    if (request.store == 0 || request.store >= 0x8000'0000U)
        return Error{"store_invalid", "", "Stores are numbered from 1 to 2,147,483,647."};
    if (auto scopes = parse_scopes(request.scopes); !scopes) return scopes.error();

    storage::Credential credential;
    credential.key = created.key;
    credential.secret_hash = hash_secret(created.secret, options_.cost);
    credential.name = request.name;
    credential.scopes = request.scopes;
    credential.store = request.store;
    credential.created = options_.now();

    const std::lock_guard changing(changing_);
    {
        const std::shared_lock lock(mutex_);
        if (entries_.contains(created.key)) {
            return Error{"key_exists", "",
                         "The key \"" + created.key + "\" exists already. Choose another name."};
        }
    }
    auto entry = entry_of(credential);
    if (!entry) return entry.error();
    if (auto saved = store_.save_credential(credential); !saved) return saved.error();
    {
        const std::unique_lock lock(mutex_);
        entries_.insert_or_assign(created.key, std::move(*entry));
    }
    return created;
}

Result<void> KeyRing::revoke(std::string_view key) {
    const std::lock_guard changing(changing_);
    storage::Credential credential;
    {
        const std::shared_lock lock(mutex_);
        const auto found = entries_.find(key);
        if (found == entries_.end()) {
            return Error{"key_unknown", "", "There is no key \"" + std::string(key) + "\"."};
        }
        credential = found->second.credential;
    }
    if (credential.revoked) return {};
    credential.revoked = options_.now();
    if (auto saved = store_.save_credential(credential); !saved) return saved.error();
    {
        const std::unique_lock lock(mutex_);
        if (const auto& principal = entries_.find(key)->second.principal) principal->revoked = true;
        entries_.insert_or_assign(credential.key, Entry{credential, nullptr});
    }
    return {};
}

} // namespace leerspoor::server::auth
