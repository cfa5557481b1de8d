#include "server/auth/people.hpp"

#include "server/support/random.hpp"
#include "spec/base/hex.hpp"
#include "spec/base/json.hpp"
#include "spec/base/sha2.hpp"
#include "spec/base/timestamp.hpp"
#include "spec/base/utf8.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace leerspoor::server::auth {
namespace {

namespace json = boost::json;
using storage::RecordKind;

constexpr std::size_t token_bytes = 32;
constexpr std::size_t longest_name = 100;
constexpr std::size_t shortest_password = 12;
constexpr std::size_t longest_password = 1000;
constexpr std::size_t most_sessions = 20; // of one person; the oldest ends
constexpr std::chrono::days invitation_time{7};
constexpr std::chrono::days session_time{14};

// Tokens are random, so that their digest needs no salt.
std::string digest_of(std::string_view token) {
    return spec::hex(spec::sha256(token));
}

// Control characters would end a line of the log.
bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= longest_name && spec::is_utf8(name) && name.front() != ' ' &&
           name.back() != ' ' && std::none_of(name.begin(), name.end(), [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '/';
           });
}

std::string text_in(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::optional<spec::Instant> instant_in(const json::object& object, std::string_view key) {
    const auto parsed = spec::parse_timestamp(text_in(object, key), spec::Version::v2_0_0);
    return parsed ? std::optional(*parsed) : std::nullopt;
}

Error damaged() {
    return {"store_damaged", "", "A record of people cannot be read: restore the data folder from a backup."};
}

} // namespace

People::People(storage::SmallRecordStore& store, PeopleOptions options)
    : store_(store), options_(std::move(options)), throttle_(options_.throttle) {
    if (!options_.now) {
        options_.now = [] {
            return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
        };
    }
    nobodys_hash_ = hash_secret(random_token(16), options_.cost);
}

Result<std::unique_ptr<People>> People::load(storage::SmallRecordStore& store, PeopleOptions options) {
    std::unique_ptr<People> people(new People(store, std::move(options)));
    if (auto read = people->read(); !read) return read.error();
    return people;
}

Result<void> People::read() {
    const auto each = [&](RecordKind kind, const auto& take) -> Result<void> {
        const auto records = store_.records(kind);
        if (!records) return records.error();
        for (const auto& [name, bytes] : *records) {
            const auto parsed = spec::parse_stored_json(bytes);
            if (!parsed || !parsed->is_object() || !take(name, parsed->get_object())) return damaged();
        }
        return {};
    };
    auto done = each(RecordKind::person, [&](const std::string& name, const json::object& record) {
        const auto role = parse_role(text_in(record, "role"));
        const auto created = instant_in(record, "created");
        if (!role || !created) return false;
        accounts_[name] = {{name, *role, *created}, text_in(record, "password")};
        return true;
    });
    if (!done) return done;
    done = each(RecordKind::session, [&](const std::string& digest, const json::object& record) {
        const auto begun = instant_in(record, "begun");
        const auto expires = instant_in(record, "expires");
        const auto account = accounts_.find(text_in(record, "person"));
        if (!begun || !expires) return false;
        if (account == accounts_.end()) return true; // went with a crash between two steps of remove()
        sessions_[digest] = {
            {text_in(record, "id"), account->first, text_in(record, "address"), *begun, *expires},
            principal_of(account->second.person, text_in(record, "csrf"))};
        return true;
    });
    if (!done) return done;
    return each(RecordKind::invitation, [&](const std::string& digest, const json::object& record) {
        const auto role = parse_role(text_in(record, "role"));
        const auto expires = instant_in(record, "expires");
        if (!role || !expires) return false;
        invitations_[digest] = {*role, text_in(record, "reset_of"), *expires};
        return true;
    });
}

bool People::empty() const {
    const std::shared_lock lock(mutex_);
    return accounts_.empty();
}

std::vector<Person> People::list() const {
    const std::shared_lock lock(mutex_);
    std::vector<Person> all;
    for (const auto& [name, account] : accounts_) all.push_back(account.person);
    return all;
}

