// Credentials, and what a store says of itself.
#include "tests/storage/breakable_disk.hpp"
#include "tests/storage/store_fixture.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace leerspoor;
using namespace leerspoor::storage;
using namespace leerspoor::tests;

spec::Instant at(std::int64_t seconds) {
    return spec::Instant(std::chrono::seconds(seconds));
}

} // namespace

TEST_CASE("Credentials are kept over a restart, and saving one again replaces it") {
    StoreFixture fixture;
    CHECK(fixture.store().credentials()->empty());
    Credential one{"one", "hash-1", "First", {"all"}, 1, at(1714557600), std::nullopt};
    const Credential two{"two", "hash-2",       "Second",      {"statements/read", "profile"},
                         2,     at(1714557601), at(1714557700)};
    REQUIRE(fixture.store().save_credential(one).has_value());
    REQUIRE(fixture.store().save_credential(two).has_value());
    one.secret_hash = "hash-3";
    REQUIRE(fixture.store().save_credential(one).has_value());
    fixture.reopen();
    const auto all = fixture.store().credentials();
    REQUIRE(all.has_value());
    REQUIRE(all->size() == 2);
    CHECK((*all)[0].key == "one");
    CHECK((*all)[0].secret_hash == "hash-3");
    CHECK((*all)[1].scopes == two.scopes);
    CHECK((*all)[1].store == 2);
    CHECK((*all)[1].created == two.created);
    CHECK((*all)[1].revoked == two.revoked);
}

TEST_CASE("A store says how much it holds") {
    StoreFixture fixture;
    REQUIRE(put(fixture.store(), many(1, 100)).has_value());
    const auto now = [&fixture](const std::string& name) { return measured(fixture.store(), name); };
    CHECK(now("store_statements") == 100);
    CHECK(now("store_open_segment_statements") == 100);
    CHECK(now("store_memory_bytes") > 0);
    CHECK(now("store_commits_total") == 1);
    CHECK(now("store_queued_bytes") == 0);
    CHECK(fixture.store().writable().has_value());
    fixture.reopen();
    CHECK(now("store_statements") == 100);
    CHECK(now("store_open_segment_statements") == 0);
    CHECK(now("store_disk_bytes") > 0);
    CHECK(now("store_replayed_statements") == 0);
}

TEST_CASE("Credentials that were acknowledged survive a power cut at any change to the disk") {
    BreakableDisk disk;
    RocksdbOptions options;
    options.env = disk.env();
    bool reached = true;
    for (std::uint64_t n = 1; reached; ++n) {
        INFO("cut at change " << n);
        StoreFixture fixture(options);
        disk.fail_at(n, Fault::io_error, true);
        Credential credential{"one", "hash-1", "First", {"all"}, 1, at(1714557600), std::nullopt};
        const bool made = fixture.store().save_credential(credential).has_value();
        credential.revoked = at(1714557700);
        const bool revoked = fixture.store().save_credential(credential).has_value();
        fixture.close();
        reached = disk.failed();
        disk.heal();
        disk.cut_power();
        fixture.open();
        const auto kept = fixture.store().credentials();
        REQUIRE(kept.has_value());
        if (made) CHECK(kept->size() == 1);
        if (revoked) {
            REQUIRE(kept->size() == 1);
            CHECK(kept->front().revoked.has_value()); // or a thief would have it back
        }
        fixture.close();
        REQUIRE(n < 100);
    }
}
