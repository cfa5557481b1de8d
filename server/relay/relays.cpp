#include "server/relay/relays.hpp"

#include "server/relay/attached.hpp"
#include "server/relay/import.hpp"
#include "server/relay/remote.hpp"
#include "server/support/random.hpp"
#include "spec/base/json.hpp"
#include "spec/base/sha2.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <functional>
#include <set>
#include <span>

namespace leerspoor::server::relay {
namespace {

namespace json = boost::json;
using storage::RecordKind;

constexpr std::size_t most_relays = 20;
constexpr std::size_t most_dead_letters = 10'000;
constexpr std::size_t pulled_at_once = 500;
constexpr std::size_t sent_at_once = 100;
constexpr std::size_t sent_bytes = 4u << 20;
constexpr std::size_t longest_reason = 500;
constexpr std::chrono::milliseconds between_looks_ahead{500};
constexpr std::chrono::seconds between_pulls{2};
constexpr std::chrono::seconds longest_wait{300};
constexpr std::string_view voiding = "http://adlnet.gov/expapi/verbs/voided";
constexpr std::array<std::string_view, 3> relay_kinds{"pull", "forward", "webhook"};

spec::Instant this_instant() {
    return std::chrono::time_point_cast<spec::Instant::duration>(std::chrono::system_clock::now());
}

json::object kept_of(const Relay& relay) {
    const auto& config = relay.config;
    const auto& state = relay.state;
    json::object kept{{"store", config.tenant},
                      {"kind", name_of(config.kind)},
                      {"url", config.url},
                      {"key", config.key},
                      {"certificate", config.certificate},
                      {"filter", config.filter.told},
                      {"rate", config.rate},
                      {"by", config.by},
                      {"made", spec::format_timestamp(relay.made)},
                      {"cursor", state.cursor},
                      {"done", state.done},
                      {"refused", state.refused},
                      {"failures", state.failures},
                      {"problem", state.problem}};
    if (state.reached) kept["reached"] = spec::format_timestamp(*state.reached);
    return kept;
}

std::optional<Relay> decode_relay(const std::string& id, const std::string& bytes) {
    const auto parsed = spec::parse_stored_json(bytes);
    const auto* kept = parsed ? parsed->if_object() : nullptr;
    if (!kept) return std::nullopt;
    try {
        const auto text = [&](const char* name) { return std::string(kept->at(name).as_string()); };
        const auto instant = [&](const char* name) {
            return *spec::parse_timestamp(text(name), spec::Version::v2_0_0);
        };
        Relay relay;
        relay.id = id;
        auto& config = relay.config;
        config.tenant = kept->at("store").to_number<storage::StoreId>();
        const auto kind = parse_relay_kind(text("kind"));
        auto filter = parse_export_filter(kept->at("filter"), "");
        if (!kind || !filter) return std::nullopt;
        config.kind = *kind;
        config.filter = std::move(*filter);
        config.url = text("url");
        config.key = text("key");
        config.secret = text("secret");
        config.certificate = text("certificate");
        config.rate = kept->at("rate").to_number<std::uint32_t>();
        config.by = text("by");
        relay.made = instant("made");
        relay.state.cursor = text("cursor");
        relay.state.done = kept->at("done").to_number<std::uint64_t>();
        relay.state.refused = kept->at("refused").to_number<std::uint64_t>();
        relay.state.failures = kept->at("failures").to_number<std::uint32_t>();
        relay.state.problem = text("problem");
        if (kept->contains("reached")) relay.state.reached = instant("reached");
        return relay;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

std::string letter_name(const std::string& relay, storage::Sequence sequence) {
    return relay + "/" + std::to_string(sequence);
}

std::uint64_t number_in(std::string_view text) {
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::string percent_encoded(std::string_view text) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char one : text) {
        const auto c = static_cast<unsigned char>(one);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            encoded += one;
        } else {
            encoded += '%';
            encoded += digits[c >> 4U];
            encoded += digits[c & 15U];
        }
    }
    return encoded;
}

// What another said of a refusal, for people.
std::string reason_in(const RemoteResponse& response) {
    const auto parsed = spec::parse_json(response.body);
    const auto* problem = parsed ? parsed->if_object() : nullptr;
    for (const auto* name : {"detail", "message", "error", "title"})
        if (const auto* text = problem ? problem->if_contains(name) : nullptr; text && text->is_string())
            return std::string(text->get_string()).substr(0, longest_reason);
    return "It answered with the status " + std::to_string(response.status) + ".";
}

bool may_pass(int status) {
    return status == 408 || status == 425 || status == 429 || status >= 500;
}

// Of those: whether it is this one statement that is refused, rather than who sends it.
bool is_of_the_statement(int status) {
    return status == 400 || status == 409 || status == 413 || status == 422;
}

} // namespace

// One relay and its thread.
class Relays::Working {
  public:
    Working(storage::RecordStore& store, const std::string& home_page, Relay relay)
        : store_(store), authority_(import_authority(home_page, "pull")), relay_(std::move(relay)),
          thread_([this] { run(); }) {}
    ~Working() { stop(); }

