// Storing: ids, resends, conflicts, order and time (xAPI 1.0.3 Part Two 2.3.1, Part Three 2.1.1 and 2.1.2).
#include "tests/storage/store_fixture.hpp"

#include "spec/base/json.hpp"
#include "storage/rocksdb/database/format.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <fstream>
#include <functional>
#include <future>
#include <set>
#include <thread>

namespace {

using namespace leerspoor;
using namespace leerspoor::storage;
using namespace leerspoor::tests;

StoredStatement kept(RecordStore& store, std::uint64_t number, StoreId tenant = first_store) {
    const auto statement = store.find_statement(tenant, id_of(number), false);
    REQUIRE(statement.has_value());
    REQUIRE(statement->has_value());
    return **statement;
}

std::uint64_t count(RecordStore& store, StoreId tenant = first_store) {
    const auto counted = store.count_statements(tenant, query());
    REQUIRE(counted.has_value());
    return counted->matches;
}

} // namespace

TEST_CASE("What was stored is found by its id, byte for byte, with stored filled in") {
    StoreFixture fixture;
    auto sent = prepared(with_id(statement("anna", "read", "a-book"), 1));
    REQUIRE(put(fixture.store(), Batch{sent}).has_value());
    CHECK(count(fixture.store()) == 1);
    const auto found = kept(fixture.store(), 1);
    sent.set_stored(found.stored);
    CHECK(found.bytes == sent.bytes);
    CHECK(found.id == id_of(1));
    CHECK_FALSE(is_there(fixture.store(), 2));
    CHECK_FALSE(is_voided(fixture.store(), 1));
}

TEST_CASE("A request without statements is answered and stores nothing") {
    StoreFixture fixture;
    REQUIRE(put(fixture.store(), Batch{}).has_value());
    CHECK(count(fixture.store()) == 0);
}

TEST_CASE("Ids made by the LRS are kept") {
    StoreFixture fixture;
    const auto sent = prepared(statement("anna", "read", "a-book"));
    REQUIRE(put(fixture.store(), {sent}).has_value());
    const auto found = fixture.store().find_statement(first_store, sent.id, false);
    REQUIRE(found.has_value());
    REQUIRE(found->has_value());
    CHECK(spec::parse_json((*found)->bytes)->at("id").as_string() == spec::to_string(sent.id));
}

TEST_CASE("An equal statement sent again is accepted and changes nothing") {
    StoreFixture fixture;
    const auto sent = with_id(statement("anna", "read", "a-book"), 1);
    REQUIRE(put(fixture.store(), sent).has_value());
    const auto first = kept(fixture.store(), 1);
    if (GENERATE(false, true)) fixture.reopen();

    auto again = sent;
    again["verb"].as_object()["display"] = {{"en", "read"}};
    REQUIRE(put(fixture.store(), again).has_value());
    CHECK(measured(fixture.store(), "store_statements") == 1);
    CHECK(kept(fixture.store(), 1).bytes == first.bytes);
    CHECK(kept(fixture.store(), 1).sequence == first.sequence);
    CHECK(count(fixture.store()) == 1);
}

TEST_CASE("What comes again is compared without reading what is there") {
    StoreFixture fixture;
    const auto sent = with_id(statement("anna", "read", "a-book"), 1);
    REQUIRE(put(fixture.store(), sent).has_value());
    const auto sequence = kept(fixture.store(), 1).sequence;
    fixture.close();
    forget_statement(fixture.data(), sequence);
    fixture.open();
    CHECK(put(fixture.store(), sent).has_value());
    const auto refused = put(fixture.store(), with_id(statement("bert", "read", "a-book"), 1));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == "statement_conflict");
}

