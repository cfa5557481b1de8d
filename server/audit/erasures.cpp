#include "server/audit/erasures.hpp"

#include "server/app/access_log.hpp"
#include "server/app/personas.hpp"
#include "server/support/random.hpp"
#include "spec/agent.hpp"
#include "spec/base/base64.hpp"
#include "spec/base/hex.hpp"
#include "spec/base/json.hpp"
#include "spec/base/sha2.hpp"
#include "spec/pseudonyms.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <future>
#include <sys/resource.h>
#include <unistd.h>

namespace leerspoor::server::audit {
namespace {

namespace json = boost::json;
using storage::RecordKind;

constexpr std::size_t most_open = 20;
constexpr std::size_t at_a_time = 500; // statements that are altered together: others wait for that
constexpr std::size_t page_statements = 1000;
constexpr std::size_t page_bytes = 4u << 20;
constexpr std::size_t key_bytes = 32;
constexpr std::size_t name_bytes = 16;
constexpr int least_urgent = 10; // of Linux, for one thread
constexpr std::chrono::hours between_rules{24};
constexpr std::chrono::minutes between_looks{1};
constexpr std::chrono::seconds patience_with_tree{600};
// Reserved for what leads nowhere (RFC 2606).
constexpr std::string_view erased_home_page = "https://leerspoor.invalid/erased";
constexpr std::string_view pseudonym_home_page = "https://leerspoor.invalid/pseudonym";
constexpr std::string_view rules_mark = "applied"; // the record of when the rules were applied last

constexpr std::array<std::string_view, 3> kind_names{"erase", "pseudonymise", "retention"};
constexpr std::array<std::string_view, 6> state_names{"previewing", "previewed", "running",
                                                      "purging",    "done",      "failed"};

spec::Instant present() {
    return std::chrono::time_point_cast<spec::Instant::duration>(std::chrono::system_clock::now());
}

template <std::size_t Size>
std::size_t place_in(const std::array<std::string_view, Size>& names, std::string_view name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

json::array texts(const std::vector<std::string>& all) {
    json::array array;
    for (const auto& one : all) array.push_back(json::string(one));
    return array;
}

std::vector<std::string> texts(const json::value& array) {
    std::vector<std::string> all;
    for (const auto& one : array.as_array()) all.emplace_back(one.as_string());
    return all;
}

std::string text(const json::object& object, const char* name) {
    return std::string(object.at(name).as_string());
}

json::object as_json(const ErasureCounts& counts) {
    return {{"looked_at", counts.looked_at},
            {"of", counts.of},
            {"statements_erased", counts.statements_erased},
            {"statements_altered", counts.statements_altered},
            {"accesses_altered", counts.accesses_altered},
            {"documents", counts.documents},
            {"attachments", counts.attachments}};
}

ErasureCounts counts_of(const json::object& kept) {
    const auto number = [&](const char* name) { return kept.at(name).to_number<std::uint64_t>(); };
    ErasureCounts counts;
    counts.looked_at = number("looked_at");
    counts.of = number("of");
    counts.statements_erased = number("statements_erased");
    counts.statements_altered = number("statements_altered");
    counts.accesses_altered = number("accesses_altered");
    counts.documents = number("documents");
    counts.attachments = number("attachments");
    return counts;
}

// What is kept of a job; identities only while it needs them.
std::string encode_job(const ErasureJob& job) {
    json::object kept{{"store", job.request.tenant},
                      {"kind", name_of(job.request.kind)},
                      {"identities", texts(job.request.identities)},
                      {"purpose", job.request.purpose},
                      {"reason", job.request.reason},
                      {"by", job.request.by},
                      {"rule", job.request.rule},
                      {"state", name_of(job.state)},
                      {"made", spec::format_timestamp(job.made)},
                      {"counts", as_json(job.counts)},
                      {"certificate", job.certificate},
                      {"signature", job.signature}};
    if (job.ended) kept["ended"] = spec::format_timestamp(*job.ended);
    if (!job.error.code.empty()) kept["error"] = {{"code", job.error.code}, {"message", job.error.message}};
    return json::serialize(kept);
}

std::optional<ErasureJob> decode_job(const std::string& id, const json::object& kept) {
    ErasureJob job;
    job.id = id;
    job.request.tenant = kept.at("store").to_number<storage::StoreId>();
    const auto kind = place_in(kind_names, text(kept, "kind"));
    const auto state = place_in(state_names, text(kept, "state"));
    if (kind == kind_names.size() || state == state_names.size()) return std::nullopt;
    job.request.kind = static_cast<ErasureKind>(kind);
    job.state = static_cast<ErasureState>(state);
    job.request.identities = texts(kept.at("identities"));
    job.request.purpose = text(kept, "purpose");
    job.request.reason = text(kept, "reason");
    job.request.by = text(kept, "by");
    job.request.rule = text(kept, "rule");
    job.made = *spec::parse_timestamp(text(kept, "made"), spec::Version::v2_0_0);
    job.counts = counts_of(kept.at("counts").as_object());
    job.certificate = text(kept, "certificate");
    job.signature = text(kept, "signature");
    if (kept.contains("ended"))
        job.ended = *spec::parse_timestamp(text(kept, "ended"), spec::Version::v2_0_0);
    if (const auto* error = kept.if_contains("error"))
        job.error = {std::string(error->at("code").as_string()), "",
                     std::string(error->at("message").as_string())};
    return job;
}

std::optional<LegalHold> decode_hold(const std::string& id, const json::object& kept) {
    return LegalHold{id,
                     kept.at("store").to_number<storage::StoreId>(),
                     texts(kept.at("identities")),
                     text(kept, "reason"),
                     text(kept, "by"),
                     *spec::parse_timestamp(text(kept, "since"), spec::Version::v2_0_0)};
}

std::optional<RetentionRule> decode_rule(const std::string& id, const json::object& kept) {
    auto filter = parse_export_filter(kept.at("filter"), "");
    if (!filter) return std::nullopt;
    return RetentionRule{id,
                         kept.at("store").to_number<storage::StoreId>(),
                         std::move(*filter),
                         kept.at("days").to_number<std::uint32_t>(),
                         text(kept, "reason"),
                         text(kept, "by")};
}

// Nothing: of another version.
template <class Decode>
auto decoded(const std::string& id, const std::string& bytes, Decode decode)
    -> decltype(decode(id, json::object())) {
    const auto parsed = spec::parse_stored_json(bytes);
    if (!parsed || !parsed->is_object()) return std::nullopt;
    try {
        return decode(id, parsed->get_object());
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

std::string actor_of(const std::string& bytes) {
    const auto parsed = spec::parse_stored_json(bytes);
    const auto* statement = parsed ? parsed->if_object() : nullptr;
    const auto* actor = statement ? statement->if_contains("actor") : nullptr;
    return actor && actor->is_object() ? spec::identity(actor->get_object()) : std::string();
}

Error no_such_erasure() {
    return {"erasure_unknown", "", "There is no such erasure."};
}

// One job, done from its beginning; what was done of it before changes nothing more.
class Working {
  public:
    Working(Checkpoints& checkpoints, Personas* personas, AccessLog* accesses,
            const std::function<bool()>& stopped, ErasureJob& job, const std::function<void()>& told)
        : checkpoints_(checkpoints), store_(checkpoints.store()), personas_(personas), accesses_(accesses),
          stopped_(stopped), job_(job), told_(told),
          pseudonyms_(std::string(job.request.kind == ErasureKind::pseudonymise ? pseudonym_home_page
                                                                                : erased_home_page)) {}

    // Of a person: what it would change, or `really`. Errors: erasure_stopped, the store's.
    Result<void> person(bool really) {
        const auto before = job_.counts;
        job_.counts = {};
        auto done = name_them();
        if (done && really && accesses_) done = accesses_->flush();
        // Who read their records is told of them too.
        for (const auto tenant : {job_.request.tenant, access_store(job_.request.tenant)}) {
            tenant_ = tenant;
            if (done && really) done = rename();
            if (done) done = statements(really);
            if (done) done = documents(really);
            if (done && really) done = unused();
        }
        if (done && really) done = personas();
        // What was done before a restart is not found any more; the preview had found it.
        auto& counts = job_.counts;
        counts.statements_erased = std::max(counts.statements_erased, before.statements_erased);
        counts.statements_altered = std::max(counts.statements_altered, before.statements_altered);
        counts.accesses_altered = std::max(counts.accesses_altered, before.accesses_altered);
        counts.documents = std::max(counts.documents, before.documents);
        return done;
    }

    Result<void> retention(const RetentionRule& rule, const std::vector<LegalHold>& holds) {
        auto filter = rule.filter;
        filter.until = present() - std::chrono::hours(24) * static_cast<int>(rule.days);
        SelectedStatements selected(store_, tenant_, filter, store_.visible_through());
        std::vector<storage::Alteration> alterations;
        while (true) {
            if (stopped_()) return stop();
            const auto next = selected.next();
            if (!next) return next.error();
            if (*next == nullptr) break;
            ++job_.counts.looked_at;
            if (is_held((*next)->bytes, holds)) continue;
            alterations.push_back({(*next)->sequence, std::nullopt});
            if (alterations.size() < at_a_time) continue;
            if (auto done = alter(alterations); !done) return done;
        }
        if (auto done = alter(alterations); !done) return done;
        return unused();
    }

    // The certificate, of what was done.
    Result<void> certify() {
        const auto note = checkpoints_.through(store_.visible_through(), patience_with_tree);
        if (!note) return note.error();
        job_.ended = present();
        job_.certificate =
            json::serialize(json::object{{"format", "leerspoor-erasure/1"},
                                         {"origin", checkpoints_.origin()},
                                         {"id", job_.id},
                                         {"kind", name_of(job_.request.kind)},
                                         {"asked", spec::format_timestamp(job_.made)},
                                         {"ended", spec::format_timestamp(*job_.ended)},
                                         {"statements_erased", job_.counts.statements_erased},
                                         {"statements_altered", job_.counts.statements_altered},
                                         {"documents", job_.counts.documents},
                                         {"attachments", job_.counts.attachments},
                                         {"checkpoint", *note}});
        job_.signature = checkpoints_.sign("erasure", spec::hex(spec::sha256(job_.certificate)));
        return {};
    }

  private:
    static Error stop() {
        return {"erasure_stopped", "",
                "The server was stopped before this was done; it goes on when it is started."};
    }

    static bool is_held(const std::string& bytes, const std::vector<LegalHold>& holds) {
        const auto actor = actor_of(bytes);
        return std::any_of(holds.begin(), holds.end(), [&](const LegalHold& hold) {
            const auto& held = hold.identities;
            return held.empty() || std::find(held.begin(), held.end(), actor) != held.end();
        });
    }

    // The names that stand for the person: the same again when this is done again.
    Result<void> name_them() {
        const bool erase = job_.request.kind == ErasureKind::erase;
        auto key = erase ? Result<std::string>(boost::system::in_place_value, job_.id) : pseudonym_key();
        if (!key) return key.error();
        for (const auto& identity : job_.request.identities) {
            // A secret of one length before what is hashed, and half of the digest: nobody can tell one from
            // the other without the key. Of who is erased the key is the job's, which tells nothing.
            const auto digest = spec::sha256(*key + '\n' + job_.request.purpose + '\n' + identity);
            pseudonyms_.add(identity, spec::hex(std::span(digest).first(name_bytes)));
        }
        return {};
    }

    Result<std::string> pseudonym_key() {
        const auto name = std::to_string(job_.request.tenant);
        const auto keys = store_.records(RecordKind::pseudonym_key);
        if (!keys) return keys.error();
        for (const auto& [of, key] : *keys)
            if (of == name) return Result<std::string>(boost::system::in_place_value, key);
        auto key = random_token(key_bytes);
        const auto saved = store_.save_record(RecordKind::pseudonym_key, name, key);
        if (!saved) return saved.error();
        return Result<std::string>(boost::system::in_place_value, std::move(key));
    }

    Result<void> rename() {
        for (const auto& [from, to] : pseudonyms_.identities()) {
            auto renamed = store_.rename_actor(tenant_, from, to);
            if (!renamed) return renamed;
        }
        return {};
    }

    Result<void> alter(std::vector<storage::Alteration>& alterations) {
        if (alterations.empty()) return {};
        const auto altered = store_.alter_statements(tenant_, alterations);
        if (!altered) return altered.error();
        if (job_.request.kind == ErasureKind::retention) job_.counts.statements_erased += *altered;
        alterations.clear();
        told_();
        return {};
    }

    // All statements of the store are looked at: a person may stand anywhere in them.
    Result<void> statements(bool really) {
        const bool erase = job_.request.kind == ErasureKind::erase;
        auto& counts = job_.counts;
        auto& altered = tenant_ == job_.request.tenant ? counts.statements_altered : counts.accesses_altered;
        storage::Query query;
        query.ascending = query.voided_too = true;
        query.limit = page_statements;
        query.limit_bytes = page_bytes;
        query.snapshot = store_.visible_through();
        const auto count = store_.count_statements(tenant_, query);
        if (!count) return count.error();
        counts.of += count->matches;
        std::vector<storage::Alteration> alterations;
        while (true) {
            if (stopped_()) return stop();
            const auto page = store_.query_statements(tenant_, query);
            if (!page) return page.error();
            for (const auto& statement : page->statements) {
                ++counts.looked_at;
                if (!pseudonyms_.may_be_in(statement.bytes)) continue;
                auto next = pseudonyms_.replaced(statement.bytes);
                if (!next) continue;
                const bool gone = erase && next->actor;
                ++(gone ? counts.statements_erased : altered);
                if (!really) continue;
                alterations.push_back(
                    {statement.sequence, gone ? std::nullopt : std::optional(std::move(next->bytes))});
                if (alterations.size() < at_a_time) continue;
                if (auto done = alter(alterations); !done) return done;
            }
            told_();
            if (!page->next) break;
            query.after = page->next;
        }
        return alter(alterations);
    }

    struct Found {
        storage::DocumentName name;
        storage::Document document;
        bool own = false; // the person's
    };

    Result<void> documents(bool really) {
        const auto identities = pseudonyms_.identities();
        std::vector<Found> found;
        const auto looked = store_.each_document(
            tenant_, [&](const storage::DocumentName& name, const storage::Document& document) {
                const bool own = std::any_of(identities.begin(), identities.end(),
                                             [&](const auto& one) { return one.first == name.owner.agent; });
                const bool in_text =
                    pseudonyms_.replaced_text(document.bytes) || pseudonyms_.replaced_text(name.id);
                if (own || in_text) {
                    ++job_.counts.documents;
                    if (really) found.push_back({name, document, own});
                }
                return true;
            });
        if (!looked || !really) return looked;
        for (auto& one : found) {
            auto done = change_document(one, identities);
            if (!done) return done;
        }
        return {};
    }

    // Of the person: gone, or the pseudonym's. Of others: with the pseudonym in its text.
    Result<void> change_document(Found& found,
                                 const std::vector<std::pair<std::string, std::string>>& identities) {
        auto name = found.name;
        for (const auto& [from, to] : identities)
            if (name.owner.agent == from) name.owner.agent = to;
        name.id = pseudonyms_.replaced_text(name.id).value_or(name.id);
        const bool stays = !found.own || job_.request.kind == ErasureKind::pseudonymise;
        auto& document = found.document;
        document.bytes = pseudonyms_.replaced_text(document.bytes).value_or(document.bytes);
        if (stays) {
            document.etag = spec::hex(spec::sha256(document.bytes)).substr(0, document.etag.size());
            auto kept = change(name, std::move(document));
            if (!kept) return kept;
        }
        if (stays && name == found.name) return {};
        return change(found.name, std::nullopt);
    }

    Result<void> change(const storage::DocumentName& name, std::optional<storage::Document> next) {
        std::promise<Result<void>> done;
        store_.change_document(
            tenant_, name,
            [&](const std::optional<storage::Document>&) -> Result<std::optional<storage::Document>> {
                return next;
            },
            [&](const Result<std::optional<storage::Document>>& outcome) {
                done.set_value(outcome ? Result<void>() : outcome.error());
            });
        return done.get_future().get();
    }

    Result<void> unused() {
        const auto attachments = store_.forget_unused(tenant_);
        if (!attachments) return attachments.error();
        job_.counts.attachments += *attachments;
        return {};
    }

    // Who was joined is parted; pseudonyms are joined instead.
    Result<void> personas() {
        if (!personas_ || job_.request.tenant != storage::first_store) return {};
        const auto identities = pseudonyms_.identities();
        for (const auto& persona : personas_->all()) {
            bool any = false;
            std::vector<std::string> next;
            for (const auto& own : persona.identities) {
                const auto found = std::find_if(identities.begin(), identities.end(),
                                                [&](const auto& one) { return one.first == own; });
                any = any || found != identities.end();
                next.push_back(found == identities.end() ? own : found->second);
            }
            if (!any) continue;
            if (const auto parted = personas_->part(persona.id); !parted) return parted.error();
            if (job_.request.kind == ErasureKind::erase) continue;
            if (const auto joined = personas_->join({}, std::move(next)); !joined) return joined.error();
        }
        return {};
    }

    Checkpoints& checkpoints_;
    storage::RecordStore& store_;
    Personas* const personas_;
    AccessLog* const accesses_;
    const std::function<bool()>& stopped_;
    ErasureJob& job_;
    storage::StoreId tenant_ = job_.request.tenant; // whose statements are looked at
    const std::function<void()>& told_;
    spec::Pseudonyms pseudonyms_;
};

} // namespace

std::optional<ErasureKind> parse_erasure_kind(std::string_view name) {
    const auto place = place_in(kind_names, name);
    const auto kind = static_cast<ErasureKind>(place);
    if (place == kind_names.size() || kind == ErasureKind::retention) return std::nullopt;
    return kind;
}

std::string_view name_of(ErasureKind kind) {
    return kind_names[static_cast<std::size_t>(kind)];
}

std::string_view name_of(ErasureState state) {
    return state_names[static_cast<std::size_t>(state)];
}

json::object as_json(const ErasureJob& job) {
    json::object shown{{"id", job.id},
                       {"kind", name_of(job.request.kind)},
                       {"state", name_of(job.state)},
                       {"purpose", job.request.purpose},
                       {"reason", job.request.reason},
                       {"by", job.request.by},
                       {"made", spec::format_timestamp(job.made)},
                       {"counts", as_json(job.counts)}};
    json::array agents;
    for (const auto& identity : job.request.identities) agents.push_back(spec::identifier_of(identity));
    shown["agents"] = agents;
    if (!job.request.rule.empty()) shown["rule"] = job.request.rule;
    if (job.ended) shown["ended"] = spec::format_timestamp(*job.ended);
    if (job.state == ErasureState::done) {
        shown["certificate"] = job.certificate;
        shown["signature"] = job.signature;
    }
    if (!job.error.code.empty()) shown["error"] = {{"code", job.error.code}, {"message", job.error.message}};
    return shown;
}

json::object as_json(const LegalHold& hold) {
    json::array agents;
    for (const auto& identity : hold.identities) agents.push_back(spec::identifier_of(identity));
    return {{"id", hold.id},
            {"agents", agents},
            {"reason", hold.reason},
            {"by", hold.by},
            {"since", spec::format_timestamp(hold.since)}};
}

json::object as_json(const RetentionRule& rule) {
    return {{"id", rule.id},
            {"filter", rule.filter.told},
            {"days", rule.days},
            {"reason", rule.reason},
            {"by", rule.by}};
}

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
        if (auto job = decoded(id, bytes, decode_job))
            jobs_.push_back(std::make_shared<ErasureJob>(std::move(*job)));
    jobs_.sort([](const auto& a, const auto& b) { return a->made < b->made; });
    const auto holds = store.records(RecordKind::legal_hold);
    if (!holds) return holds.error();
    for (const auto& [id, bytes] : *holds)
        if (auto hold = decoded(id, bytes, decode_hold)) holds_.push_back(std::move(*hold));
    const auto rules = store.records(RecordKind::retention_rule);
    if (!rules) return rules.error();
    for (const auto& [id, bytes] : *rules) {
        if (id == rules_mark) {
            if (const auto when = spec::parse_timestamp(bytes, spec::Version::v2_0_0)) rules_applied_ = *when;
        } else if (auto rule = decoded(id, bytes, decode_rule)) {
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
    const auto saved = checkpoints_.store().save_record(
        RecordKind::legal_hold, wanted.id,
        json::serialize(json::object{{"store", wanted.tenant},
                                     {"identities", texts(wanted.identities)},
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
    Working working(checkpoints_, personas_, accesses_, stopped, job, told);
    if (job.state == ErasureState::previewing) {
        auto done = working.person(false);
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
                auto done = working.retention(*rule, holds(job.request.tenant));
                if (!done) return done;
            }
        } else {
            auto done = working.person(true);
            if (!done) return done;
        }
        const bool nothing = job.request.kind == ErasureKind::retention && job.counts.statements_erased == 0;
        if (nothing) {
            job.state = ErasureState::done;
            return checkpoints_.store().remove_record(RecordKind::erasure, job.id);
        }
        forget_(job.request.tenant, job.request.identities);
        if (auto dropped = drop_rules_of(job.request); !dropped) return dropped;
        auto certified = working.certify();
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
