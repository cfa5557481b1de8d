// StatementRefs and voiding (xAPI 1.0.3 Part Three 2.1.3 "Filter Conditions for StatementRefs"; Part
// Two 2.3.2).
#include "tests/storage/store_fixture.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <future>

namespace {

using namespace leerspoor;
using namespace leerspoor::storage;
using namespace leerspoor::tests;

// One request for each statement, or one for all.
void put_all(StoreFixture& fixture, const std::vector<boost::json::object>& statements, bool at_once,
             bool reopening = false) {
    if (at_once) REQUIRE(put(fixture.store(), batch(statements)).has_value());
    for (const auto& statement : statements) {
        if (at_once) break;
        REQUIRE(put(fixture.store(), statement).has_value());
        if (reopening) fixture.reopen();
    }
}

std::vector<spec::Uuid> sorted(std::vector<spec::Uuid> ids) {
    std::sort(ids.begin(), ids.end());
    return ids;
}

} // namespace

TEST_CASE("A voided statement is found by voidedStatementId only; its voider like any other") {
    StoreFixture fixture;
    const bool at_once = GENERATE(false, true);
    const bool reopening = GENERATE(false, true);
    put_all(fixture, {with_id(statement("anna", "read", "x"), 1), with_id(voiding(1), 2)}, at_once,
            reopening);
    auto& store = fixture.store();
    CHECK_FALSE(is_there(store, 1));
    CHECK(is_voided(store, 1));
    CHECK(is_there(store, 2));
    CHECK(found(store, query()) == ids({2}));
    CHECK(found(store, query({by_agent("anna")})) == ids({2}));
    CHECK(store.count_statements(first_store, query())->matches == 1);
}

TEST_CASE("Voiding may come before the statement that it voids") {
    StoreFixture fixture;
    const bool at_once = GENERATE(false, true);
    const bool reopening = GENERATE(false, true);
    put_all(fixture, {with_id(voiding(1), 2), with_id(statement("anna", "read", "x"), 1)}, at_once,
            reopening);
    CHECK(is_voided(fixture.store(), 1));
    CHECK(found(fixture.store(), query()) == ids({2}));
}

TEST_CASE("Voiding a voiding statement has no effect, in whatever order they come") {
    StoreFixture fixture;
    std::vector<boost::json::object> statements{with_id(statement("anna", "read", "x"), 1),
                                                with_id(voiding(1), 2), with_id(voiding(2), 3)};
    std::vector<std::size_t> order{0, 1, 2};
    std::rotate(order.begin(), order.begin() + GENERATE(0, 1, 2), order.end());
    if (GENERATE(false, true)) std::swap(order[0], order[1]);
    const bool at_once = GENERATE(false, true);
    put_all(fixture, {statements[order[0]], statements[order[1]], statements[order[2]]}, at_once);
    for (const bool reopened : {false, true}) {
        if (reopened) fixture.reopen();
        CHECK(is_voided(fixture.store(), 1));
        CHECK(is_there(fixture.store(), 2));
        CHECK(is_there(fixture.store(), 3));
        CHECK(sorted(found(fixture.store(), query())) == ids({2, 3}));
    }
}

TEST_CASE("The voiding verb voids nothing without a StatementRef; a StatementRef nothing without the verb") {
    StoreFixture fixture;
    put_all(fixture,
            {with_id(statement("anna", "read", "x"), 1), with_id(referring("bert", "disliked", 1), 2)},
            false);
    CHECK(is_there(fixture.store(), 1));
}

TEST_CASE("A voided statement sent again stays voided") {
    StoreFixture fixture;
    put_all(fixture, {with_id(statement("anna", "read", "x"), 1), with_id(voiding(1), 2)}, false);
    const auto again = put(fixture.store(), with_id(statement("anna", "read", "x"), 1));
    REQUIRE(again.has_value());
    CHECK(measured(fixture.store(), "store_statements") == 2);
    CHECK(is_voided(fixture.store(), 1));
}