TEST_CASE(
    "A statement whose id was written in format 2 is compared too, and the folder is of the new format") {
    StoreFixture fixture;
    const auto sent = with_id(statement("anna", "read", "a-book"), 1);
    REQUIRE(put(fixture.store(), sent).has_value());
    fixture.close();
    change_database(fixture.data(), [&](engine::Database& database) {
        const auto key = engine::id_key({first_store, id_of(1)});
        std::string value;
        REQUIRE(database.db().Get({}, database.family(engine::Family::ids), key, &value).ok());
        value.resize(sizeof(Sequence));
        REQUIRE(database.db().Put({}, database.family(engine::Family::ids), key, value).ok());
    });
    std::ofstream(fixture.data() / "LEERSPOOR") << "leerspoor data folder, format 2\n";
    fixture.open();
    CHECK(put(fixture.store(), sent).has_value());
    CHECK_FALSE(put(fixture.store(), with_id(statement("bert", "read", "a-book"), 1)).has_value());
    std::string marker;
    std::getline(std::ifstream(fixture.data() / "LEERSPOOR"), marker);
    CHECK(marker == "leerspoor data folder, format 6");
}

TEST_CASE("Of a request that was there in part, only the new statements are stored") {
    StoreFixture fixture;
    REQUIRE(put(fixture.store(), with_id(statement("anna", "read", "a-book"), 1)).has_value());
    REQUIRE(put(fixture.store(), batch({with_id(statement("anna", "read", "a-book"), 1),
                                        with_id(statement("anna", "read", "b-book"), 2)}))
                .has_value());
    CHECK(measured(fixture.store(), "store_statements") == 2);
    CHECK(count(fixture.store()) == 2);
}

TEST_CASE("A different statement under a known id is refused, and nothing of its request is stored") {
    StoreFixture fixture;
    REQUIRE(put(fixture.store(), with_id(statement("anna", "read", "a-book"), 1)).has_value());
    const auto first = kept(fixture.store(), 1);
    if (GENERATE(false, true)) fixture.reopen();

    const auto refused = put(fixture.store(), batch({with_id(statement("anna", "read", "b-book"), 2),
                                                     with_id(statement("bert", "read", "a-book"), 1),
                                                     statement("carl", "read", "c-book")}));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == "statement_conflict");
    CHECK(refused.error().pointer == "/1");
    CHECK(refused.error().message.find(spec::to_string(id_of(1))) != std::string::npos);
    CHECK(count(fixture.store()) == 1);
    CHECK_FALSE(is_there(fixture.store(), 2));
    CHECK(kept(fixture.store(), 1).bytes == first.bytes);

    const auto alone = put(fixture.store(), with_id(statement("bert", "read", "a-book"), 1));
    REQUIRE_FALSE(alone.has_value());
    CHECK(alone.error().pointer.empty());
    // The ids of the refused request are free.
    CHECK(put(fixture.store(), with_id(statement("dora", "read", "d-book"), 2)).has_value());
}

TEST_CASE("A conflict touches no other request of the same moment") {
    StoreFixture fixture;
    REQUIRE(put(fixture.store(), with_id(statement("anna", "read", "a-book"), 1)).has_value());
    std::vector<std::promise<Result<void>>> answers(60);
    for (std::uint64_t i = 0; i < answers.size(); ++i) {
        auto request = i % 3 == 0 ? batch({with_id(statement("bert", "read", "x"), 100 + i),
                                           with_id(statement("bert", "read", "a-book"), 1)})
                                  : batch({with_id(statement("carl", "read", "y"), 100 + i)});
        fixture.store().put_statements(first_store, {std::move(request), {}}, [&answers, i](auto receipt) {
            answers[i].set_value(std::move(receipt));
        });
    }
    for (std::uint64_t i = 0; i < answers.size(); ++i) {
        CHECK(answers[i].get_future().get().has_value() == (i % 3 != 0));
    }
    for (std::uint64_t i = 0; i < answers.size(); ++i)
        CHECK(is_there(fixture.store(), 100 + i) == (i % 3 != 0));
    CHECK(count(fixture.store()) == 41);
}

