// The right to be forgotten (GDPR, articles 17, 4(5) and 5(1)(e)) as jobs: a person erased, or given a
// pseudonym; what is older than a rule says, erased. One at a time, each to its end, also over a restart. A
// legal hold stops all of them.
#pragma once

#include "server/app/selected.hpp"
#include "server/audit/checkpoints.hpp"

#include <boost/json/object.hpp>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace leerspoor::server {
class Personas;
class AccessLog;
} // namespace leerspoor::server

namespace leerspoor::server::audit {

enum class ErasureKind { erase, pseudonymise, retention };
std::optional<ErasureKind> parse_erasure_kind(std::string_view name); // of those that one may ask for
std::string_view name_of(ErasureKind kind);

// Of a person, a preview comes first, and waits to be confirmed.
enum class ErasureState { previewing, previewed, running, purging, done, failed };
std::string_view name_of(ErasureState state);

struct ErasureRequest {
    storage::StoreId tenant = storage::first_store;
    ErasureKind kind = ErasureKind::erase;
    std::vector<std::string> identities; // spec::identity(), of the person; gone when it is done
    std::string purpose;                 // of pseudonyms: one person has the same for each purpose
    std::string reason;                  // for people
    std::string by;                      // who asked
    std::string rule;                    // of retention: which
};

struct ErasureCounts {
    std::uint64_t looked_at = 0;          // statements of the store, so far
    std::uint64_t of = 0;                 // about as many there are
    std::uint64_t statements_erased = 0;  // or would be: those that the person is the actor of
    std::uint64_t statements_altered = 0; // in which a pseudonym stands for the person
    std::uint64_t accesses_altered = 0;   // of the access log, the same
    std::uint64_t documents = 0;
    std::uint64_t attachments = 0;
};

struct ErasureJob {
    std::string id;
    ErasureRequest request;
    ErasureState state = ErasureState::previewing;
    spec::Instant made;
    std::optional<spec::Instant> ended;
    ErasureCounts counts;
    Error error;             // of one that failed
    std::string certificate; // JSON, of one that is done; tells nothing of the person
    std::string signature;   // a signed note: ORIGIN "/erasure", and the SHA-256 of the certificate
};

// Nothing of these people, or nothing of the store at all, is erased while it lasts.
struct LegalHold {
    std::string id;
    storage::StoreId tenant = storage::first_store;
    std::vector<std::string> identities; // none: of everybody
    std::string reason;
    std::string by;
    spec::Instant since;
};

// What is stored for longer than so many days and fits the filter is erased, each day.
struct RetentionRule {
    std::string id;
    storage::StoreId tenant = storage::first_store;
    ExportFilter filter; // without since and until
    std::uint32_t days = 0;
    std::string reason;
    std::string by;
};

// What else knows of statements and people: exports, of which no file may stay, and what was asked for of one
// person only. Given the store, and the identities that are gone.
using ForgetCopies = std::function<void(storage::StoreId, const std::vector<std::string>&)>;

// Any thread.
class Erasures {
  public:
    // `personas` and `accesses` may be null. What was under way goes on. Error: the store's.
    static Result<std::unique_ptr<Erasures>> load(Checkpoints& checkpoints, Personas* personas,
                                                  AccessLog* accesses, ForgetCopies forget);
    ~Erasures();

    // A preview of it. Errors: erasure_held, erasures_too_many, the store's.
    Result<ErasureJob> begin(ErasureRequest request);
    // Does what was previewed. Errors: erasure_unknown, erasure_not_previewed, erasure_held, the store's.
    Result<ErasureJob> confirm(storage::StoreId tenant, std::string_view id);
    // Forgets a preview, or one that failed. Errors: erasure_unknown; erasure_under_way, of one that is being
    // done, and of one that is done: it is the trail.
    Result<void> remove(storage::StoreId tenant, std::string_view id);
    // The newest first.
    std::vector<ErasureJob> all(storage::StoreId tenant) const;
    std::optional<ErasureJob> find(storage::StoreId tenant, std::string_view id) const;

    Result<LegalHold> hold(LegalHold wanted);
    // False: there is none.
    Result<bool> release(storage::StoreId tenant, std::string_view id);
    std::vector<LegalHold> holds(storage::StoreId tenant) const;

    Result<RetentionRule> keep(RetentionRule wanted);
    Result<bool> drop(storage::StoreId tenant, std::string_view id);
    std::vector<RetentionRule> rules(storage::StoreId tenant) const;
    // Applies the rules now, where they are not being applied already. Errors: the store's.
    Result<void> apply_rules(storage::StoreId tenant);

    // What is under way goes on after the next start. Twice does no harm.
    void stop();

  private:
    using Kept = std::shared_ptr<ErasureJob>;

    Erasures(Checkpoints& checkpoints, Personas* personas, AccessLog* accesses, ForgetCopies forget)
        : checkpoints_(checkpoints), personas_(personas), accesses_(accesses), forget_(std::move(forget)) {}
    Result<void> read_kept();
    void run();
    Result<void> work(ErasureJob& job, const std::function<void()>& told);
    void begin_due_rules();
    Result<void> begin_rule(const RetentionRule& rule);
    Result<void> drop_rules_of(const ErasureRequest& request);
    bool is_held(const ErasureRequest& request) const;
    Result<void> save(const ErasureJob& job);
    Kept find_kept(storage::StoreId tenant, std::string_view id) const;

    Checkpoints& checkpoints_;
    Personas* const personas_;
    AccessLog* const accesses_;
    const ForgetCopies forget_;
    std::atomic<bool> stopping_ = false;
    mutable std::mutex mutex_; // for what follows
    std::condition_variable changed_;
    std::list<Kept> jobs_; // oldest first
    std::vector<LegalHold> holds_;
    std::vector<RetentionRule> rules_;
    std::optional<spec::Instant> rules_applied_;
    std::thread thread_;
};

boost::json::object as_json(const ErasureJob& job);
boost::json::object as_json(const LegalHold& hold);
boost::json::object as_json(const RetentionRule& rule);

} // namespace leerspoor::server::audit