    Relay shown() const {
        const std::scoped_lock lock(mutex_);
        return relay_;
    }

    void stop() {
        {
            const std::scoped_lock lock(mutex_);
            stopping_ = true;
        }
        changed_.notify_all();
        if (thread_.joinable()) thread_.join();
    }

    // The cursor with what it led to.
    static Result<void> save(storage::RecordStore& store, const Relay& relay) {
        auto kept = kept_of(relay);
        kept["secret"] = relay.config.secret;
        return store.save_record(RecordKind::relay, relay.id, json::serialize(kept));
    }

    Result<std::vector<DeadLetter>> letters() {
        const auto records = store_.records(RecordKind::dead_letter);
        if (!records) return records.error();
        std::vector<DeadLetter> all;
        for (const auto& [name, bytes] : *records) {
            if (!name.starts_with(relay_.id + "/")) continue;
            const auto parsed = spec::parse_stored_json(bytes);
            const auto* kept = parsed ? parsed->if_object() : nullptr;
            if (!kept) continue;
            all.push_back({std::string(kept->at("statement").as_string()),
                           kept->at("sequence").to_number<storage::Sequence>(),
                           kept->at("status").to_number<int>(), std::string(kept->at("reason").as_string())});
        }
        std::sort(all.begin(), all.end(),
                  [](const auto& a, const auto& b) { return a.sequence < b.sequence; });
        return all;
    }

    Result<std::size_t> retry() {
        const auto dead = letters();
        if (!dead) return dead.error();
        std::size_t left = 0;
        for (const auto& letter : *dead) {
            const auto id = spec::parse_uuid(letter.statement);
            std::optional<storage::StoredStatement> statement;
            for (const bool voided : {false, true}) {
                if (!id || statement) continue;
                auto found = store_.find_statement(relay_.config.tenant, *id, voided);
                if (!found) return found.error();
                statement = std::move(*found);
            }
            if (statement) { // else it was erased since
                const auto answer = send({&*statement, 1});
                if (!answer) return answer.error();
                if (answer->status >= 300) {
                    ++left;
                    continue;
                }
            }
            const auto removed =
                store_.remove_record(RecordKind::dead_letter, letter_name(relay_.id, letter.sequence));
            if (!removed) return removed.error();
            const std::scoped_lock lock(mutex_);
            ++relay_.state.done;
            if (relay_.state.refused > 0) --relay_.state.refused;
        }
        auto saved = save(store_, shown());
        if (!saved) return saved.error();
        return left;
    }

  private:
    // How long to wait before the next step.
    using Pause = std::chrono::milliseconds;

    void run() {
        while (!stopping_) {
            const auto pause = relay_.config.kind == RelayKind::pull ? pull() : forward();
            wait(pause);
        }
    }