TEST_CASE("A chain of StatementRefs is found by what it ends in, in whatever order its links come") {
    // 4 -> 3 -> 2 -> 1
    const std::vector<boost::json::object> links{
        with_id(statement("anna", "read", "x"), 1), with_id(referring("bert", "liked", 1), 2),
        with_id(referring("carl", "shared", 2), 3), with_id(referring("dora", "saw", 3), 4)};
    std::vector<std::vector<std::size_t>> orders{{0, 1, 2, 3}};
    for (auto next = orders.front(); std::next_permutation(next.begin(), next.end());) orders.push_back(next);
    const bool at_once = GENERATE(false, true);
    const bool reopening = GENERATE(false, true);

    // Each order in a tenant of its own.
    StoreFixture fixture;
    for (std::size_t step = 0; step < links.size(); ++step) {
        for (StoreId tenant = 0; tenant < orders.size(); ++tenant) {
            std::vector<boost::json::object> arriving;
            for (const auto place : orders[tenant]) arriving.push_back(links[place]);
            if (!at_once) arriving = {arriving[step]};
            REQUIRE(put(fixture.store(), batch(arriving), tenant + 1).has_value());
        }
        if (reopening) fixture.reopen();
        if (at_once) break;
    }
    auto& store = fixture.store();
    for (StoreId tenant = 0; tenant < orders.size(); ++tenant) {
        const auto& order = orders[tenant];
        INFO("order " << order[0] << order[1] << order[2] << order[3]);
        const auto by = [&](std::vector<spec::Term> terms) {
            return sorted(found(store, query(std::move(terms)), tenant + 1));
        };
        CHECK(by({by_agent("anna")}) == ids({1, 2, 3, 4}));
        CHECK(by({by_activity("x"), by_verb("read")}) == ids({1, 2, 3, 4}));
        CHECK(by({by_verb("liked")}) == ids({2, 3, 4}));
        CHECK(by({by_agent("anna"), by_verb("shared")}) == ids({3, 4}));
        CHECK(by({by_agent("dora")}) == ids({4}));
    }
}

TEST_CASE("A statement inherits along 32 StatementRefs, in whatever order they come, and no further") {
    const int order = GENERATE(0, 1, 2); // from the end of the chain, from its beginning, from both
    const bool at_once = GENERATE(false, true);
    constexpr std::uint64_t length = 40;
    std::vector<boost::json::object> links{with_id(statement("anna", "read", "x"), 1)};
    for (std::uint64_t i = 2; i <= length; ++i)
        links.push_back(with_id(referring("agent" + std::to_string(i), "saw", i - 1), i));
    if (order == 1) std::reverse(links.begin(), links.end());
    if (order == 2)
        std::stable_partition(links.begin(), links.end(), [n = 0](const auto&) mutable { return ++n % 2; });
    StoreFixture fixture;
    put_all(fixture, links, at_once);
    auto& store = fixture.store();
    CHECK(found(store, query({by_agent("anna")})).size() == 33);
    CHECK(found(store, query({by_agent("agent2")})).size() == 33);
    CHECK(found(store, query({by_agent("agent9")})).size() == 32);
    CHECK(found(store, query({by_agent("agent40")})).size() == 1);
}

