// Finding: filters, time, order and pages (xAPI 1.0.3 Part Three 2.1.3).
#include "tests/storage/store_fixture.hpp"

#include "storage/patience.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

namespace {

using namespace leerspoor;
using namespace leerspoor::storage;
using namespace leerspoor::tests;

spec::Instant stored(RecordStore& store, std::uint64_t number) {
    const auto statement = store.find_statement(first_store, id_of(number), false);
    REQUIRE(statement.has_value());
    REQUIRE(statement->has_value());
    return (*statement)->stored;
}

} // namespace

TEST_CASE("Who is impatient is not kept waiting, and finds nothing changed") {
    StoreFixture fixture;
    for (std::uint64_t i = 0; i < 70; ++i) REQUIRE(put(fixture.store(), many(i * 1000, 1000)).has_value());
    const auto asked = query({by_agent("crowd")});
    {
        const Impatient with_time_for_two(2); // a bucket each
        CHECK(fixture.store().count_statements(first_store, asked)->matches == 70'000);
    }
    {
        const Impatient with_time_for_one(1);
        const auto counted = fixture.store().count_statements(first_store, asked);
        REQUIRE_FALSE(counted.has_value());
        CHECK(counted.error().code == "store_would_wait");
    }
    {
        const Impatient with_time_for_one(1);
        // The newest bucket has a page.
        CHECK(fixture.store().query_statements(first_store, asked).has_value());
    }
    CHECK(fixture.store().count_statements(first_store, asked)->matches == 70'000);
}

TEST_CASE("What is not in memory is not waited for by who is impatient") {
    StoreFixture fixture;
    REQUIRE(put(fixture.store(), many(1, 1000)).has_value());
    fixture.reopen(); // sealed, and in no cache of the program
    for (const auto& file : std::filesystem::directory_iterator(fixture.data() / "db")) {
        if (file.path().extension() != ".sst") continue;
        const int descriptor = ::open(file.path().c_str(), O_RDONLY | O_CLOEXEC);
        ::fsync(descriptor);
        ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED); // out of that of the system too, if it can
        ::close(descriptor);
    }
    {
        const Impatient impatient;
        const auto found = fixture.store().find_statement(first_store, id_of(7), false);
        if (found.has_value()) {
            CHECK(found->has_value());
        } else {
            CHECK(found.error().code == "store_would_wait");
        }
    }
    CHECK(is_there(fixture.store(), 7));
    const Impatient impatient; // and now it is in memory
    CHECK(is_there(fixture.store(), 7));
}

TEST_CASE("All filters given must match") {
    StoreFixture fixture;
    auto& store = fixture.store();
    REQUIRE(
        put(store,
            batch({with_id(statement("anna", "read", "x"), 1), with_id(statement("anna", "wrote", "x"), 2),
                   with_id(statement("bert", "read", "x"), 3), with_id(statement("anna", "read", "y"), 4)}))
            .has_value());
    CHECK(found(store, query()) == ids({4, 3, 2, 1}));
    CHECK(found(store, query({by_agent("anna")})) == ids({4, 2, 1}));
    CHECK(found(store, query({by_agent("anna"), by_verb("read")})) == ids({4, 1}));
    CHECK(found(store, query({by_agent("anna"), by_verb("read"), by_activity("x")})) == ids({1}));
    CHECK(found(store, query({by_agent("bert"), by_verb("wrote")})).empty());
    CHECK(found(store, query({by_agent("nobody")})).empty());
    CHECK(found(store, query({by_agent("anna"), by_agent("bert")})).empty());
    CHECK(found(store, query({by_agent("anna"), by_agent("anna")})) == ids({4, 2, 1}));
}

TEST_CASE("since is exclusive and until inclusive, in both orders") {
    StoreFixture fixture;
    for (const bool other_tenant : {true, false, true}) {
        for (std::uint64_t i = 1; i <= 5; ++i) {
            // Tenants share the numbering; bounds must not be confused by the gaps.
            const auto number = i + (other_tenant ? 100 : 0);
            put(fixture.store(), with_id(statement("anna", "read", "x"), number), other_tenant ? 2 : 1);
        }
    }
    if (GENERATE(false, true)) fixture.reopen();
    auto& store = fixture.store();
    auto bounded = query();
    bounded.ascending = GENERATE(false, true);
    const auto ordered = [&](std::vector<std::uint64_t> numbers) {
        if (!bounded.ascending) std::reverse(numbers.begin(), numbers.end());
        return ids(numbers);
    };
    bounded.since = stored(store, 2);
    CHECK(found(store, bounded) == ordered({3, 4, 5}));
    bounded.until = stored(store, 4);
    CHECK(found(store, bounded) == ordered({3, 4}));
    bounded.since.reset();
    CHECK(found(store, bounded) == ordered({1, 2, 3, 4}));
    bounded.until = *bounded.until - std::chrono::microseconds(1);
    CHECK(found(store, bounded) == ordered({1, 2, 3}));
    bounded.until = spec::Instant{};
    CHECK(found(store, bounded).empty());
    bounded.until.reset();
    bounded.since = stored(store, 5);
    CHECK(found(store, bounded).empty());
    bounded.since = stored(store, 4);
    bounded.until = stored(store, 3);
    CHECK(found(store, bounded).empty());
    CHECK(store.count_statements(first_store, bounded)->matches == 0);
    bounded.since = spec::Instant::min();
    bounded.until = spec::Instant::max();
    CHECK(found(store, bounded) == ordered({1, 2, 3, 4, 5}));
}

TEST_CASE("A page holds the limit, says whether there is more, and the next goes on after it") {
    StoreFixture fixture;
    auto& store = fixture.store();
    REQUIRE(put(store, many(1, 10)).has_value());
    auto paged = query({by_verb("did")});
    paged.limit = 4;
    auto page = store.query_statements(first_store, paged);
    REQUIRE(page.has_value());
    CHECK(page->statements.size() == 4);
    CHECK(page->statements.front().id == id_of(10));
    CHECK(page->next);
    paged.limit = 10;
    page = store.query_statements(first_store, paged);
    CHECK(page->statements.size() == 10);
    CHECK_FALSE(page->next);

    for (paged.limit = 1; paged.limit <= 11; ++paged.limit) {
        for (const bool ascending : {false, true}) {
            paged.ascending = ascending;
            auto all = ids({10, 9, 8, 7, 6, 5, 4, 3, 2, 1});
            if (ascending) std::reverse(all.begin(), all.end());
            CHECK(found(store, paged) == all);
        }
    }
}

TEST_CASE("A page ends with the statement that reaches its bytes, and the next goes on after it") {
    StoreFixture fixture;
    auto& store = fixture.store();
    REQUIRE(put(store, many(1, 50)).has_value());
    auto paged = query({by_verb("did")});
    paged.limit = 50;
    const auto whole = store.query_statements(first_store, paged);
    REQUIRE(whole.has_value());
    CHECK(whole->statements.size() == 50);
    CHECK_FALSE(whole->next);
    const auto all = found(store, paged);
    for (const std::size_t count : {1, 15, 16, 17, 32, 49, 50}) {
        paged.limit_bytes = 0;
        for (std::size_t i = 0; i < count; ++i) paged.limit_bytes += whole->statements[i].bytes.size();
        const auto page = store.query_statements(first_store, paged);
        REQUIRE(page.has_value());
        CHECK(page->statements.size() == count);
        CHECK(page->next.has_value() == (count < 50));
        CHECK(found(store, paged) == all);
    }
}

TEST_CASE("Places outside of the store are the ends of a chain, not errors") {
    StoreFixture fixture;
    REQUIRE(put(fixture.store(), many(1, 3)).has_value());
    const auto size = [&](bool ascending, Sequence after, std::optional<Sequence> snapshot) {
        auto odd = query();
        odd.ascending = ascending;
        odd.after = after;
        odd.snapshot = snapshot;
        const auto page = fixture.store().query_statements(first_store, odd);
        REQUIRE(page.has_value());
        return page->statements.size();
    };
    const Sequence end = ~Sequence{0};
    CHECK(size(true, 0, {}) == 3);
    CHECK(size(false, 0, {}) == 0);
    CHECK(size(true, end, {}) == 0);
    CHECK(size(false, end, {}) == 3);
    CHECK(size(true, 0, end) == 3);
    CHECK(size(false, end, 0) == 0);
    CHECK(size(true, 0, 1) == 1);
}

TEST_CASE("A chain shows what was there at its first page, all of it and nothing twice, while others write") {
    StoreFixture fixture;
    auto& store = fixture.store();
    REQUIRE(put(store, many(1, 500)).has_value());
    std::atomic<bool> finished = false;
    std::thread writer([&] {
        for (std::uint64_t i = 0; !finished && i < 2000; ++i) put(store, many(1000 + i * 3, 3));
    });
    for (int round = 0; round < 20; ++round) {
        auto chain = query({by_agent("crowd")});
        chain.ascending = round % 2 == 0;
        chain.limit = 37;
        std::optional<Sequence> newest;
        std::set<spec::Uuid> seen;
        Sequence last = 0;
        while (true) {
            const auto page = store.query_statements(first_store, chain);
            REQUIRE(page.has_value());
            if (!newest) newest = page->snapshot;
            CHECK(page->snapshot == *newest);
            for (const auto& statement : page->statements) {
                CHECK(seen.insert(statement.id).second);
                CHECK(statement.sequence <= *newest);
                if (last != 0) CHECK((statement.sequence > last) == chain.ascending);
                last = statement.sequence;
            }
            chain.snapshot = page->snapshot;
            if (!page->next) break;
            chain.after = page->statements.back().sequence;
        }
        chain.after.reset();
        CHECK(store.count_statements(first_store, chain)->matches == seen.size());
        CHECK(seen.size() == *newest); // no gaps: there is one tenant, and no write failed
    }
    finished = true;
    writer.join();
}

TEST_CASE("A count is the number of matches, whatever limit and place are") {
    StoreFixture fixture;
    auto& store = fixture.store();
    REQUIRE(put(store, many(1, 30)).has_value());
    REQUIRE(put(store, statement("anna", "read", "x")).has_value());
    auto counted = query({by_agent("crowd")});
    counted.limit = 1;
    counted.after = 5;
    CHECK(store.count_statements(first_store, counted)->matches == 30);
    CHECK(store.count_statements(first_store, query())->matches == 31);
}
