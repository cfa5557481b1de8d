#include "server/app/access_log.hpp"

#include "server/http/percent.hpp"
#include "server/support/random.hpp"
#include "spec/agent.hpp"
#include "spec/base/json.hpp"
#include "spec/prepare.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <future>

namespace leerspoor::server {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds between_rounds{1};
constexpr std::chrono::seconds kept_together{60};
constexpr std::size_t most_noted = 50'000; // beyond it what is alike is kept at once
constexpr std::size_t at_a_time = 500;     // statements
constexpr std::size_t longest_purpose = 200;
constexpr std::size_t most_people = 20; // of one request
constexpr std::string_view about = "urn:leerspoor:access";
constexpr std::string_view verb_prefix = "urn:leerspoor:access:";
constexpr std::string_view records_prefix = "urn:leerspoor:records:";
constexpr std::array<std::string_view, 6> names{"nothing", "reads", "counts", "exports", "erases", "manages"};
constexpr std::string_view by_learner = "\"learner\""; // in a query of analytics: persons are told apart

spec::Instant present_time() {
    return std::chrono::time_point_cast<spec::Instant::duration>(std::chrono::system_clock::now());
}

// An Agent, or its JSON as a text.
void add_person(const json::value& agent, std::vector<std::string>& people) {
    if (people.size() == most_people || !(agent.is_object() || agent.is_string())) return;
    const auto text = agent.is_string() ? std::string(agent.get_string()) : json::serialize(agent);
    const auto parsed = spec::parse_agent(text, spec::Version::v2_0_0);
    if (!parsed) return;
    const auto identity = spec::identity(*parsed);
    if (!identity.empty()) people.push_back(identity);
}

void add_people(const json::value& agents, std::vector<std::string>& people) {
    if (agents.is_array()) {
        for (const auto& one : agents.get_array()) add_person(one, people);
    } else {
        add_person(agents, people);
    }
}

void add_people_of(std::string_view query, std::vector<std::string>& people) {
    const auto parsed = spec::parse_json(query);
    const auto* object = parsed ? parsed->if_object() : nullptr;
    if (!object) return;
    if (const auto* agent = object->if_contains("agent")) add_people(*agent, people);
    const auto* filter = object->if_contains("filter");
    if (!filter || !filter->is_object()) return;
    for (const auto* name : {"agent", "learner"})
        if (const auto* agent = filter->get_object().if_contains(name)) add_people(*agent, people);
}

// Whose records were asked for by name: identities. A filter may stand in the address, or in a body.
std::vector<std::string> people_in(const Request& request) {
    std::vector<std::string> people;
    if (const auto parameters = http::parse_query(request.head.query())) {
        for (const auto& [name, value] : *parameters) {
            if (name == "query") add_people_of(value, people);
            if (name != "agent") continue;
            if (const auto parsed = spec::parse_json(value)) add_people(*parsed, people);
        }
    }
    if (!request.body.bytes.empty()) add_people_of(request.body.bytes, people);
    return people;
}

std::string purpose_of(const http::RequestHead& head) {
    std::string purpose(head.fields.find("X-Leerspoor-Purpose").value_or(""));
    if (purpose.size() > longest_purpose || !spec::check_json(json::serialize(json::string(purpose))))
        purpose.clear();
    return purpose;
}

} // namespace

AccessLog::AccessLog(storage::RecordStore& store, std::string home_page)
    : store_(store), home_page_(std::move(home_page)), thread_([this] { run(); }) {}

void AccessLog::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (!thread_.joinable()) return;
    thread_.join();
    static_cast<void>(flush()); // what cannot be kept now cannot be kept
}

void AccessLog::note(const Request& request, std::string_view resource, Audited what) {
    const auto& who = *request.principal;
    auto people = people_in(request);
    if (what == Audited::counts) {
        const bool of_persons = request.body.bytes.find(by_learner) != std::string::npos ||
                                request.head.query().find("learner") != std::string_view::npos;
        if (people.empty() && !of_persons) return;
        what = Audited::reads;
    }
    if (people.empty()) people.emplace_back();
    const auto by = who.is_person ? "person " + who.person : "key " + who.key;
    const auto purpose = purpose_of(request.head);
    const auto instant = present_time();
    const auto now = Clock::now();
    const std::scoped_lock lock(mutex_);
    for (auto& identity : people) {
        auto& noted = noted_[{access_store(who.store), by, what, std::string(resource), request.head.method,
                              std::move(identity), request.head.remote_address, purpose}];
        if (noted.times++ == 0) {
            noted.first = instant;
            noted.since = now;
            noted.is_person = who.is_person || what != Audited::reads;
        }
        noted.last = instant;
    }
}