TEST_CASE("A statement inherits from one with more terms than may be inherited, and finds itself still") {
    StoreFixture fixture;
    auto crowded = with_id(statement("anna", "read", "x"), 1);
    boost::json::array others;
    for (int i = 0; i < 12'000; ++i)
        others.emplace_back(boost::json::object{{"id", "http://example.com/other/" + std::to_string(i)}});
    crowded["context"] = {{"contextActivities", {{"other", others}}}};
    const std::vector<boost::json::object> links{crowded, with_id(referring("bert", "liked", 1), 2),
                                                 with_id(referring("carl", "saw", 2), 3)};
    put_all(fixture, links, GENERATE(false, true));
    CHECK(found(fixture.store(), query({by_agent("bert")})).size() == 2);
    CHECK(found(fixture.store(), query({by_agent("carl")})).size() == 1);
}

TEST_CASE("StatementRefs in a circle, or to themselves, are stored and found by one another") {
    StoreFixture fixture;
    const bool at_once = GENERATE(false, true);
    put_all(fixture,
            {with_id(referring("anna", "saw", 2), 1), with_id(referring("bert", "saw", 3), 2),
             with_id(referring("carl", "saw", 1), 3), with_id(referring("dora", "saw", 4), 4)},
            at_once);
    fixture.reopen();
    auto& store = fixture.store();
    for (const auto* name : {"anna", "bert", "carl"}) {
        CHECK(sorted(found(store, query({by_agent(name)}))) == ids({1, 2, 3}));
    }
    CHECK(found(store, query({by_agent("dora")})) == ids({4}));
}

TEST_CASE("A StatementRef keeps matching what its target matches after the target is voided") {
    StoreFixture fixture;
    put_all(fixture,
            {with_id(statement("anna", "read", "x"), 1), with_id(referring("bert", "liked", 1), 2),
             with_id(voiding(1), 3)},
            false);
    CHECK(found(fixture.store(), query({by_agent("anna")})) == ids({3, 2}));
}

TEST_CASE("Many StatementRefs may wait for one statement") {
    StoreFixture fixture;
    std::vector<boost::json::object> waiting;
    for (std::uint64_t i = 0; i < 300; ++i) waiting.push_back(with_id(referring("bert", "liked", 1), 10 + i));
    put_all(fixture, waiting, true);
    if (GENERATE(false, true)) fixture.reopen();
    CHECK(found(fixture.store(), query({by_agent("anna")})).empty());
    REQUIRE(put(fixture.store(), with_id(statement("anna", "read", "x"), 1)).has_value());
    CHECK(found(fixture.store(), query({by_agent("anna")})).size() == 301);
    CHECK(found(fixture.store(), query({by_agent("anna"), by_agent("bert")})).size() == 300);
}

TEST_CASE("A large target is read once, when it comes, and not for each that refers to it") {
    StoreFixture fixture;
    auto large = with_id(statement("anna", "read", "x"), 1);
    large["context"] = {{"extensions", {{"http://example.com/e", std::string(100'000, 'x')}}}};
    REQUIRE(put(fixture.store(), large).has_value());
    const bool crashed = GENERATE(false, true);
    const auto sequence = (**fixture.store().find_statement(first_store, id_of(1), false)).sequence;
    auto data = fixture.data();
    if (crashed) {
        data = fixture.folder() / "copy";
        copy_as_crashed(fixture.data(), data);
        REQUIRE(open_rocksdb(data).has_value()); // indexed again
    }
    fixture.close();
    forget_statement(data, sequence);
    const auto store = open_rocksdb(data);
    REQUIRE(store.has_value());
    REQUIRE(
        put(**store, batch({with_id(referring("bert", "liked", 1), 2), with_id(voiding(1), 3)})).has_value());
    CHECK(found(**store, query({by_agent("anna"), by_agent("bert")})) == ids({2}));
    CHECK((*store)->count_statements(first_store, query({by_activity("x")}))->matches == 2);
}

TEST_CASE("What follows from a late target is done in slices, all of it before the target is answered") {
    RocksdbOptions options;
    options.segment_bytes = GENERATE(64u << 20, 300'000u);
    StoreFixture fixture(options);
    constexpr std::uint64_t referrers = 3000;
    std::vector<boost::json::object> statements;
    for (std::uint64_t i = 0; i < referrers; ++i) {
        statements.push_back(with_id(referring("r" + std::to_string(i % 7), "liked", 1), 100 + i));
    }
    REQUIRE(put(fixture.store(), batch(statements)).has_value());
    REQUIRE(put(fixture.store(), with_id(referring("carl", "shared", 100), 10)).has_value());
    std::promise<Result<void>> answer;
    fixture.store().put_statements(first_store, {batch({with_id(statement("anna", "read", "x"), 1)}), {}},
                                   [&](Result<void> outcome) { answer.set_value(std::move(outcome)); });
    // Others come in between.
    for (std::uint64_t i = 0; i < 50; ++i)
        REQUIRE(put(fixture.store(), many(10'000 + i * 10, 10)).has_value());
    REQUIRE(answer.get_future().get().has_value());
    const auto all = fixture.store().count_statements(first_store, query({by_agent("anna")}));
    CHECK(all->matches == referrers + 2);
    const auto copy = fixture.folder() / "copy";
    copy_as_crashed(fixture.data(), copy);
    fixture.reopen();
    CHECK(fixture.store().count_statements(first_store, query({by_agent("anna")}))->matches == referrers + 2);
    const auto crashed = open_rocksdb(copy, options);
    REQUIRE(crashed.has_value());
    CHECK((*crashed)->count_statements(first_store, query({by_agent("anna")}))->matches == referrers + 2);
}