TEST_CASE("Of requests that bring one id at the same time, the first decides") {
    StoreFixture fixture;
    std::atomic<int> accepted = 0;
    std::atomic<int> refused = 0;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 8; ++thread) {
        threads.emplace_back([&, thread] {
            for (std::uint64_t i = 1; i <= 20; ++i) {
                const auto answer = put(
                    fixture.store(), with_id(statement(thread % 2 == 0 ? "anna" : "bert", "read", "x"), i));
                ++(answer.has_value() ? accepted : refused);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(measured(fixture.store(), "store_statements") == 20);
    CHECK(accepted == 4 * 20);
    CHECK(refused == 4 * 20);
    CHECK(count(fixture.store()) == 20);
}

TEST_CASE("stored rises strictly with the order of storing, also over a restart") {
    StoreFixture fixture;
    std::vector<std::thread> threads;
    for (std::uint64_t thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&, thread] {
            for (std::uint64_t i = 0; i < 25; ++i) put(fixture.store(), many(thread * 1000 + i * 5, 5));
        });
    }
    for (auto& thread : threads) thread.join();
    fixture.reopen();
    REQUIRE(put(fixture.store(), many(9000, 10)).has_value());
    auto all = query();
    all.ascending = true;
    all.limit = 10000;
    const auto page = fixture.store().query_statements(first_store, all);
    REQUIRE(page.has_value());
    REQUIRE(page->statements.size() == 510);
    for (std::size_t i = 1; i < page->statements.size(); ++i) {
        CHECK(page->statements[i - 1].sequence < page->statements[i].sequence);
        CHECK(page->statements[i - 1].stored < page->statements[i].stored);
    }
    for (const auto& statement : page->statements) {
        const auto json = spec::parse_json(statement.bytes);
        CHECK(json->at("stored").as_string() == spec::format_timestamp(statement.stored));
        CHECK(json->at("id").as_string() == spec::to_string(statement.id));
    }
}

TEST_CASE("Consistent-through never goes back, and what is stored later is stored after it") {
    StoreFixture fixture;
    std::atomic<bool> finished = false;
    std::thread writer([&] {
        for (std::uint64_t i = 0; i < 200; ++i) put(fixture.store(), many(i * 3, 3));
        finished = true;
    });
    spec::Instant before{};
    while (!finished) {
        const auto through = fixture.store().consistent_through();
        CHECK(through >= before);
        before = through;
        auto until = query();
        until.until = through;
        const auto now = fixture.store().count_statements(first_store, until);
        const auto later = fixture.store().count_statements(first_store, until);
        CHECK(now->matches == later->matches);
        auto promised = query();
        promised.since = through;
        const auto late = prepared(statement("anna", "read", "x"));
        REQUIRE(put(fixture.store(), Batch{late}).has_value());
        const auto stored = fixture.store().find_statement(first_store, late.id, false);
        REQUIRE((stored.has_value() && stored->has_value()));
        CHECK((*stored)->stored > through);
        CHECK(fixture.store().count_statements(first_store, until)->matches == now->matches);
        CHECK(fixture.store().count_statements(first_store, promised)->matches >= 1);
    }
    writer.join();
    CHECK(fixture.store().consistent_through() >= before);
}

TEST_CASE("What was promised holds after a crash and with a clock that was set back") {
    std::atomic<std::int64_t> seconds = 1'714'557'600;
    const auto now = [&] { return spec::Instant(std::chrono::seconds(seconds.load())); };
    RocksdbOptions options;
    options.now = now;
    StoreFixture fixture(options);
    REQUIRE(put(fixture.store(), many(1, 1)).has_value());
    seconds += 60;
    // Asked again and again, a promise comes to be the present.
    while (fixture.store().consistent_through() < now()) std::this_thread::yield();
    const auto promised = fixture.store().consistent_through();
    const auto copy = fixture.folder() / "copy";
    copy_as_crashed(fixture.data(), copy);

    seconds -= 5;
    const auto crashed = open_rocksdb(copy, options);
    REQUIRE(crashed.has_value());
    CHECK((*crashed)->consistent_through() >= promised);
    REQUIRE(put(**crashed, many(2, 1)).has_value());
    CHECK(kept(**crashed, 2).stored > promised);

    fixture.reopen();
    REQUIRE(put(fixture.store(), many(2, 1)).has_value());
    CHECK(kept(fixture.store(), 2).stored == promised + std::chrono::microseconds(1)); // and no later
}

TEST_CASE("A store whose last statement is far in the future does not open, unless it is told to") {
    std::atomic<std::int64_t> seconds = 1'714'557'600;
    RocksdbOptions options;
    options.now = [&] { return spec::Instant(std::chrono::seconds(seconds.load())); };
    StoreFixture fixture(options);
    REQUIRE(put(fixture.store(), many(1, 1)).has_value());
    fixture.close();
    seconds -= 599;
    fixture.open();
    fixture.close();
    seconds -= 3600;
    const auto refused = open_rocksdb(fixture.data(), options);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == "data_folder_ahead");
    CHECK(refused.error().message.find("--allow-future-stored") != std::string::npos);
    options.allow_future_stored = true;
    const auto opened = open_rocksdb(fixture.data(), options);
    REQUIRE(opened.has_value());
    REQUIRE(put(**opened, many(2, 1)).has_value());
    CHECK(kept(**opened, 2).stored > kept(**opened, 1).stored);
}

