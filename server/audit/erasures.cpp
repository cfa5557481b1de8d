#include "server/audit/erasures.hpp"

#include "server/audit/erasure_work.hpp"
#include "server/support/random.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <sys/resource.h>
#include <unistd.h>

namespace leerspoor::server::audit {
namespace {

namespace json = boost::json;
using storage::RecordKind;

constexpr std::size_t most_open = 20;
constexpr int least_urgent = 10; // of Linux, for one thread
constexpr std::chrono::hours between_rules{24};
constexpr std::chrono::minutes between_looks{1};
constexpr std::string_view rules_mark = "applied"; // the record of when the rules were applied last

spec::Instant present() {
    return std::chrono::time_point_cast<spec::Instant::duration>(std::chrono::system_clock::now());
}

Error no_such_erasure() {
    return {"erasure_unknown", "", "There is no such erasure."};
}

} // namespace

Result<std::unique_ptr<Erasures>> Erasures::load(Checkpoints& checkpoints, Personas* personas,
                                                 AccessLog* accesses, ForgetCopies forget) {
    std::unique_ptr<Erasures> made(new Erasures(checkpoints, personas, accesses, std::move(forget)));
    auto read = made->read_kept();
    if (!read) return read.error();
    made->thread_ = std::thread([erasures = made.get()] { erasures->run(); });
    return made;
}

Erasures::~Erasures() {
    stop();
}

void Erasures::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

Result<void> Erasures::read_kept() {
    auto& store = checkpoints_.store();
    const auto jobs = store.records(RecordKind::erasure);
    if (!jobs) return jobs.error();
    for (const auto& [id, bytes] : *jobs)
        if (auto job = decode_job(id, bytes)) jobs_.push_back(std::make_shared<ErasureJob>(std::move(*job)));
    jobs_.sort([](const auto& a, const auto& b) { return a->made < b->made; });
    const auto holds = store.records(RecordKind::legal_hold);
    if (!holds) return holds.error();
    for (const auto& [id, bytes] : *holds)
        if (auto hold = decode_hold(id, bytes)) holds_.push_back(std::move(*hold));
    const auto rules = store.records(RecordKind::retention_rule);
    if (!rules) return rules.error();
    for (const auto& [id, bytes] : *rules) {
        if (id == rules_mark) {
            if (const auto when = spec::parse_timestamp(bytes, spec::Version::v2_0_0)) rules_applied_ = *when;
        } else if (auto rule = decode_rule(id, bytes)) {
            rules_.push_back(std::move(*rule));
        }
    }
    return {};
}

Result<void> Erasures::save(const ErasureJob& job) {
    return checkpoints_.store().save_record(RecordKind::erasure, job.id, encode_job(job));
}

Erasures::Kept Erasures::find_kept(storage::StoreId tenant, std::string_view id) const {
    for (const auto& kept : jobs_)
        if (kept->request.tenant == tenant && kept->id == id) return kept;
    return nullptr;
}

bool Erasures::is_held(const ErasureRequest& request) const {
    return std::any_of(holds_.begin(), holds_.end(), [&](const LegalHold& hold) {
        if (hold.tenant != request.tenant) return false;
        return hold.identities.empty() ||
               std::any_of(hold.identities.begin(), hold.identities.end(), [&](const std::string& held) {
                   return std::find(request.identities.begin(), request.identities.end(), held) !=
                          request.identities.end();
               });
    });
}

namespace {

Error held() {
    return {"erasure_held", "", "A legal hold keeps what is to be erased: release that first."};
}

} // namespace

Result<ErasureJob> Erasures::begin(ErasureRequest request) {
    const std::scoped_lock lock(mutex_);
    if (is_held(request)) return held();
    const auto waiting = std::count_if(jobs_.begin(), jobs_.end(), [](const Kept& kept) {
        return kept->state != ErasureState::done && kept->state != ErasureState::failed;
    });
    if (static_cast<std::size_t>(waiting) >= most_open)
        return Error{"erasures_too_many", "",
                     "Too many erasures are waiting: confirm or remove some of them."};
    auto job = std::make_shared<ErasureJob>();
    job->id = spec::to_string(random_uuid());
    job->request = std::move(request);
    job->made = present();
    auto saved = save(*job);
    if (!saved) return saved.error();
    jobs_.push_back(job);
    changed_.notify_all();
    return *job;
}

Result<ErasureJob> Erasures::confirm(storage::StoreId tenant, std::string_view id) {
    const std::scoped_lock lock(mutex_);
    const auto job = find_kept(tenant, id);
    if (!job) return no_such_erasure();
    if (job->state != ErasureState::previewed)
        return Error{"erasure_not_previewed", "",
                     "Only what was previewed, and not done yet, can be confirmed."};
    if (is_held(job->request)) return held();
    auto next = *job;
    next.state = ErasureState::running;
    auto saved = save(next);
    if (!saved) return saved.error();
    *job = std::move(next);
    changed_.notify_all();
    return *job;
}

Result<void> Erasures::remove(storage::StoreId tenant, std::string_view id) {
    const std::scoped_lock lock(mutex_);
    const auto job = find_kept(tenant, id);
    if (!job) return no_such_erasure();
    const bool may_go = job->state == ErasureState::previewed || job->state == ErasureState::failed;
    if (!may_go)
        return Error{
            "erasure_under_way", "",
            "This is being done, or was: only a preview that is ready, or what failed, can be removed."};
    auto removed = checkpoints_.store().remove_record(RecordKind::erasure, id);
    if (removed) jobs_.remove(job);
    return removed;
}

std::vector<ErasureJob> Erasures::all(storage::StoreId tenant) const {
    const std::scoped_lock lock(mutex_);
    std::vector<ErasureJob> jobs;
    for (auto kept = jobs_.rbegin(); kept != jobs_.rend(); ++kept)
        if ((*kept)->request.tenant == tenant) jobs.push_back(**kept);
    return jobs;
}

std::optional<ErasureJob> Erasures::find(storage::StoreId tenant, std::string_view id) const {
    const std::scoped_lock lock(mutex_);
    const auto kept = find_kept(tenant, id);
    return kept ? std::optional(*kept) : std::nullopt;
}

Result<LegalHold> Erasures::hold(LegalHold wanted) {
    const std::scoped_lock lock(mutex_);
    wanted.id = spec::to_string(random_uuid());
    wanted.since = present();
    json::array identities;
    for (const auto& identity : wanted.identities) identities.push_back(json::string(identity));
    const auto saved = checkpoints_.store().save_record(
        RecordKind::legal_hold, wanted.id,
        json::serialize(json::object{{"store", wanted.tenant},
                                     {"identities", identities},
                                     {"reason", wanted.reason},
                                     {"by", wanted.by},
                                     {"since", spec::format_timestamp(wanted.since)}}));
    if (!saved) return saved.error();
    holds_.push_back(wanted);
    return wanted;
}

Result<bool> Erasures::release(storage::StoreId tenant, std::string_view id) {
    const std::scoped_lock lock(mutex_);
    const auto found = std::find_if(holds_.begin(), holds_.end(), [&](const LegalHold& hold) {
        return hold.tenant == tenant && hold.id == id;
    });
    if (found == holds_.end()) return false;
    const auto removed = checkpoints_.store().remove_record(RecordKind::legal_hold, id);
    if (!removed) return removed.error();
    holds_.erase(found);
    return true;
}

std::vector<LegalHold> Erasures::holds(storage::StoreId tenant) const {
    const std::scoped_lock lock(mutex_);
    std::vector<LegalHold> all;
    for (const auto& hold : holds_)
        if (hold.tenant == tenant) all.push_back(hold);
    return all;
}

Result<RetentionRule> Erasures::keep(RetentionRule wanted) {
    const std::scoped_lock lock(mutex_);
    wanted.id = spec::to_string(random_uuid());
    auto kept = as_json(wanted);
    kept["store"] = wanted.tenant;
    const auto saved =
        checkpoints_.store().save_record(RecordKind::retention_rule, wanted.id, json::serialize(kept));
    if (!saved) return saved.error();
    rules_.push_back(wanted);
    return wanted;
}

Result<bool> Erasures::drop(storage::StoreId tenant, std::string_view id) {
    const std::scoped_lock lock(mutex_);
    const auto found = std::find_if(rules_.begin(), rules_.end(), [&](const RetentionRule& rule) {
        return rule.tenant == tenant && rule.id == id;
    });
    if (found == rules_.end()) return false;
    const auto removed = checkpoints_.store().remove_record(RecordKind::retention_rule, id);
    if (!removed) return removed.error();
    rules_.erase(found);
    return true;
}

std::vector<RetentionRule> Erasures::rules(storage::StoreId tenant) const {
    const std::scoped_lock lock(mutex_);
    std::vector<RetentionRule> all;
    for (const auto& rule : rules_)
        if (rule.tenant == tenant) all.push_back(rule);
    return all;
}

// Those of nobody but who is gone.
Result<void> Erasures::drop_rules_of(const ErasureRequest& request) {
    for (const auto& rule : rules(request.tenant)) {
        if (!rule.filter.is_of(request.identities)) continue;
        const auto dropped = drop(request.tenant, rule.id);
        if (!dropped) return dropped.error();
    }
    return {};
}

Result<void> Erasures::begin_rule(const RetentionRule& rule) {
    const bool under_way = std::any_of(jobs_.begin(), jobs_.end(), [&](const Kept& kept) {
        return kept->request.rule == rule.id && kept->state == ErasureState::running;
    });
    if (under_way) return {};
    auto job = std::make_shared<ErasureJob>();
    job->id = spec::to_string(random_uuid());
    job->request.tenant = rule.tenant;
    job->request.kind = ErasureKind::retention;
    job->request.reason = rule.reason;
    job->request.by = rule.by;
    job->request.rule = rule.id;
    job->state = ErasureState::running;
    job->made = present();
    auto saved = save(*job);
    if (saved) jobs_.push_back(std::move(job));
    return saved;
}

Result<void> Erasures::apply_rules(storage::StoreId tenant) {
    const std::scoped_lock lock(mutex_);
    for (const auto& rule : rules_) {
        if (rule.tenant != tenant) continue;
        auto begun = begin_rule(rule);
        if (!begun) return begun;
    }
    changed_.notify_all();
    return {};
}

// Each day, from the first start on.
void Erasures::begin_due_rules() {
    const auto instant = present();
    if (rules_.empty() || (rules_applied_ && instant - *rules_applied_ < between_rules)) return;
    for (const auto& rule : rules_)
        if (!begin_rule(rule)) return;
    rules_applied_ = instant;
    // Where this is not saved they are applied once more.
    static_cast<void>(checkpoints_.store().save_record(RecordKind::retention_rule, rules_mark,
                                                       spec::format_timestamp(instant)));
}

void Erasures::run() {
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), least_urgent);
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        begin_due_rules();
        const auto next = std::find_if(jobs_.begin(), jobs_.end(), [](const Kept& kept) {
            return kept->state == ErasureState::previewing || kept->state == ErasureState::running ||
                   kept->state == ErasureState::purging;
        });
        if (next == jobs_.end()) {
            changed_.wait_for(lock, between_looks);
            continue;
        }
        const auto kept = *next; // its place in the list may go
        auto job = *kept;
        const auto told = [&] {
            const std::scoped_lock inner(mutex_);
            kept->counts = job.counts;
        };
        lock.unlock();
        const auto done = work(job, told);
        lock.lock();
        if (!done && stopping_) break; // it goes on after the next start
        if (!done) {
            job.state = ErasureState::failed;
            job.error = done.error();
            job.ended = present();
            static_cast<void>(save(job));
        }
        const bool found_nothing = job.state == ErasureState::done && job.certificate.empty();
        *kept = std::move(job);
        if (found_nothing) jobs_.remove(kept);
        // Something that cannot be saved now is not to be tried without end.
        if (!done) changed_.wait_for(lock, std::chrono::seconds(1), [&] { return stopping_.load(); });
    }
}