    void wait(Pause pause) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, pause, [&] { return stopping_.load(); });
    }

    // What went wrong is tried again, ever later; the other may say when.
    Pause failed(const std::string& problem, const RemoteResponse* response = nullptr) {
        const std::scoped_lock lock(mutex_);
        auto& state = relay_.state;
        state.problem = problem;
        ++state.failures;
        auto pause = std::min(longest_wait, std::chrono::seconds(1LL << std::min(state.failures - 1, 9U)));
        if (response) {
            const auto after = response->fields.find("retry-after");
            if (after != response->fields.end())
                pause = std::clamp(std::chrono::seconds(number_in(after->second)), std::chrono::seconds(1),
                                   longest_wait);
        }
        return pause;
    }

    // Keeps where it is. Nothing is kept when nothing moved.
    Result<void> moved(std::string cursor, std::uint64_t done, std::uint64_t refused) {
        Relay next = shown();
        auto& state = next.state;
        state.failures = 0;
        state.problem.clear();
        state.reached = this_instant();
        const bool further = state.cursor != cursor || done > 0 || refused > 0;
        state.cursor = std::move(cursor);
        state.done += done;
        state.refused += refused;
        if (further) {
            auto saved = save(store_, next);
            if (!saved) return saved;
        }
        const std::scoped_lock lock(mutex_);
        auto& now = relay_.state; // of which somebody may have retried dead letters meanwhile
        now.failures = 0;
        now.problem.clear();
        now.reached = state.reached;
        now.cursor = std::move(state.cursor);
        now.done += done;
        now.refused += refused;
        return {};
    }

    Pause pace(std::size_t statements, std::chrono::steady_clock::time_point began) const {
        if (relay_.config.rate == 0) return Pause(0);
        const auto wanted = Pause(1000 * statements / relay_.config.rate);
        const auto spent = std::chrono::duration_cast<Pause>(std::chrono::steady_clock::now() - began);
        return std::max(Pause(0), wanted - spent);
    }

    RemoteRequest request(std::string url) const {
        RemoteRequest made;
        made.url = std::move(url);
        made.certificate = relay_.config.certificate;
        if (relay_.config.kind != RelayKind::webhook) {
            made.key = relay_.config.key;
            made.secret = relay_.config.secret;
            made.fields.emplace_back("X-Experience-API-Version", "1.0.3");
        }
        return made;
    }

    // --- from another LRS

    std::string first_page() const {
        std::string url =
            relay_.config.url + "/statements?ascending=true&limit=" + std::to_string(pulled_at_once);
        for (const auto& [name, value] : relay_.config.filter.told) {
            const auto text = value.is_string() ? std::string(value.get_string()) : json::serialize(value);
            if (name == "since" && !relay_.state.cursor.empty()) continue;
            url += "&" + std::string(name) + "=" + percent_encoded(text);
        }
        if (!relay_.state.cursor.empty()) url += "&since=" + percent_encoded(relay_.state.cursor);
        return url;
    }

    // A page, and all that follow it. Those of the last instant come again with the next step, and change
    // nothing: another store may have more of the same instant.
    Pause pull() {
        std::string url = first_page();
        while (!stopping_) {
            const auto began = std::chrono::steady_clock::now();
            const auto answer = ask_remote(request(url), stopping_);
            if (!answer) return failed(answer.error().message);
            if (answer->status != 200) return failed(reason_in(*answer), &*answer);
            const auto parsed = spec::parse_json(answer->body, {.any_number = true, .repeated_keys = true});
            const auto* page = parsed ? parsed->if_object() : nullptr;
            const auto* statements = page ? page->if_contains("statements") : nullptr;
            if (!statements || !statements->is_array()) return failed("It did not answer with statements.");
            const auto& all = statements->get_array();
            auto beside = pull_voided(all);
            if (beside) beside = pull_attached(all);
            if (!beside) return failed(beside.error().message);
            const auto step = import_page(store_, relay_.config.tenant, answer->body, authority_);
            if (!step) return failed(step.error().message);
            auto kept = moved(cursor_after(all, *answer), count_new(all), step->refused);
            if (!kept) return failed(kept.error().message);
            const auto* more = page->if_contains("more");
            if (!more || !more->is_string() || more->get_string().empty()) return between_pulls;
            const std::string_view link = more->get_string();
            url =
                link.starts_with("/") ? *origin_of(relay_.config.url) + std::string(link) : std::string(link);
            // A key goes nowhere else.
            if (origin_of(url) != origin_of(relay_.config.url))
                return failed("Its next page is on another server.");
            wait(pace(all.size(), began));
        }
        return Pause(0);
    }

    // Those of the last instant come twice.
    std::uint64_t count_new(const json::array& statements) {
        std::uint64_t count = 0;
        std::set<std::string, std::less<>> ids;
        for (const auto& one : statements) {
            const auto* statement = one.if_object();
            const auto* id = statement ? statement->if_contains("id") : nullptr;
            if (!id || !id->is_string()) continue;
            if (!last_page_.contains(id->get_string())) ++count;
            ids.emplace(id->get_string());
        }
        if (!ids.empty()) last_page_ = std::move(ids);
        return count;
    }

    // Before everything that was stored then is known to be there, nobody goes beyond it.
    std::string cursor_after(const json::array& statements, const RemoteResponse& answer) const {
        auto cursor = relay_.state.cursor;
        if (statements.empty() || !statements.back().is_object()) return cursor;
        const auto* stored = statements.back().get_object().if_contains("stored");
        const auto last = stored && stored->is_string()
                              ? spec::parse_timestamp(stored->get_string(), spec::Version::v2_0_0)
                              : Result<spec::Instant>(Error{});
        if (!last) return cursor;
        auto until = *last;
        const auto through = answer.fields.find("x-experience-api-consistent-through");
        if (through != answer.fields.end())
            if (const auto sure = spec::parse_timestamp(through->second, spec::Version::v2_0_0))
                until = std::min(until, *sure);
        // `since` is exclusive, and some keep milliseconds only.
        until -= std::chrono::milliseconds(1);
        const auto before = spec::parse_timestamp(cursor, spec::Version::v2_0_0);
        return before && *before >= until ? cursor : spec::format_timestamp(until);
    }

    // A page never has what was voided: it is asked for by the statement that voids it.
    Result<void> pull_voided(const json::array& statements) {
        for (const auto& one : statements) {
            const auto* statement = one.if_object();
            const auto* verb = statement ? statement->if_contains("verb") : nullptr;
            const auto* object = statement ? statement->if_contains("object") : nullptr;
            const auto* iri = verb && verb->is_object() ? verb->get_object().if_contains("id") : nullptr;
            const auto* target =
                object && object->is_object() ? object->get_object().if_contains("id") : nullptr;
            if (!iri || !iri->is_string() || iri->get_string() != voiding || !target || !target->is_string())
                continue;
            const auto answer = ask_remote(request(relay_.config.url + "/statements?voidedStatementId=" +
                                                   percent_encoded(target->get_string())),
                                           stopping_);
            if (!answer) return answer.error();
            if (answer->status == 404) continue;
            if (answer->status != 200) return Error{"remote_unreachable", "", reason_in(*answer)};
            const auto step = import_page(store_, relay_.config.tenant,
                                          R"({"statements":[)" + answer->body + "]}", authority_);
            if (!step) return step.error();
        }
        return {};
    }

    // Those with attachments one by one, with their bytes, before the page that they are in.
    Result<void> pull_attached(const json::array& statements) {
        for (const auto& one : statements) {
            const auto* statement = one.if_object();
            const auto* id = statement ? statement->if_contains("id") : nullptr;
            if (!id || !id->is_string() || attachments_of(*statement).empty()) continue;
            const auto answer =
                ask_remote(request(relay_.config.url + "/statements?attachments=true&statementId=" +
                                   percent_encoded(id->get_string())),
                           stopping_);
            if (!answer) return answer.error();
            if (answer->status == 404) continue; // voided since
            if (answer->status != 200) return Error{"remote_unreachable", "", reason_in(*answer)};
            const auto type = answer->fields.find("content-type");
            if (type == answer->fields.end() || !type->second.starts_with("multipart/")) continue;
            auto taken =
                import_multipart(store_, relay_.config.tenant, type->second, answer->body, authority_);
            if (!taken) return taken;
        }
        return {};
    }

    // --- to others

    Result<RemoteResponse> send(std::span<const storage::StoredStatement> statements) const {
        const bool webhook = relay_.config.kind == RelayKind::webhook;
        auto sent = request(webhook ? relay_.config.url : relay_.config.url + "/statements");
        sent.method = "POST";
        if (!webhook && statements.size() == 1) {
            auto multipart = with_attachments(store_, relay_.config.tenant, statements.front());
            if (!multipart) return multipart.error();
            if (*multipart) {
                sent.fields.front().second =
                    statements.front().version == spec::Version::v2_0_0 ? "2.0.0" : "1.0.3";
                sent.fields.emplace_back("Content-Type", (*multipart)->content_type);
                sent.body = std::move((*multipart)->body);
                return ask_remote(sent, stopping_);
            }
        }
        sent.fields.emplace_back("Content-Type", "application/json");
        if (webhook) sent.body = R"({"store":)" + std::to_string(relay_.config.tenant) + R"(,"statements":)";
        sent.body += '[';
        for (const auto& statement : statements) {
            if (&statement != statements.data()) sent.body += ',';
            sent.body += statement.bytes;
        }
        sent.body += ']';
        if (webhook) {
            sent.body += '}';
            sent.fields.emplace_back("X-Leerspoor-Signature",
                                     "sha256=" + spec::hmac_sha256_hex(relay_.config.secret, sent.body));
            // The same for the same statements: who has seen it has them.
            sent.fields.emplace_back("Idempotency-Key", spec::to_string(statements.front().id) + "/" +
                                                            std::to_string(statements.size()));
        } else {
            // A statement is of the version that it was accepted by; some refuse those of another.
            const bool is_2 = std::any_of(statements.begin(), statements.end(), [](const auto& one) {
                return one.version == spec::Version::v2_0_0;
            });
            sent.fields.front().second = is_2 ? "2.0.0" : "1.0.3";
        }
        return ask_remote(sent, stopping_);
    }

    Pause forward() {
        storage::Query query;
        query.ascending = query.voided_too = true;
        query.limit = sent_at_once;
        query.limit_bytes = sent_bytes;
        query.terms = relay_.config.filter.terms;
        query.since = relay_.config.filter.since;
        query.until = relay_.config.filter.until;
        if (!relay_.config.filter.identities.empty())
            query.terms.push_back(
                {relay_.config.filter.related_agents ? spec::Filter::related_agent : spec::Filter::agent,
                 relay_.config.filter.identities.front()});
        const auto visible = store_.visible_through();
        const auto cursor = number_in(relay_.state.cursor);
        if (visible <= cursor) return between_looks_ahead;
        if (cursor > 0) query.after = cursor;
        query.snapshot = visible;
        const auto began = std::chrono::steady_clock::now();
        const auto page = store_.query_statements(relay_.config.tenant, query);
        if (!page) return failed(page.error().message);
        const auto through = page->next.value_or(visible);
        std::size_t refused = 0;
        if (!page->statements.empty()) {
            auto sent = deliver(page->statements, refused);
            if (!sent) return retry_after_;
        }
        auto kept = moved(std::to_string(through), page->statements.size() - refused, refused);
        if (!kept) return failed(kept.error().message);
        return pace(page->statements.size(), began);
    }

    // Whether its bytes may come with attachments, which go one by one.
    static bool may_have_attachments(const storage::StoredStatement& statement) {
        return statement.bytes.find("\"attachments\"") != std::string::npos;
    }

    // All that is not refused for good; counts what is. Error: it is to be tried again after retry_after_.
    Result<void> deliver(std::span<const storage::StoredStatement> statements, std::size_t& refused) {
        if (relay_.config.kind == RelayKind::forward && statements.size() > 1) {
            const auto found = std::find_if(statements.begin(), statements.end(), may_have_attachments);
            const auto before = static_cast<std::size_t>(found - statements.begin());
            if (found != statements.end()) {
                auto sent = before > 0 ? deliver(statements.first(before), refused) : Result<void>();
                if (sent) sent = deliver(statements.subspan(before, 1), refused);
                const auto rest = statements.subspan(before + 1);
                return sent && !rest.empty() ? deliver(rest, refused) : sent;
            }
        }
        const auto answer = send(statements);
        if (!answer && answer.error().code == "relay_attachments_too_large") {
            ++refused;
            return bury(statements.front(), {.status = 413, .fields = {}, .body = {}});
        }
        if (!answer) {
            retry_after_ = failed(answer.error().message);
            return answer.error();
        }
        if (answer->status < 300) return {};
        if (may_pass(answer->status) || !is_of_the_statement(answer->status)) {
            retry_after_ = failed(reason_in(*answer), &*answer);
            return Error{"remote_unreachable", "", reason_in(*answer)};
        }
        if (statements.size() > 1) {
            // One of them, or more: halves until it is found.
            const auto half = statements.size() / 2;
            auto first = deliver(statements.first(half), refused);
            return first ? deliver(statements.subspan(half), refused) : first;
        }
        ++refused;
        return bury(statements.front(), *answer);
    }

    Result<void> bury(const storage::StoredStatement& statement, const RemoteResponse& answer) {
        const auto dead = letters();
        if (!dead) return dead.error();
        if (dead->size() >= most_dead_letters) {
            retry_after_ = failed("There are 10,000 dead letters: something is wrong with the other server.");
            return Error{"remote_unreachable", "", "There are too many dead letters."};
        }
        auto kept =
            store_.save_record(RecordKind::dead_letter, letter_name(relay_.id, statement.sequence),
                               json::serialize(json::object{{"statement", spec::to_string(statement.id)},
                                                            {"sequence", statement.sequence},
                                                            {"status", answer.status},
                                                            {"reason", reason_in(answer)}}));
        if (!kept) retry_after_ = failed(kept.error().message);
        return kept;
    }

    storage::RecordStore& store_;
    const json::object authority_;
    mutable std::mutex mutex_; // of relay_'s state, which the thread alone changes
    std::condition_variable changed_;
    Relay relay_;
    Pause retry_after_{0};
    std::set<std::string, std::less<>> last_page_; // the ids in it
    std::atomic<bool> stopping_ = false;
    std::thread thread_; // last: it uses all of the above
};

