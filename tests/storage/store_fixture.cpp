#include "tests/storage/store_fixture.hpp"

#include "storage/rocksdb/database/format.hpp"

#include "spec/agent.hpp"
#include "spec/prepare.hpp"
#include "spec/walk.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <future>
#include <map>
#include <random>

namespace leerspoor::tests {

namespace {

spec::Uuid new_id() {
    static std::mt19937_64 random(std::random_device{}());
    std::array<std::uint8_t, 16> bytes{};
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    return spec::uuid_from_random(bytes);
}

} // namespace

spec::Uuid id_of(std::uint64_t number) {
    spec::Uuid id{};
    for (std::size_t i = 0; i < 8; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    id.bytes[6] = 0x40;
    id.bytes[8] |= 0x80;
    return id;
}

boost::json::object agent(std::string_view name) {
    return {{"objectType", "Agent"}, {"mbox", "mailto:" + std::string(name) + "@example.com"}};
}

boost::json::object activity(std::string_view name) {
    return {{"objectType", "Activity"}, {"id", "http://example.com/activities/" + std::string(name)}};
}

std::string verb(std::string_view name) {
    return "http://example.com/verbs/" + std::string(name);
}

boost::json::object statement(std::string_view actor, std::string_view verb_name,
                              std::string_view activity_name) {
    return {
        {"actor", agent(actor)}, {"verb", {{"id", verb(verb_name)}}}, {"object", activity(activity_name)}};
}

boost::json::object with_id(boost::json::object statement, std::uint64_t number) {
    statement["id"] = spec::to_string(id_of(number));
    return statement;
}

boost::json::object referring(std::string_view actor, std::string_view verb_name, std::uint64_t target) {
    return {{"actor", agent(actor)},
            {"verb", {{"id", verb(verb_name)}}},
            {"object", {{"objectType", "StatementRef"}, {"id", spec::to_string(id_of(target))}}}};
}

boost::json::object voiding(std::uint64_t target) {
    auto statement = referring("the-voider", "", target);
    statement["verb"] = {{"id", spec::voiding_verb}};
    return statement;
}

spec::PreparedStatement prepared(const boost::json::object& statement) {
    auto prepared = spec::prepare_statement(statement, spec::Version::v1_0_3, agent("authority"), new_id, "",
                                            {.statement_terms = 100'000});
    if (!prepared.has_value()) FAIL(prepared.error().pointer + ": " + prepared.error().message);
    return std::move(*prepared);
}

Batch batch(const std::vector<boost::json::object>& statements) {
    Batch all;
    for (const auto& statement : statements) all.push_back(prepared(statement));
    return all;
}

Batch many(std::uint64_t first, std::size_t count) {
    static const auto pattern = prepared(with_id(statement("crowd", "did", "something"), 0));
    static const auto id_at = pattern.bytes.find(spec::to_string(id_of(0)));
    Batch all(count, pattern);
    for (auto& each : all) {
        each.id = id_of(first++);
        const auto text = spec::to_string(each.id);
        each.bytes.replace(id_at, text.size(), text);
    }
    return all;
}

Result<void> put(storage::RecordStore& store, storage::Submission submission, storage::StoreId tenant) {
    std::promise<Result<void>> answer;
    store.put_statements(tenant, std::move(submission),
                         [&](Result<void> outcome) { answer.set_value(std::move(outcome)); });
    return answer.get_future().get();
}

Result<void> put(storage::RecordStore& store, Batch batch, storage::StoreId tenant) {
    return put(store, storage::Submission{std::move(batch), {}}, tenant);
}

Result<void> put(storage::RecordStore& store, const boost::json::object& statement, storage::StoreId tenant) {
    return put(store, batch({statement}), tenant);
}

spec::Term by_agent(std::string_view name) {
    return {spec::Filter::agent, spec::identity(agent(name))};
}

spec::Term by_verb(std::string_view name) {
    return {spec::Filter::verb, verb(name)};
}

spec::Term by_activity(std::string_view name) {
    return {spec::Filter::activity, "http://example.com/activities/" + std::string(name)};
}

storage::Query query(std::vector<spec::Term> terms) {
    storage::Query query;
    query.terms = std::move(terms);
    return query;
}

std::vector<spec::Uuid> found(storage::RecordStore& store, storage::Query query, storage::StoreId tenant) {
    std::vector<spec::Uuid> ids;
    while (true) {
        const auto page = store.query_statements(tenant, query);
        if (!page.has_value()) FAIL(page.error().message);
        if (page->statements.size() > query.limit) FAIL("a page holds more than its limit");
        std::size_t bytes = 0;
        for (const auto& statement : page->statements) {
            ids.push_back(statement.id);
            bytes += statement.bytes.size();
        }
        if (!page->next) return ids;
        if (page->statements.size() != query.limit && bytes < query.limit_bytes)
            FAIL("a page with more behind it is not full");
        query.after = page->statements.back().sequence;
        query.snapshot = page->snapshot;
    }
}

bool is_there(storage::RecordStore& store, std::uint64_t number, storage::StoreId tenant) {
    const auto statement = store.find_statement(tenant, id_of(number), false);
    if (!statement.has_value()) FAIL(statement.error().message);
    return statement->has_value();
}

bool is_voided(storage::RecordStore& store, std::uint64_t number, storage::StoreId tenant) {
    const auto statement = store.find_statement(tenant, id_of(number), true);
    if (!statement.has_value()) FAIL(statement.error().message);
    return statement->has_value();
}

std::vector<spec::Uuid> ids(const std::vector<std::uint64_t>& numbers) {
    std::vector<spec::Uuid> all;
    for (const auto number : numbers) all.push_back(id_of(number));
    return all;
}

double measured(storage::RecordStore& store, std::string_view name) {
    for (const auto& measurement : store.measurements()) {
        if (measurement.name == name) return measurement.value;
    }
    throw std::invalid_argument("no measurement " + std::string(name));
}

void copy_as_crashed(const std::filesystem::path& from, const std::filesystem::path& to) {
    const auto names_and_sizes = [&] {
        std::map<std::filesystem::path, std::uintmax_t> all;
        std::error_code gone;
        for (std::filesystem::recursive_directory_iterator entry(from, gone), end; !gone && entry != end;
             entry.increment(gone)) {
            if (entry->is_regular_file(gone)) all[entry->path()] = entry->file_size(gone);
        }
        return all;
    };
    while (true) {
        const auto before = names_and_sizes();
        std::filesystem::remove_all(to);
        std::error_code vanished;
        std::filesystem::copy(from, to, std::filesystem::copy_options::recursive, vanished);
        if (!vanished && names_and_sizes() == before) return;
    }
}

void StoreFixture::open() {
    auto opened = storage::open_rocksdb(data(), options_);
    if (!opened.has_value()) FAIL(opened.error().message);
    store_ = std::move(*opened);
}

void change_database(const std::filesystem::path& folder,
                     const std::function<void(storage::engine::Database&)>& change) {
    auto claimed = storage::engine::DataFolder::claim(folder);
    REQUIRE(claimed.has_value());
    const auto database = storage::engine::Database::open(std::move(*claimed), {});
    REQUIRE(database.has_value());
    change(**database);
}

void forget_statement(const std::filesystem::path& folder, storage::Sequence sequence,
                      storage::StoreId tenant) {
    using namespace storage::engine;
    change_database(folder, [&](Database& database) {
        auto* const family = database.family(Family::statements);
        const auto key = statement_key(tenant, sequence);
        std::string value;
        REQUIRE(database.db().Get({}, family, key, &value).ok());
        value.resize(statement_header_size);
        REQUIRE(database.db().Put({}, family, key, value).ok());
    });
}

} // namespace leerspoor::tests
