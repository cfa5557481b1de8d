// The log has a leaf for every statement, in the order of storing, whatever happened to the data folder.
#include "spec/log/tile.hpp"
#include "storage/rocksdb/database/format.hpp"
#include "tests/storage/store_fixture.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace leerspoor;
using namespace leerspoor::storage;
using namespace leerspoor::tests;

constexpr std::chrono::seconds patience{60};

// All statements of both stores, by their sequences, voided ones too.
std::map<Sequence, spec::Hash> leaves_of(RecordStore& store, std::uint64_t last_id) {
    std::map<Sequence, spec::Hash> leaves;
    for (const StoreId tenant : {first_store, first_store + 1}) {
        for (std::uint64_t id = 1; id <= last_id; ++id) {
            for (const bool voided : {false, true}) {
                const auto found = *store.find_statement(tenant, id_of(id), voided);
                if (found) leaves[found->sequence] = spec::leaf_hash(found->salt, found->bytes);
            }
        }
    }
    return leaves;
}

void check_log(RecordStore& store, std::uint64_t last_id) {
    REQUIRE(store.await_log(store.visible_through(), patience));
    const auto leaves = leaves_of(store, last_id);
    const auto state = store.log_state();
    CHECK(state.through == store.visible_through());
    REQUIRE(state.size == leaves.size());
    spec::RootBuilder builder;
    std::size_t misplaced = 0;
    for (const auto& [sequence, leaf] : leaves) {
        misplaced += *store.log_index(sequence) != builder.size();
        builder.add_leaf(leaf);
    }
    CHECK(misplaced == 0);
    LogHashes hashes(store);
    CHECK(*spec::root_of(state.size, hashes) == builder.root());
    CHECK_FALSE(store.log_index(0)->has_value());
    CHECK_FALSE(store.log_index(state.through + 1)->has_value());
    if (state.size > 0) {
        const auto index = state.size / 3;
        const auto proof = *spec::inclusion_proof(index, state.size, hashes);
        CHECK(spec::proves_inclusion(std::next(leaves.begin(), static_cast<std::ptrdiff_t>(index))->second,
                                     index, state.size, proof, builder.root()));
    }
}

class Some {
  public:
    explicit Some(RecordStore& store) : store_(&store) {}

    void put(std::size_t count, StoreId tenant = first_store) {
        REQUIRE(tests::put(*store_, many(last + 1, count), tenant).has_value());
        last += count;
    }
    void move_to(RecordStore& store) { store_ = &store; }

    std::uint64_t last = 0;

  private:
    RecordStore* store_;
};

} // namespace

TEST_CASE("The log follows what is stored, over all stores") {
    StoreFixture fixture;
    check_log(fixture.store(), 1);
    Some some(fixture.store());
    some.put(1);
    check_log(fixture.store(), some.last);
    for (const std::size_t count : {254u, 1u, 1u, 700u}) {
        some.put(count);
        some.put(3, first_store + 1);
        ++some.last;
        REQUIRE(put(fixture.store(), with_id(voiding(some.last - 6), some.last)).has_value());
        check_log(fixture.store(), some.last);
    }
    fixture.reopen();
    some.move_to(fixture.store());
    check_log(fixture.store(), some.last);
    some.put(500);
    check_log(fixture.store(), some.last);
}

TEST_CASE("After a crash the log goes on to the same hashes") {
    StoreFixture fixture;
    Some some(fixture.store());
    some.put(600);
    REQUIRE(fixture.store().await_log(600, patience));
    LogHashes before(fixture.store());
    const auto root = *spec::root_of(600, before);
    const auto copy = fixture.folder() / "copy";
    copy_as_crashed(fixture.data(), copy);
    const auto crashed = open_rocksdb(copy, {});
    REQUIRE(crashed.has_value());
    REQUIRE((*crashed)->await_log(600, patience));
    LogHashes after(**crashed);
    CHECK(*spec::root_of(600, after) == root);
    some.move_to(**crashed);
    some.put(90);
    check_log(**crashed, some.last);
    LogHashes now(**crashed);
    CHECK(spec::proves_consistency(600, root, 690, *spec::root_of(690, now),
                                   *spec::consistency_proof(600, 690, now)));
}

TEST_CASE("A folder that was made before there was a log gets one, to the same hashes") {
    StoreFixture fixture;
    Some some(fixture.store());
    some.put(5000);
    check_log(fixture.store(), some.last);
    LogHashes before(fixture.store());
    const auto root = *spec::root_of(5000, before);
    fixture.close();
    change_database(fixture.data(), [](engine::Database& database) {
        auto* const family = database.family(engine::Family::log);
        REQUIRE(database.db().DeleteRange({}, family, "", "\xff").ok());
    });
    fixture.reopen();
    check_log(fixture.store(), some.last);
    LogHashes after(fixture.store());
    CHECK(*spec::root_of(5000, after) == root);
}

TEST_CASE("Sequences that nobody has leave no gap in the log") {
    StoreFixture fixture;
    Some some(fixture.store());
    some.put(300);
    REQUIRE(fixture.store().await_log(300, patience));
    fixture.close();
    change_database(fixture.data(), [](engine::Database& database) {
        // As if these had never been: and the log made anew.
        for (const Sequence sequence : {1u, 7u, 8u, 299u})
            REQUIRE(database.db()
                        .Delete({}, database.family(engine::Family::statements),
                                engine::statement_key(first_store, sequence))
                        .ok());
        auto* const family = database.family(engine::Family::log);
        REQUIRE(database.db().DeleteRange({}, family, "", "\xff").ok());
    });
    fixture.reopen();
    REQUIRE(fixture.store().await_log(300, patience));
    CHECK(fixture.store().log_state().size == 296);
    CHECK(*fixture.store().log_index(2) == std::uint64_t{0});
    CHECK(*fixture.store().log_index(6) == std::uint64_t{4});
    CHECK_FALSE(fixture.store().log_index(7)->has_value());
    CHECK(*fixture.store().log_index(9) == std::uint64_t{5});
    CHECK(*fixture.store().log_index(300) == std::uint64_t{295});
    fixture.reopen();
    CHECK(*fixture.store().log_index(300) == std::uint64_t{295});
}
