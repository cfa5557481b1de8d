// Statements that come from other record stores, and go to others and to webhooks, for as long as somebody
// wants: each a relay, with a cursor that is kept, so that it goes on where it was, and a thread.
#pragma once

#include "server/app/selected.hpp"
#include "storage/record_store.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace leerspoor::server::relay {

// Pull: from another LRS, by GET statements. Forward: to another LRS, by POST statements. Webhook: to whoever
// takes
// {"store": N, "statements": […]} with an X-Leerspoor-Signature: "sha256=" and the HMAC of the body in hex.
enum class RelayKind { pull, forward, webhook };
std::optional<RelayKind> parse_relay_kind(std::string_view name);
std::string_view name_of(RelayKind kind);

struct RelayConfig {
    storage::StoreId tenant = storage::first_store;
    RelayKind kind = RelayKind::forward;
    std::string url;         // of an LRS what stands before "/statements"; of a webhook all of it
    std::string key;         // of the other LRS; "" without
    std::string secret;      // that goes with it; of a webhook what signs. Never shown
    std::string certificate; // PEM: trusted instead of the system's
    ExportFilter filter;     // which statements; of a pull: what the other LRS is asked for
    std::uint32_t rate = 0;  // statements a second at most; 0: as many as there are
    std::string by;          // who made it
};

struct RelayState {
    std::string cursor;         // of a pull the other's `stored`; else the sequence that was sent last
    std::uint64_t done = 0;     // statements that came, or were taken
    std::uint64_t refused = 0;  // that did not come in, or are dead letters
    std::uint32_t failures = 0; // in a row
    std::string problem;        // the last; "": it works
    std::optional<spec::Instant> reached; // the other, with success
};

struct Relay {
    std::string id;
    RelayConfig config;
    RelayState state;
    spec::Instant made;
};

// A statement that the other did not take, and will not.
struct DeadLetter {
    std::string statement; // its id
    storage::Sequence sequence = 0;
    int status = 0;
    std::string reason;
};

// Any thread.
class Relays {
  public:
    // What there was goes on. `home_page` is that of those who vouch for pulled statements without an
    // authority. Error: the store's.
    static Result<std::unique_ptr<Relays>> load(storage::RecordStore& store, std::string home_page);
    ~Relays();

    // Errors: relay_invalid (no URL), relays_too_many, the store's.
    Result<Relay> add(RelayConfig config);
    // Of that store, the oldest first.
    std::vector<Relay> all(storage::StoreId tenant) const;
    std::optional<Relay> find(storage::StoreId tenant, std::string_view id) const;
    // What is under way is finished first. False: there is none.
    Result<bool> remove(storage::StoreId tenant, std::string_view id);

    // Errors: relay_unknown, the store's.
    Result<std::vector<DeadLetter>> dead_letters(storage::StoreId tenant, std::string_view id);
    // Sends the dead letters once more, those that are taken are none any more; gives how many are left.
    // Errors: relay_unknown, remote_unreachable, the store's.
    Result<std::size_t> retry(storage::StoreId tenant, std::string_view id);

    // What is under way goes on after the next start. Twice does no harm.
    void stop();

  private:
    class Working;

    Relays(storage::RecordStore& store, std::string home_page)
        : store_(store), home_page_(std::move(home_page)) {}
    std::shared_ptr<Working> find_working(storage::StoreId tenant, std::string_view id) const;

    storage::RecordStore& store_;
    const std::string home_page_;
    mutable std::mutex mutex_; // for what follows
    std::vector<std::shared_ptr<Working>> working_;
    bool stopping_ = false;
};

// Without secrets.
boost::json::object as_json(const Relay& relay);
boost::json::object as_json(const DeadLetter& letter);

} // namespace leerspoor::server::relay