std::optional<RelayKind> parse_relay_kind(std::string_view name) {
    const auto found = std::find(relay_kinds.begin(), relay_kinds.end(), name);
    if (found == relay_kinds.end()) return std::nullopt;
    return static_cast<RelayKind>(found - relay_kinds.begin());
}

std::string_view name_of(RelayKind kind) {
    return relay_kinds[static_cast<std::size_t>(kind)];
}

json::object as_json(const Relay& relay) {
    auto shown = kept_of(relay);
    shown.erase("store");
    shown.erase("certificate");
    shown["id"] = relay.id;
    return shown;
}

json::object as_json(const DeadLetter& letter) {
    return {{"statement", letter.statement}, {"status", letter.status}, {"reason", letter.reason}};
}

Result<std::unique_ptr<Relays>> Relays::load(storage::RecordStore& store, std::string home_page) {
    std::unique_ptr<Relays> made(new Relays(store, std::move(home_page)));
    const auto records = store.records(RecordKind::relay);
    if (!records) return records.error();
    std::vector<Relay> kept;
    for (const auto& [id, bytes] : *records)
        if (auto relay = decode_relay(id, bytes)) kept.push_back(std::move(*relay));
    std::sort(kept.begin(), kept.end(), [](const auto& a, const auto& b) { return a.made < b.made; });
    for (auto& relay : kept)
        made->working_.push_back(std::make_shared<Working>(store, made->home_page_, std::move(relay)));
    return made;
}