TEST_CASE("Tenants see nothing of each other") {
    StoreFixture fixture;
    auto& store = fixture.store();
    REQUIRE(put(store, with_id(statement("anna", "read", "x"), 1), 1).has_value());
    REQUIRE(put(store, with_id(statement("bert", "read", "x"), 1), 2).has_value()); // no conflict
    REQUIRE(put(store, with_id(voiding(1), 2), 2).has_value());
    REQUIRE(put(store, with_id(referring("carl", "liked", 1), 3), 3).has_value());
    const bool reopened = GENERATE(false, true);
    if (reopened) fixture.reopen();

    auto& now = fixture.store();
    if (reopened) CHECK(measured(now, "store_replayed_statements") == 0); // it could be sealed
    CHECK(is_there(now, 1, 1));
    CHECK(is_voided(now, 1, 2));
    CHECK_FALSE(is_there(now, 1, 3));
    CHECK_FALSE(is_there(now, 3, 1));
    CHECK(found(now, query({by_agent("anna")}), 1) == ids({1}));
    CHECK(found(now, query({by_agent("anna")}), 2).empty());
    CHECK(found(now, query({by_agent("anna")}), 3).empty());
    CHECK(found(now, query(), 1) == ids({1}));
    CHECK(found(now, query(), 2) == ids({2}));
    CHECK(found(now, query(), 3) == ids({3}));
    CHECK(found(now, query(), 4).empty());
    CHECK(count(now, 0xffffffff) == 0);
}

TEST_CASE("Statements that were handed over are stored before the store closes") {
    StoreFixture fixture;
    std::vector<std::promise<Result<void>>> answers(20);
    for (std::uint64_t i = 0; i < answers.size(); ++i) {
        fixture.store().put_statements(first_store, {many(i * 10, 10), {}}, [&answers, i](auto receipt) {
            answers[i].set_value(std::move(receipt));
        });
    }
    fixture.reopen();
    for (auto& answer : answers) CHECK(answer.get_future().get().has_value());
    CHECK(count(fixture.store()) == 200);
    CHECK(measured(fixture.store(), "store_replayed_statements") == 0);
}

TEST_CASE("A store that was closed has answered everything, refuses what comes, and is still read") {
    StoreFixture fixture;
    std::atomic<int> answered = 0;
    for (std::uint64_t i = 0; i < 20; ++i) {
        fixture.store().put_statements(first_store, {many(i * 10 + 1, 10), {}}, [&](auto outcome) {
            if (outcome.has_value()) ++answered;
        });
    }
    fixture.store().close();
    CHECK(answered == 20);
    CHECK(put(fixture.store(), many(1000, 1)).error().code == "store_closed");
    CHECK(is_there(fixture.store(), 200));
    fixture.store().close();
    fixture.reopen();
    CHECK(count(fixture.store()) == 200);
}