// To the job's next state, which is kept when it returns.
Result<void> Erasures::work(ErasureJob& job, const std::function<void()>& told) {
    const std::function<bool()> stopped = [this] { return stopping_.load(); };
    const ErasureWork with{checkpoints_, personas_, accesses_, stopped, told};
    if (job.state == ErasureState::previewing) {
        auto done = erase_person(with, job, false);
        if (!done) return done;
        job.state = ErasureState::previewed;
        return save(job);
    }
    if (job.state == ErasureState::running) {
        if (job.request.kind == ErasureKind::retention) {
            const auto all = rules(job.request.tenant);
            const auto rule = std::find_if(all.begin(), all.end(),
                                           [&](const auto& one) { return one.id == job.request.rule; });
            if (rule != all.end()) {
                auto done = apply_retention(with, job, *rule, holds(job.request.tenant));
                if (!done) return done;
            }
        } else {
            auto done = erase_person(with, job, true);
            if (!done) return done;
        }
        const bool nothing = job.request.kind == ErasureKind::retention && job.counts.statements_erased == 0;
        if (nothing) {
            job.state = ErasureState::done;
            return checkpoints_.store().remove_record(RecordKind::erasure, job.id);
        }
        forget_(job.request.tenant, job.request.identities);
        if (auto dropped = drop_rules_of(job.request); !dropped) return dropped;
        auto certified = certify_erasure(checkpoints_, job);
        if (!certified) return certified;
        // Nothing of it may be in what is written from here on.
        job.request.identities.clear();
        job.state = ErasureState::purging;
        auto saved = save(job);
        if (!saved) return saved;
    }
    auto purged = checkpoints_.store().purge();
    if (!purged) return purged;
    job.state = ErasureState::done;
    return save(job);
}

} // namespace leerspoor::server::audit