Relays::~Relays() {
    stop();
}

void Relays::stop() {
    std::vector<std::shared_ptr<Working>> all;
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
        all = working_;
    }
    for (const auto& one : all) one->stop();
}

Result<Relay> Relays::add(RelayConfig config) {
    while (config.url.ends_with("/")) config.url.pop_back();
    if (!origin_of(config.url))
        return Error{"relay_invalid", "/url",
                     "This must be the URL of an LRS or a webhook, https:// or http://."};
    if (config.filter.identities.size() > 1)
        return Error{"relay_invalid", "/filter/agent", "A relay is of one Agent at most."};
    const std::scoped_lock lock(mutex_);
    if (working_.size() >= most_relays || stopping_)
        return Error{"relays_too_many", "", "There are 20 relays already: remove one."};
    Relay relay;
    relay.id = spec::to_string(random_uuid());
    relay.config = std::move(config);
    relay.made = this_instant();
    auto saved = Working::save(store_, relay);
    if (!saved) return saved.error();
    working_.push_back(std::make_shared<Working>(store_, home_page_, relay));
    return relay;
}

std::shared_ptr<Relays::Working> Relays::find_working(storage::StoreId tenant, std::string_view id) const {
    const std::scoped_lock lock(mutex_);
    for (const auto& one : working_) {
        const auto relay = one->shown();
        if (relay.config.tenant == tenant && relay.id == id) return one;
    }
    return nullptr;
}

