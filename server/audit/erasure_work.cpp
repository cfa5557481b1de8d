#include "server/audit/erasure_work.hpp"

#include "server/app/access_log.hpp"
#include "server/app/personas.hpp"
#include "server/support/random.hpp"
#include "spec/agent.hpp"
#include "spec/base/hex.hpp"
#include "spec/base/json.hpp"
#include "spec/base/sha2.hpp"
#include "spec/pseudonyms.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <future>

namespace leerspoor::server::audit {
namespace {

namespace json = boost::json;
using storage::RecordKind;

constexpr std::size_t at_a_time = 500; // statements that are altered together: others wait for that
constexpr std::size_t page_statements = 1000;
constexpr std::size_t page_bytes = 4u << 20;
constexpr std::size_t key_bytes = 32;
constexpr std::size_t name_bytes = 16;
constexpr std::chrono::seconds patience_with_tree{600};
// Reserved for what leads nowhere (RFC 2606).
constexpr std::string_view erased_home_page = "https://leerspoor.invalid/erased";
constexpr std::string_view pseudonym_home_page = "https://leerspoor.invalid/pseudonym";

spec::Instant present_moment() {
    return std::chrono::time_point_cast<spec::Instant::duration>(std::chrono::system_clock::now());
}

std::string actor_of(const std::string& bytes) {
    const auto parsed = spec::parse_stored_json(bytes);
    const auto* statement = parsed ? parsed->if_object() : nullptr;
    const auto* actor = statement ? statement->if_contains("actor") : nullptr;
    return actor && actor->is_object() ? spec::identity(actor->get_object()) : std::string();
}

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
        filter.until = present_moment() - std::chrono::hours(24) * static_cast<int>(rule.days);
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

Result<void> erase_person(const ErasureWork& with, ErasureJob& job, bool really) {
    return Working(with.checkpoints, with.personas, with.accesses, with.stopped, job, with.told)
        .person(really);
}

Result<void> apply_retention(const ErasureWork& with, ErasureJob& job, const RetentionRule& rule,
                             const std::vector<LegalHold>& holds) {
    return Working(with.checkpoints, with.personas, with.accesses, with.stopped, job, with.told)
        .retention(rule, holds);
}

Result<void> certify_erasure(Checkpoints& checkpoints, ErasureJob& job) {
    const auto note = checkpoints.through(checkpoints.store().visible_through(), patience_with_tree);
    if (!note) return note.error();
    job.ended = present_moment();
    job.certificate = json::serialize(json::object{{"format", "leerspoor-erasure/1"},
                                                   {"origin", checkpoints.origin()},
                                                   {"id", job.id},
                                                   {"kind", name_of(job.request.kind)},
                                                   {"asked", spec::format_timestamp(job.made)},
                                                   {"ended", spec::format_timestamp(*job.ended)},
                                                   {"statements_erased", job.counts.statements_erased},
                                                   {"statements_altered", job.counts.statements_altered},
                                                   {"documents", job.counts.documents},
                                                   {"attachments", job.counts.attachments},
                                                   {"checkpoint", *note}});
    job.signature = checkpoints.sign("erasure", spec::hex(spec::sha256(job.certificate)));
    return {};
}

} // namespace leerspoor::server::audit
