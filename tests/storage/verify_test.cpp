// A store that is whole has no problems; each kind of damage is named.
#include "storage/rocksdb/database/format.hpp"
#include "tests/storage/store_fixture.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <filesystem>
#include <fstream>

namespace {

using namespace leerspoor;
using namespace leerspoor::storage;
using namespace leerspoor::tests;
using engine::Family;

const std::atomic<bool> never = false;

void put_some(StoreFixture& fixture) {
    REQUIRE(put(fixture.store(), many(1, 600)).has_value());
    for (std::uint64_t id = 601; id < 640; ++id) {
        auto one = with_id(statement("learner" + std::to_string(id % 5), "passed", "quiz"), id);
        one["result"] = {{"success", id % 2 == 0}, {"score", {{"scaled", 0.5}}}};
        REQUIRE(put(fixture.store(), one, first_store + static_cast<StoreId>(id % 2)).has_value());
    }
    REQUIRE(put(fixture.store(), with_id(voiding(602), 640)).has_value());
    REQUIRE(put(fixture.store(), with_id(referring("ann", "liked", 604), 641)).has_value());
}

Verification verified(RecordStore& store) {
    const auto verification = store.verify(never);
    REQUIRE(verification.has_value());
    return *verification;
}

// What is said once this was done to the database.
std::vector<std::string> problems_after(const std::function<void(engine::Database&)>& change) {
    StoreFixture fixture;
    put_some(fixture);
    REQUIRE(fixture.store().await_log(641, std::chrono::seconds(60)));
    fixture.reopen(); // sealed
    fixture.close();
    change_database(fixture.data(), change);
    fixture.reopen();
    return verified(fixture.store()).problems;
}

bool says(const std::vector<std::string>& problems, std::string_view what) {
    for (const auto& one : problems)
        if (one.find(what) != std::string::npos) return true;
    return false;
}

} // namespace

TEST_CASE("A whole store fits, in memory and sealed") {
    StoreFixture fixture;
    CHECK(verified(fixture.store()).problems.empty());
    put_some(fixture);
    for (int round = 0; round < 2; ++round) {
        const auto found = verified(fixture.store());
        CHECK(found.problems == std::vector<std::string>{});
        CHECK(found.statements == 641);
        CHECK(found.leaves == 641);
        CHECK(found.facts == 640); // one is voided
        CHECK(found.postings > 10);
        fixture.reopen();
    }
    const std::atomic<bool> stop = true;
    CHECK(fixture.store().verify(stop).error().code == "verification_stopped");
}

TEST_CASE("Each kind of damage is named") {
    CHECK(says(problems_after([](engine::Database& database) {
                   // A character of a statement.
                   std::string value;
                   const auto key = engine::statement_key(first_store, 5);
                   REQUIRE(database.db().Get({}, database.family(Family::statements), key, &value).ok());
                   value[value.find("\"actor\"") + 1] = 'A';
                   REQUIRE(database.db().Put({}, database.family(Family::statements), key, value).ok());
               }),
               "Statement 5 of store 1: the log says that it was another"));
    CHECK(says(problems_after([](engine::Database& database) {
                   REQUIRE(database.db()
                               .Delete({}, database.family(Family::statements),
                                       engine::statement_key(first_store, 7))
                               .ok());
               }),
               "The list of all statements of store 1"));
    CHECK(says(problems_after([](engine::Database& database) {
                   REQUIRE(
                       database.db()
                           .Delete({}, database.family(Family::ids), engine::id_key({first_store, id_of(9)}))
                           .ok());
               }),
               "Statement 9 of store 1: it is not found by its id"));
    CHECK(says(problems_after([](engine::Database& database) {
                   const auto term = engine::term_key(first_store, tests::by_verb("passed"));
                   REQUIRE(database.db()
                               .Delete({}, database.family(Family::postings), engine::posting_key(term, 0))
                               .ok());
               }),
               "a filter that should find it does not"));
    CHECK(says(problems_after([](engine::Database& database) {
                   std::string value;
                   const auto key = engine::log_tile_key(0, 1);
                   REQUIRE(database.db().Get({}, database.family(Family::log), key, &value).ok());
                   value[100] = static_cast<char>(value[100] ^ 1);
                   REQUIRE(database.db().Put({}, database.family(Family::log), key, value).ok());
               }),
               "A tile of the log does not fit the one above it: level 0, number 1"));
    CHECK(says(problems_after([](engine::Database& database) {
                   REQUIRE(
                       database.db()
                           .Delete({}, database.family(Family::dictionary),
                                   engine::fact_number_key(first_store, FactText::iri, tests::verb("passed")))
                           .ok());
               }),
               "what analytics counts of it is not what it tells"));
}
