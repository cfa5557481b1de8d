#include "server/courses/launches.hpp"

#include "server/courses/kept.hpp"

#include "server/support/random.hpp"
#include "spec/agent.hpp"
#include "spec/base/json.hpp"
#include "spec/base/sha2.hpp"
#include "spec/base/uuid.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <exception>
#include <openssl/crypto.h>

namespace leerspoor::server::courses {
namespace {

namespace json = boost::json;
using storage::RecordKind;

constexpr std::chrono::hours session_time{24};
constexpr std::size_t token_bytes = 32;

std::string secret_digest(std::string_view secret) {
    spec::Sha2 digest(256);
    digest.update(secret);
    return digest.finish();
}

bool is_secret(const std::string& digest, std::string_view secret) {
    const auto given = secret_digest(secret);
    return !digest.empty() && CRYPTO_memcmp(given.data(), digest.data(), digest.size()) == 0;
}

std::string key_of(storage::StoreId tenant, std::string_view course, std::string_view registration) {
    return std::to_string(tenant).append("/").append(course).append("/").append(registration);
}

json::object encode(const Launch& launch) {
    return {{"store", launch.tenant},
            {"course", launch.course},
            {"registration", launch.registration},
            {"node", launch.node},
            {"mode", name_of(launch.mode)},
            {"return_url", launch.return_url},
            {"expires", spec::format_timestamp(launch.expires)},
            {"by", launch.by}};
}
Launch decode_launch(const json::object& kept) {
    return {kept.at("store").to_number<storage::StoreId>(),
            kept_text(kept, "course"),
            kept_text(kept, "registration"),
            kept_text(kept, "node"),
            spec::courses::parse_launch_mode(kept_text(kept, "mode")).value(),
            kept_text(kept, "return_url"),
            kept_instant(kept, "expires"),
            kept_text(kept, "by")};
}

std::string encode(const Registration& registration) {
    return json::serialize(json::object{{"version", registration.version},
                                        {"learner", registration.learner},
                                        {"made", spec::format_timestamp(registration.made)}});
}
std::optional<Registration> decode_registration(std::string_view key, const std::string& bytes) {
    const auto kept = parse_kept(bytes);
    const auto first = key.find('/');
    const auto last = key.rfind('/');
    if (!kept || first == std::string_view::npos || last <= first) return std::nullopt;
    try {
        Registration registration;
        registration.tenant = static_cast<storage::StoreId>(std::stoul(std::string(key.substr(0, first))));
        registration.course = key.substr(first + 1, last - first - 1);
        registration.id = key.substr(last + 1);
        registration.version = kept_text(*kept, "version");
        registration.learner = kept->at("learner").as_object();
        registration.made = kept_instant(*kept, "made");
        return registration;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

std::string encode(const Session& session) {
    return json::serialize(json::object{{"version", session.version},
                                        {"launch", encode(session.launch)},
                                        {"made", spec::format_timestamp(session.made)},
                                        {"expires", spec::format_timestamp(session.expires)},
                                        {"origin", session.origin},
                                        {"content", session.content_digest},
                                        {"fetch", session.fetch_digest},
                                        {"auth", session.auth_digest},
                                        {"read_launch_data", session.read_launch_data},
                                        {"read_preferences", session.read_preferences}});
}
std::optional<Session> decode_session(std::string_view id, const std::string& bytes) {
    const auto kept = parse_kept(bytes);
    if (!kept) return std::nullopt;
    try {
        Session session;
        session.id = id;
        session.version = kept_text(*kept, "version");
        session.launch = decode_launch(kept->at("launch").as_object());
        session.made = kept_instant(*kept, "made");
        session.expires = kept_instant(*kept, "expires");
        session.origin = kept_text(*kept, "origin");
        session.content_digest = kept_text(*kept, "content");
        session.fetch_digest = kept_text(*kept, "fetch");
        session.auth_digest = kept_text(*kept, "auth");
        session.read_launch_data = kept->at("read_launch_data").as_bool();
        session.read_preferences = kept->at("read_preferences").as_bool();
        return session;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

// A session's token is its id and a secret: "UUID.SECRET" without the UUID's hyphens.
std::string token_of(const std::string& id, std::string_view secret) {
    std::string token;
    for (const char c : id)
        if (c != '-') token += c;
    return token.append(".").append(secret);
}
struct Token {
    std::string id;
    std::string_view secret;
};
std::optional<Token> parse_token(std::string_view token) {
    constexpr std::size_t digits = 32;
    if (token.size() <= digits + 1 || token[digits] != '.') return std::nullopt;
    std::string id(token.substr(0, digits));
    for (const std::size_t at : {8u, 13u, 18u, 23u}) id.insert(at, "-");
    const auto uuid = spec::parse_uuid(id);
    if (!uuid) return std::nullopt;
    return Token{spec::to_string(*uuid), token.substr(digits + 1)};
}

// The learner's own registration of a course: the same for whoever asks, so that two who ask make one.
std::string own_registration(storage::StoreId tenant, std::string_view course, const json::object& learner) {
    const auto digest = spec::sha256("registration\n" + std::to_string(tenant) + "\n" + std::string(course) +
                                     "\n" + spec::identity(learner));
    std::array<std::uint8_t, 16> bytes{};
    std::copy_n(digest.begin(), bytes.size(), bytes.begin());
    return spec::to_string(spec::uuid_from_random(bytes));
}

} // namespace

Result<Registration> Launches::enrol(Library& library, storage::StoreId tenant, std::string_view course,
                                     const json::object& learner, const std::optional<spec::Uuid>& id) {
    const auto info = library.find(tenant, course);
    if (!info) return Error{"course_unknown", "", "There is no such course."};
    const std::lock_guard one_at_a_time(changing_);
    const auto name = id ? spec::to_string(*id) : own_registration(tenant, course, learner);
    auto known = find_registration(tenant, course, name);
    if (!known) return known.error();
    if (*known) {
        if (spec::identity((*known)->learner) != spec::identity(learner))
            return Error{"registration_taken", "/registration", "This registration is somebody else's."};
        return std::move(**known);
    }
    if (info->retired)
        return Error{"course_retired", "/course", "The course is retired: nobody begins with it any more."};
    Registration made{name, tenant, info->id, info->versions.back(), learner, present()};
    if (auto saved = save(made); !saved) return saved.error();
    return made;
}

Result<void> Launches::save(const Registration& registration) {
    return store_.save_record(RecordKind::registration,
                              key_of(registration.tenant, registration.course, registration.id),
                              encode(registration));
}

Result<std::optional<Registration>>
Launches::find_registration(storage::StoreId tenant, std::string_view course, std::string_view id) const {
    const auto key = key_of(tenant, course, id);
    const auto bytes = store_.find_record(RecordKind::registration, key);
    if (!bytes) return bytes.error();
    return *bytes ? decode_registration(key, **bytes) : std::optional<Registration>();
}

Result<std::optional<Registration>> Launches::find_own(storage::StoreId tenant, std::string_view course,
                                                       const json::object& learner) const {
    return find_registration(tenant, course, own_registration(tenant, course, learner));
}

Result<std::vector<Registration>> Launches::registrations_of(storage::StoreId tenant,
                                                             std::string_view course) const {
    const auto kept = store_.records(RecordKind::registration, key_of(tenant, course, ""));
    if (!kept) return kept.error();
    std::vector<Registration> all;
    for (const auto& [key, bytes] : *kept)
        if (auto one = decode_registration(key, bytes)) all.push_back(std::move(*one));
    std::sort(all.begin(), all.end(),
              [](const Registration& a, const Registration& b) { return a.made < b.made; });
    return all;
}

Result<std::size_t> Launches::move(Library& library, storage::StoreId tenant, std::string_view course,
                                   std::string_view registration) {
    const auto info = library.find(tenant, course);
    if (!info) return Error{"course_unknown", "", "There is no such course."};
    const std::lock_guard one_at_a_time(changing_);
    std::vector<Registration> wanted;
    if (registration.empty()) {
        auto all = registrations_of(tenant, course);
        if (!all) return all.error();
        wanted = std::move(*all);
    } else {
        auto one = find_registration(tenant, course, registration);
        if (!one) return one.error();
        if (!*one) return Error{"registration_unknown", "/registration", "There is no such registration."};
        wanted.push_back(std::move(**one));
    }
    std::size_t moved = 0;
    for (auto& one : wanted) {
        if (one.version == info->versions.back()) continue;
        one.version = info->versions.back();
        if (auto saved = save(one); !saved) return saved.error();
        ++moved;
    }
    return moved;
}

Result<NewLaunch> Launches::make(Launch launch) {
    NewLaunch made{random_token(token_bytes), std::move(launch)};
    auto saved = store_.save_record(RecordKind::launch, secret_digest(made.token),
                                    json::serialize(encode(made.launch)));
    if (!saved) return saved.error();
    return made;
}

Result<std::optional<Launch>> Launches::find_launch(std::string_view token) const {
    const auto bytes = store_.find_record(RecordKind::launch, secret_digest(token));
    if (!bytes) return bytes.error();
    const auto kept = *bytes ? parse_kept(**bytes) : std::nullopt;
    if (!kept) return std::optional<Launch>();
    auto launch = decode_launch(*kept);
    if (launch.expires <= present()) return std::optional<Launch>();
    return std::optional(std::move(launch));
}

Result<NewSession> Launches::begin(const Launch& launch, const std::string& version, std::string node,
                                   std::string_view origin) {
    const auto content = random_token(token_bytes);
    const auto fetch = random_token(token_bytes);
    Session session;
    session.id = spec::to_string(random_uuid());
    session.version = version;
    session.origin = origin;
    session.launch = launch;
    session.launch.node = std::move(node);
    session.made = present();
    session.expires = session.made + session_time;
    session.content_digest = secret_digest(content);
    session.fetch_digest = secret_digest(fetch);
    auto saved = save(std::move(session));
    if (!saved) return saved.error();
    const auto& id = (*saved)->id;
    return NewSession{token_of(id, content), token_of(id, fetch), *saved};
}

Result<std::shared_ptr<const Session>> Launches::save(Session session) {
    constexpr std::size_t most_remembered = 10'000;
    auto kept = std::make_shared<const Session>(std::move(session));
    if (auto saved = store_.save_record(RecordKind::course_session, kept->id, encode(*kept)); !saved)
        return saved.error();
    const std::lock_guard lock(mutex_);
    if (sessions_.size() >= most_remembered) sessions_.clear();
    sessions_.insert_or_assign(kept->id, kept);
    return kept;
}

std::shared_ptr<const Session> Launches::load(std::string_view id) {
    std::shared_ptr<const Session> session;
    {
        const std::lock_guard lock(mutex_);
        const auto found = sessions_.find(id);
        if (found != sessions_.end()) session = found->second;
    }
    if (!session) {
        const auto bytes = store_.find_record(RecordKind::course_session, id);
        auto kept = bytes && *bytes ? decode_session(id, **bytes) : std::nullopt;
        if (!kept) return nullptr;
        session = std::make_shared<const Session>(std::move(*kept));
        const std::lock_guard lock(mutex_);
        sessions_.insert_or_assign(session->id, session);
    }
    return session->expires > present() ? session : nullptr;
}

std::shared_ptr<const Session> Launches::by_content(std::string_view token) {
    const auto parts = parse_token(token);
    auto session = parts ? load(parts->id) : nullptr;
    return session && is_secret(session->content_digest, parts->secret) ? session : nullptr;
}

std::shared_ptr<const Session> Launches::by_auth(std::string_view token) {
    const auto parts = parse_token(token);
    auto session = parts ? load(parts->id) : nullptr;
    return session && is_secret(session->auth_digest, parts->secret) ? session : nullptr;
}

std::shared_ptr<const Session> Launches::find_session(storage::StoreId tenant, std::string_view id) {
    auto session = load(id);
    return session && session->launch.tenant == tenant ? session : nullptr;
}

Result<std::string> Launches::fetch(std::string_view token) {
    const std::lock_guard one_at_a_time(changing_);
    const auto parts = parse_token(token);
    const auto session = parts ? load(parts->id) : nullptr;
    if (!session || !session->auth_digest.empty() || !is_secret(session->fetch_digest, parts->secret))
        return Error{"launch_fetched", "", "The token was given already, or the session has expired."};
    const auto secret = random_token(token_bytes);
    auto changed = *session;
    changed.auth_digest = secret_digest(secret);
    if (auto saved = save(std::move(changed)); !saved) return saved.error();
    return {boost::system::in_place_value, token_of(session->id, secret)};
}

Result<void> Launches::note_read(const Session& session, bool launch_data, bool preferences) {
    const std::lock_guard one_at_a_time(changing_);
    const auto known = load(session.id);
    if (!known) return {};
    auto changed = *known;
    changed.read_launch_data = changed.read_launch_data || launch_data;
    changed.read_preferences = changed.read_preferences || preferences;
    if (changed.read_launch_data == known->read_launch_data &&
        changed.read_preferences == known->read_preferences)
        return {};
    const auto saved = save(std::move(changed));
    return saved ? Result<void>() : saved.error();
}

Result<void> Launches::forget(storage::StoreId tenant, const std::vector<std::string>& identities) {
    const std::lock_guard one_at_a_time(changing_);
    const auto kept = store_.records(RecordKind::registration, std::to_string(tenant) + "/");
    if (!kept) return kept.error();
    std::vector<std::string> gone;
    for (const auto& [key, bytes] : *kept) {
        const auto registration = decode_registration(key, bytes);
        if (!registration) continue;
        const auto identity = spec::identity(registration->learner);
        if (std::find(identities.begin(), identities.end(), identity) == identities.end()) continue;
        if (auto removed = store_.remove_record(RecordKind::registration, key); !removed) return removed;
        gone.push_back(registration->id);
    }
    for (const auto kind : {RecordKind::launch, RecordKind::course_session}) {
        const auto all = store_.records(kind);
        if (!all) return all.error();
        for (const auto& [name, bytes] : *all) {
            const auto launch = parse_kept(bytes);
            if (!launch) continue;
            const auto& said = kind == RecordKind::launch ? *launch : launch->at("launch").as_object();
            if (std::find(gone.begin(), gone.end(), kept_text(said, "registration")) == gone.end()) continue;
            if (auto removed = store_.remove_record(kind, name); !removed) return removed;
        }
    }
    const std::lock_guard lock(mutex_);
    sessions_.clear();
    return {};
}

Result<void> Launches::sweep() {
    const auto moment = present();
    for (const auto kind : {RecordKind::launch, RecordKind::course_session}) {
        const auto all = store_.records(kind);
        if (!all) return all.error();
        for (const auto& [name, bytes] : *all) {
            const auto kept = parse_kept(bytes);
            if (kept && kept_instant(*kept, "expires") > moment) continue;
            if (auto removed = store_.remove_record(kind, name); !removed) return removed;
        }
    }
    return {};
}

} // namespace leerspoor::server::courses
