// A group is written while the one before it is still being indexed: nothing that follows from what is in the
// index may be missed because of it.
#include "tests/storage/store_fixture.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <latch>
#include <thread>

namespace {

using namespace leerspoor;
using namespace leerspoor::storage;
using namespace leerspoor::tests;

constexpr std::uint64_t count = 600;

// Hands all requests over without waiting in between, from a thread each; then waits for all answers.
struct Outcome {
    std::uint64_t stored = 0;
    std::uint64_t refused = 0;
};
Outcome put_at_once(RecordStore& store, std::vector<std::vector<Batch>> senders) {
    std::ptrdiff_t requests = 0;
    for (const auto& sender : senders) requests += static_cast<std::ptrdiff_t>(sender.size());
    std::latch answered(requests);
    std::latch ready(static_cast<std::ptrdiff_t>(senders.size()));
    const auto before = measured(store, "store_statements");
    std::atomic<std::uint64_t> refused = 0;
    std::vector<std::thread> threads;
    for (auto& sender : senders) {
        threads.emplace_back([&] {
            ready.arrive_and_wait();
            for (auto& batch : sender) {
                store.put_statements(first_store, {std::move(batch), {}}, [&](Result<void> receipt) {
                    if (!receipt.has_value()) ++refused;
                    answered.count_down();
                });
            }
        });
    }
    for (auto& thread : threads) thread.join();
    answered.wait();
    return {static_cast<std::uint64_t>(measured(store, "store_statements") - before), refused};
}

std::vector<Batch> one_by_one(const std::vector<boost::json::object>& statements) {
    std::vector<Batch> all;
    for (const auto& statement : statements) all.push_back(batch({statement}));
    return all;
}

} // namespace

TEST_CASE("StatementRefs and their targets that are sent at the same time find each other") {
    std::vector<boost::json::object> targets;
    std::vector<boost::json::object> references;
    for (std::uint64_t i = 1; i <= count; ++i) {
        targets.push_back(with_id(statement("anna", "read", "x"), i));
        references.push_back(with_id(referring("ben", "liked", i), count + i));
    }
    StoreFixture fixture;
    CHECK(put_at_once(fixture.store(), {one_by_one(targets), one_by_one(references)}).refused == 0);
    CHECK(found(fixture.store(), query({by_agent("anna")})).size() == 2 * count);
    CHECK(found(fixture.store(), query({by_agent("ben"), by_activity("x")})).size() == count);
}

TEST_CASE("Statements and what voids them, sent at the same time, leave only the voiders") {
    std::vector<boost::json::object> targets;
    std::vector<boost::json::object> voiders;
    for (std::uint64_t i = 1; i <= count; ++i) {
        targets.push_back(with_id(statement("anna", "read", "x"), i));
        voiders.push_back(with_id(voiding(i), count + i));
    }
    StoreFixture fixture;
    CHECK(put_at_once(fixture.store(), {one_by_one(targets), one_by_one(voiders)}).refused == 0);
    CHECK(fixture.store().count_statements(first_store, query())->matches == count);
    for (std::uint64_t i = 1; i <= count; ++i) REQUIRE(is_voided(fixture.store(), i));
}

TEST_CASE("Of different statements of one id, sent at the same time, one is stored") {
    std::vector<boost::json::object> one;
    std::vector<boost::json::object> other;
    for (std::uint64_t i = 1; i <= count; ++i) {
        one.push_back(with_id(statement("anna", "read", "x"), i));
        other.push_back(with_id(statement("ben", "read", "x"), i));
    }
    StoreFixture fixture;
    const auto outcome = put_at_once(fixture.store(), {one_by_one(one), one_by_one(other)});
    CHECK(outcome.stored == count);
    CHECK(outcome.refused == count);
    CHECK(found(fixture.store(), query()).size() == count);
}

TEST_CASE("Of equal statements of one id, sent at the same time, one is stored and all are accepted") {
    std::vector<boost::json::object> statements;
    for (std::uint64_t i = 1; i <= count; ++i)
        statements.push_back(with_id(statement("anna", "read", "x"), i));
    StoreFixture fixture;
    const auto outcome = put_at_once(
        fixture.store(), {one_by_one(statements), one_by_one(statements), one_by_one(statements)});
    CHECK(outcome.stored == count);
    CHECK(outcome.refused == 0);
    CHECK(found(fixture.store(), query()).size() == count);
}