Result<void> AccessLog::flush() {
    std::map<Alike, Noted> noted;
    {
        const std::scoped_lock lock(mutex_);
        noted.swap(noted_);
    }
    return keep(std::move(noted));
}

void AccessLog::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        changed_.wait_for(lock, between_rounds, [&] { return stopping_; });
        const auto now = Clock::now();
        const bool all = noted_.size() > most_noted;
        std::map<Alike, Noted> due;
        for (auto noted = noted_.begin(); noted != noted_.end();) {
            const bool is_due = all || noted->second.is_person || now - noted->second.since >= kept_together;
            const auto next = std::next(noted);
            if (is_due) due.insert(noted_.extract(noted));
            noted = next;
        }
        if (due.empty()) continue;
        lock.unlock();
        static_cast<void>(keep(std::move(due))); // what was not kept waits again
        lock.lock();
    }
}

Result<void> AccessLog::keep(std::map<Alike, Noted> noted) {
    const std::scoped_lock one(keeping_);
    Result<void> outcome;
    while (!noted.empty() && outcome) {
        const auto tenant = std::get<storage::StoreId>(noted.begin()->first);
        storage::Submission submission;
        auto end = noted.begin();
        for (; end != noted.end() && submission.statements.size() < at_a_time; ++end) {
            const auto& [store, by, what, resource, method, whose, address, purpose] = end->first;
            if (store != tenant) break;
            const auto verb = names[static_cast<std::size_t>(what)];
            json::object extension{{"resource", resource},
                                   {"method", method},
                                   {"address", address},
                                   {"times", end->second.times},
                                   {"last", spec::format_timestamp(end->second.last)}};
            if (!purpose.empty()) extension["purpose"] = purpose;
            json::object object{{"id", std::string(records_prefix) + resource}};
            if (!whose.empty()) {
                object = spec::identifier_of(whose);
                object["objectType"] = "Agent";
            }
            const json::object account{{"homePage", home_page_}, {"name", by}};
            const json::object statement{
                {"actor", {{"objectType", "Agent"}, {"account", account}}},
                {"verb", {{"id", std::string(verb_prefix).append(verb)}, {"display", {{"en", verb}}}}},
                {"object", object},
                {"timestamp", spec::format_timestamp(end->second.first)},
                {"context", {{"extensions", {{about, extension}}}}}};
            auto prepared =
                spec::prepare_statement(statement, spec::Version::v2_0_0,
                                        {{"objectType", "Agent"}, {"account", account}}, random_uuid);
            if (prepared) submission.statements.push_back(std::move(*prepared));
        }
        submission.may_define = false;
        std::promise<Result<void>> done;
        store_.put_statements(tenant, std::move(submission),
                              [&](Result<void> result) { done.set_value(result); });
        outcome = done.get_future().get();
        if (outcome) noted.erase(noted.begin(), end);
    }
    if (outcome) return outcome;
    const std::scoped_lock lock(mutex_);
    for (const auto& [alike, left] : noted) {
        auto& kept = noted_[alike];
        kept = {left.first, std::max(kept.last, left.last), kept.times + left.times, left.since,
                left.is_person};
    }
    return outcome;
}

std::optional<json::object> access_of(std::string_view statement) {
    const auto parsed = spec::parse_stored_json(statement);
    if (!parsed || !parsed->is_object()) return std::nullopt;
    try {
        const auto& told = parsed->get_object();
        const auto& extension = told.at("context").at("extensions").at(about).as_object();
        const std::string_view verb = told.at("verb").at("id").as_string();
        json::object shown{{"id", told.at("id")},
                           {"time", told.at("timestamp")},
                           {"by", told.at("actor").at("account").at("name")},
                           {"what", verb.substr(verb_prefix.size())},
                           {"whose", nullptr}};
        for (const auto& [name, value] : extension) shown[name] = value;
        auto object = told.at("object").as_object();
        if (!object.contains("id")) {
            object.erase("objectType");
            shown["whose"] = object;
        }
        return shown;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

} // namespace leerspoor::server