Result<Invitation> People::invite(Role role, std::string reset_of) {
    const std::scoped_lock changing(changing_);
    if (!reset_of.empty()) {
        const std::shared_lock lock(mutex_);
        const auto account = accounts_.find(reset_of);
        if (account == accounts_.end()) return Error{"person_unknown", "", "There is nobody of this name."};
        role = account->second.person.role;
    }
    if (empty()) {
        // Of the links to the first account only the last is good: the others stand in logs.
        const auto old = store_.records(RecordKind::invitation);
        if (!old) return old.error();
        for (const auto& [of, bytes] : *old) {
            if (auto removed = store_.remove_record(RecordKind::invitation, of); !removed)
                return removed.error();
        }
        const std::scoped_lock lock(mutex_);
        invitations_.clear();
    }
    Invitation made{random_token(token_bytes), role, options_.now() + invitation_time};
    const auto digest = digest_of(made.token);
    const json::object record{
        {"role", name_of(role)}, {"reset_of", reset_of}, {"expires", spec::format_timestamp(made.expires)}};
    if (auto saved = store_.save_record(RecordKind::invitation, digest, json::serialize(record)); !saved)
        return saved.error();
    const std::scoped_lock lock(mutex_);
    invitations_[digest] = {role, std::move(reset_of), made.expires};
    return made;
}

std::optional<std::pair<Role, std::string>> People::invited(std::string_view token) const {
    const std::shared_lock lock(mutex_);
    const auto found = invitations_.find(digest_of(token));
    if (found == invitations_.end() || found->second.expires <= options_.now()) return std::nullopt;
    return std::pair(found->second.role, found->second.reset_of);
}

Result<NewSession> People::accept(std::string_view token, std::string name, std::string_view password,
                                  std::string_view address) {
    const std::scoped_lock changing(changing_);
    const auto invitation = invited(token);
    if (!invitation) {
        return Error{"invitation_invalid", "",
                     "This link was used already, or it is older than seven days. Ask for a new one."};
    }
    const auto& [role, reset_of] = *invitation;
    if (!reset_of.empty()) name = reset_of;
    if (!is_name(name)) {
        return Error{"person_name_invalid", "/name",
                     "A name has 1 to 100 bytes, no slash, and no blank at its ends."};
    }
    if (password.size() < shortest_password || password.size() > longest_password) {
        return Error{"password_too_short", "/password",
                     "A password has at least 12 and at most 1,000 characters."};
    }
    Account account;
    {
        const std::shared_lock lock(mutex_);
        const auto known = accounts_.find(name);
        if (known != accounts_.end() && reset_of.empty())
            return Error{"person_exists", "/name", "Somebody has this name already."};
        if (known == accounts_.end() && !reset_of.empty())
            return Error{"person_unknown", "", "There is nobody of this name any more."};
        account = known != accounts_.end() ? known->second : Account{{name, role, options_.now()}, {}};
    }
    account.password_hash = hash_secret(password, options_.cost);
    // First the link goes: it is good once, whatever happens then.
    const auto digest = digest_of(token);
    if (auto removed = store_.remove_record(RecordKind::invitation, digest); !removed) return removed.error();
    {
        const std::scoped_lock lock(mutex_);
        invitations_.erase(digest);
    }
    if (auto saved = save(account); !saved) return saved.error();
    if (!reset_of.empty()) {
        if (auto ended = end_sessions_of(name); !ended) return ended.error();
    }
    return begin_session(account.person, address);
}

Result<void> People::save(const Account& account) {
    const json::object record{{"role", name_of(account.person.role)},
                              {"created", spec::format_timestamp(account.person.created)},
                              {"password", account.password_hash}};
    auto saved = store_.save_record(RecordKind::person, account.person.name, json::serialize(record));
    if (!saved) return saved;
    const std::scoped_lock lock(mutex_);
    accounts_.insert_or_assign(account.person.name, account);
    return {};
}

Result<NewSession> People::sign_in(std::string_view name, std::string_view password,
                                   std::string_view address) {
    const auto wait = throttle_.wait(address, name);
    if (wait.count() > 0) {
        return Error{"sign_in_throttled", "",
                     "Too many attempts failed. Try again in " + std::to_string(wait.count()) + " seconds."};
    }
    std::optional<Account> account;
    {
        const std::shared_lock lock(mutex_);
        if (const auto known = accounts_.find(name); known != accounts_.end()) account = known->second;
    }
    const bool right = password.size() <= longest_password &&
                       verify_secret(account ? account->password_hash : nobodys_hash_, password);
    if (!account || !right) {
        throttle_.failed(address, name);
        return Error{"sign_in_refused", "", "The name or the password is not right."};
    }
    const std::scoped_lock changing(changing_);
    {
        const std::shared_lock lock(mutex_);
        const auto still = accounts_.find(name);
        if (still == accounts_.end() || still->second.password_hash != account->password_hash)
            return Error{"sign_in_refused", "", "The name or the password is not right."};
    }
    return begin_session(account->person, address);
}

std::shared_ptr<const Principal> People::principal_of(const Person& person, std::string csrf) const {
    auto principal = std::make_shared<Principal>();
    principal->key = "person " + person.name;
    principal->person = person.name;
    principal->is_person = true;
    principal->role = person.role;
    principal->csrf = std::move(csrf);
    return principal;
}

