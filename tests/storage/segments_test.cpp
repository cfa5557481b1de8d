// Over the borders of segments: 140,000 statements fill two and begin a third.
#include "tests/storage/breakable_disk.hpp"
#include "tests/storage/store_fixture.hpp"

#include "storage/rocksdb/database/bucket_bits.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <thread>

namespace {

using namespace leerspoor;
using namespace leerspoor::storage;
using namespace leerspoor::storage::engine;
using namespace leerspoor::tests;

constexpr std::uint64_t crowd = 140'000;

constexpr std::uint64_t early = 200'001;      // in the first segment
constexpr std::uint64_t early_ref = 200'002;  // there, waits for `late`
constexpr std::uint64_t early_void = 200'003; // there, voids `late_voided`
constexpr std::uint64_t middle_ref = 200'004; // in the second, refers to `early_ref`
constexpr std::uint64_t late = 200'005;
constexpr std::uint64_t late_voided = 200'006;
constexpr std::uint64_t late_void = 200'007; // voids `early`

void fill(RecordStore& store) {
    REQUIRE(put(store, batch({with_id(statement("anna", "read", "x"), early),
                              with_id(referring("bert", "liked", late), early_ref),
                              with_id(voiding(late_voided), early_void)}))
                .has_value());
    for (std::uint64_t i = 0; i < crowd; i += 1000) {
        REQUIRE(put(store, many(i, 1000)).has_value());
        if (i == 70'000) {
            REQUIRE(put(store, with_id(referring("carl", "shared", early_ref), middle_ref)).has_value());
        }
    }
    // Their effects reach into segments that are sealed or being sealed.
    REQUIRE(put(store, batch({with_id(statement("dora", "wrote", "y"), late),
                              with_id(statement("dora", "drew", "z"), late_voided),
                              with_id(voiding(early), late_void)}))
                .has_value());
}

void check(RecordStore& store) {
    CHECK(found(store, query({by_agent("dora")})) == ids({late, middle_ref, early_void, early_ref}));
    CHECK(found(store, query({by_agent("dora"), by_agent("carl")})) == ids({middle_ref}));
    CHECK(found(store, query({by_activity("y")})) == ids({late, middle_ref, early_ref}));
    CHECK(found(store, query({by_agent("bert")})) == ids({middle_ref, early_ref}));
    CHECK(found(store, query({by_agent("anna")})) == ids({late_void}));
    CHECK(is_voided(store, early));
    CHECK(is_voided(store, late_voided));
    for (const std::uint64_t number : {0u, 65'530u, 65'531u, 65'540u, 131'060u, 131'075u, 139'999u}) {
        CHECK(is_there(store, number));
    }
    CHECK_FALSE(is_there(store, crowd));
    CHECK(store.count_statements(first_store, query())->matches == crowd + 5);
    CHECK(store.count_statements(first_store, query({by_agent("crowd")}))->matches == crowd);
}

void check_paging(RecordStore& store) {
    std::vector<spec::Uuid> all;
    for (std::uint64_t i = 0; i < crowd; ++i) all.push_back(id_of(i));
    auto paged = query({by_verb("did"), by_agent("crowd")});
    paged.limit = 9'001;
    paged.ascending = true;
    CHECK(found(store, paged) == all);
    std::reverse(all.begin(), all.end());
    paged.ascending = false;
    CHECK(found(store, paged) == all);

    const auto middle = store.find_statement(first_store, id_of(65'600), false);
    paged.since = (**middle).stored - std::chrono::microseconds(1);
    CHECK(store.count_statements(first_store, paged)->matches == crowd - 65'600);
    paged.until = (**middle).stored;
    CHECK(found(store, paged) == ids({65'600}));
    paged.since.reset();
    CHECK(store.count_statements(first_store, paged)->matches == 65'601);
}

void check_resend(RecordStore& store) {
    const auto statements = measured(store, "store_statements");
    REQUIRE(put(store, many(65'000, 1000)).has_value());
    CHECK(measured(store, "store_statements") == statements);
    CHECK_FALSE(put(store, with_id(statement("anna", "read", "x"), 5)).has_value());
}

} // namespace

TEST_CASE("A segment ends when it takes too much memory, and replay needs no more than that") {
    RocksdbOptions options;
    options.segment_bytes = 1u << 20;
    StoreFixture fixture(options);
    const auto most = static_cast<double>((options.max_sealing_segments + 3) * options.segment_bytes);
    std::uint64_t next = 0;
    // Each is found by a thousand things of its own.
    const auto put_wide = [&] {
        boost::json::array parents;
        for (int i = 0; i < 1000; ++i)
            parents.push_back(activity(std::to_string(next) + "-" + std::to_string(i)));
        auto made = with_id(statement("anna", "read", "x"), next++);
        made["context"] = {{"contextActivities", {{"parent", std::move(parents)}}}};
        REQUIRE(put(fixture.store(), made).has_value());
        CHECK(measured(fixture.store(), "store_memory_bytes") < most);
    };
    REQUIRE(put(fixture.store(), with_id(referring("bert", "liked", 60), 1000)).has_value());
    while (next < 100) put_wide();
    const auto copy = fixture.folder() / "copy";
    copy_as_crashed(fixture.data(), copy);
    const auto check_all = [&](RecordStore& store) {
        CHECK(store.count_statements(first_store, query({by_agent("anna")}))->matches == 101);
        for (const std::uint64_t number : {0u, 50u, 60u, 99u}) {
            const spec::Term parent{spec::Filter::related_activity,
                                    by_activity(std::to_string(number) + "-7").text};
            CHECK(found(store, query({parent})) == (number == 60 ? ids({60, 1000}) : ids({number})));
        }
    };
    check_all(fixture.store());
    fixture.reopen();
    check_all(fixture.store());

    const auto crashed = open_rocksdb(copy, options);
    REQUIRE(crashed.has_value());
    CHECK(measured(**crashed, "store_memory_bytes") < most);
    check_all(**crashed);
}

TEST_CASE("What many tenants stored is replayed in the order of storing, and sealed as it goes") {
    RocksdbOptions options;
    StoreFixture fixture(options);
    for (std::uint64_t i = 0; i < 60; ++i) {
        const auto tenant = static_cast<StoreId>(1 + i * 7 % 5);
        REQUIRE(put(fixture.store(), many(i * 1000, 1000), tenant).has_value());
    }
    const auto copy = fixture.folder() / "copy";
    copy_as_crashed(fixture.data(), copy);
    options.segment_bytes = 1u << 20;
    const auto crashed = open_rocksdb(copy, options);
    REQUIRE(crashed.has_value());
    CHECK(measured(**crashed, "store_replayed_statements") == 60'000);
    // A second crash finds what the first replay had sealed, and no statement twice or never.
    const auto again = fixture.folder() / "again";
    while (measured(**crashed, "store_open_segment_statements") >= 30'000) std::this_thread::yield();
    copy_as_crashed(copy, again);
    const auto second = open_rocksdb(again, options);
    REQUIRE(second.has_value());
    CHECK(measured(**second, "store_replayed_statements") < 40'000);
    for (StoreId tenant = 1; tenant <= 5; ++tenant) {
        for (auto* store : {crashed->get(), second->get()}) {
            CHECK(store->count_statements(tenant, query({by_agent("crowd")}))->matches == 12'000);
        }
    }
}

TEST_CASE("Sealed, sealing and open segments answer as one") {
    StoreFixture fixture;
    fill(fixture.store());
    check(fixture.store());
    check_resend(fixture.store());
    // As a crash leaves it: the second store takes what the first has written, and never closed.
    const auto copy = fixture.folder() / "copy";
    while (measured(fixture.store(), "store_open_segment_statements") >= bucket_size)
        std::this_thread::yield();
    copy_as_crashed(fixture.data(), copy);
    check_paging(fixture.store());

    fixture.reopen();
    CHECK(measured(fixture.store(), "store_replayed_statements") == 0);
    check(fixture.store());
    check_paging(fixture.store());
    fixture.close();

    auto crashed = open_rocksdb(copy);
    REQUIRE(crashed.has_value());
    CHECK(measured(**crashed, "store_replayed_statements") > 0);
    CHECK(measured(**crashed, "store_replayed_statements") < bucket_size);
    check(**crashed);
    check_resend(**crashed);
    // A segment that goes on where a sealed part of its bucket ended.
    crashed->reset();
    auto again = open_rocksdb(copy);
    REQUIRE(again.has_value());
    REQUIRE(put(**again, with_id(referring("emma", "saw", late), 200'010)).has_value());
    CHECK(found(**again, query({by_agent("emma"), by_agent("dora")})) == ids({200'010}));
    check_resend(**again);
}

TEST_CASE("A power cut takes nothing from what late references and late voidings wrote into sealed buckets") {
    BreakableDisk disk;
    RocksdbOptions options;
    options.env = disk.env();
    StoreFixture fixture(options);
    const auto fill_bucket = [&](std::uint64_t first) {
        for (std::uint64_t i = 0; i < 66; ++i)
            REQUIRE(put(fixture.store(), many(first + i * 1000, 1000)).has_value());
        while (measured(fixture.store(), "store_open_segment_statements") >= bucket_size)
            std::this_thread::yield();
    };
    REQUIRE(put(fixture.store(), batch({with_id(statement("anna", "read", "x"), early),
                                        with_id(referring("bert", "liked", late), early_ref),
                                        with_id(voiding(late_voided), early_void)}))
                .has_value());
    fill_bucket(1'000'000);
    REQUIRE(put(fixture.store(), batch({with_id(statement("dora", "wrote", "y"), late),
                                        with_id(statement("dora", "drew", "z"), late_voided),
                                        with_id(voiding(early), late_void)}))
                .has_value());
    // Theirs is not sealed when the power goes; is sealed, and others come after; is sealed at the end, and
    // that is all.
    const auto last = GENERATE(0, 1, 2);
    INFO(last);
    if (last == 1) fill_bucket(2'000'000);
    if (last != 2) disk.fail_at(1, Fault::io_error, true);
    fixture.close();
    disk.heal();
    disk.cut_power();
    fixture.open();
    auto& store = fixture.store();
    CHECK(found(store, query({by_agent("dora")})) == ids({late, early_void, early_ref}));
    CHECK(found(store, query({by_agent("bert"), by_activity("y")})) == ids({early_ref}));
    CHECK(is_voided(store, early));
    CHECK(is_voided(store, late_voided));
    fixture.close();
}