std::vector<Relay> Relays::all(storage::StoreId tenant) const {
    const std::scoped_lock lock(mutex_);
    std::vector<Relay> relays;
    for (const auto& one : working_) {
        auto relay = one->shown();
        if (relay.config.tenant == tenant) relays.push_back(std::move(relay));
    }
    return relays;
}

std::optional<Relay> Relays::find(storage::StoreId tenant, std::string_view id) const {
    const auto found = find_working(tenant, id);
    return found ? std::optional(found->shown()) : std::nullopt;
}

Result<bool> Relays::remove(storage::StoreId tenant, std::string_view id) {
    const auto found = find_working(tenant, id);
    if (!found) return false;
    found->stop(); // before its record goes, which it would write again
    const auto dead = found->letters();
    if (!dead) return dead.error();
    for (const auto& letter : *dead) {
        const auto removed =
            store_.remove_record(RecordKind::dead_letter, letter_name(std::string(id), letter.sequence));
        if (!removed) return removed.error();
    }
    const auto removed = store_.remove_record(RecordKind::relay, id);
    if (!removed) return removed.error();
    const std::scoped_lock lock(mutex_);
    std::erase(working_, found);
    return true;
}

namespace {

Error no_such_relay() {
    return {"relay_unknown", "", "There is no such relay."};
}

} // namespace

Result<std::vector<DeadLetter>> Relays::dead_letters(storage::StoreId tenant, std::string_view id) {
    const auto found = find_working(tenant, id);
    if (!found) return no_such_relay();
    return found->letters();
}

Result<std::size_t> Relays::retry(storage::StoreId tenant, std::string_view id) {
    const auto found = find_working(tenant, id);
    if (!found) return no_such_relay();
    return found->retry();
}

} // namespace leerspoor::server::relay