// REQUIRES: changing_ is held.
Result<NewSession> People::begin_session(const Person& person, std::string_view address) {
    const auto now = options_.now();
    auto before = sessions_of(person.name);
    for (std::size_t i = 0; i + most_sessions <= before.size(); ++i) {
        const std::string oldest = before[i].id;
        std::string digest;
        {
            const std::shared_lock lock(mutex_);
            for (const auto& [of, kept] : sessions_)
                if (kept.session.id == oldest) digest = of;
        }
        if (auto removed = store_.remove_record(RecordKind::session, digest); !removed)
            return removed.error();
        const std::scoped_lock lock(mutex_);
        sessions_.erase(digest);
    }
    NewSession made{random_token(token_bytes), principal_of(person, random_token(token_bytes)),
                    now + session_time};
    const auto digest = digest_of(made.token);
    const Session session{random_token(9), person.name, std::string(address), now, made.expires};
    const json::object record{{"id", session.id},
                              {"person", person.name},
                              {"address", session.address},
                              {"begun", spec::format_timestamp(now)},
                              {"expires", spec::format_timestamp(made.expires)},
                              {"csrf", made.principal->csrf}};
    if (auto saved = store_.save_record(RecordKind::session, digest, json::serialize(record)); !saved)
        return saved.error();
    const std::scoped_lock lock(mutex_);
    sessions_[digest] = {session, made.principal};
    return made;
}

std::shared_ptr<const Principal> People::find_session(std::string_view token) const {
    const auto digest = digest_of(token);
    const std::shared_lock lock(mutex_);
    const auto found = sessions_.find(digest);
    if (found == sessions_.end() || found->second.session.expires <= options_.now()) return nullptr;
    return found->second.principal;
}

std::vector<Session> People::sessions_of(std::string_view person) const {
    std::vector<Session> all;
    {
        const std::shared_lock lock(mutex_);
        for (const auto& [digest, kept] : sessions_) {
            if (kept.session.person == person && kept.session.expires > options_.now())
                all.push_back(kept.session);
        }
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.begun < b.begun; });
    return all;
}

Result<void> People::end_session(std::string_view person, std::string_view id) {
    const std::scoped_lock changing(changing_);
    std::string digest;
    {
        const std::shared_lock lock(mutex_);
        for (const auto& [of, kept] : sessions_) {
            if (kept.session.person == person && kept.session.id == id) digest = of;
        }
    }
    if (digest.empty()) return Error{"session_unknown", "", "There is no session of this id."};
    if (auto removed = store_.remove_record(RecordKind::session, digest); !removed) return removed;
    const std::scoped_lock lock(mutex_);
    sessions_[digest].principal->revoked = true;
    sessions_.erase(digest);
    return {};
}

Result<void> People::sign_out(std::string_view token) {
    Session session;
    {
        const std::shared_lock lock(mutex_);
        const auto found = sessions_.find(digest_of(token));
        if (found == sessions_.end()) return {};
        session = found->second.session;
    }
    return end_session(session.person, session.id);
}

// REQUIRES: changing_ is held.
Result<void> People::end_sessions_of(std::string_view person) {
    std::vector<std::string> digests;
    {
        const std::shared_lock lock(mutex_);
        for (const auto& [digest, kept] : sessions_) {
            if (kept.session.person == person) digests.push_back(digest);
        }
    }
    for (const auto& digest : digests) {
        if (auto removed = store_.remove_record(RecordKind::session, digest); !removed) return removed;
        const std::scoped_lock lock(mutex_);
        sessions_[digest].principal->revoked = true;
        sessions_.erase(digest);
    }
    return {};
}

Result<void> People::remove(std::string_view person) {
    const std::scoped_lock changing(changing_);
    {
        const std::shared_lock lock(mutex_);
        const auto found = accounts_.find(person);
        if (found == accounts_.end()) return Error{"person_unknown", "", "There is nobody of this name."};
        const auto administrators = std::count_if(accounts_.begin(), accounts_.end(), [](const auto& each) {
            return each.second.person.role == Role::administrator;
        });
        if (found->second.person.role == Role::administrator && administrators == 1) {
            return Error{
                "last_administrator", "",
                "This is the only administrator. Invite another one first, or nobody could let people in."};
        }
    }
    // The account first: without it no session counts after a crash.
    if (auto removed = store_.remove_record(RecordKind::person, person); !removed) return removed;
    {
        const std::scoped_lock lock(mutex_);
        accounts_.erase(accounts_.find(person));
    }
    return end_sessions_of(person);
}

} // namespace leerspoor::server::auth
