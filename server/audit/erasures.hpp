// The right to be forgotten (GDPR, articles 17, 4(5) and 5(1)(e)) as jobs: a person erased, or given a
// pseudonym; what is older than a rule says, erased. One at a time, each to its end, also over a restart. A
// legal hold stops all of them.
#pragma once

#include "server/audit/checkpoints.hpp"
#include "server/audit/erasure_job.hpp"

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

} // namespace leerspoor::server::audit
