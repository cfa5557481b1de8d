// Backups: taken under load, incremental, restored, and refused when they are damaged.
#include "storage/rocksdb/backup/restore.hpp"
#include "tests/storage/store_fixture.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

namespace {

using namespace leerspoor;
using namespace leerspoor::storage;
using namespace leerspoor::tests;
namespace fs = std::filesystem;

std::size_t number_there(RecordStore& store) {
    return found(store, query()).size();
}

fs::path one_file_in(const fs::path& folder) {
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file() && entry.file_size() > 100) return entry.path();
    FAIL("there is no file");
    return {};
}

} // namespace

TEST_CASE("A backup that is restored is the store as it was, and goes on") {
    StoreFixture fixture;
    const auto backups = fixture.folder() / "backups";
    REQUIRE(put(fixture.store(), many(1, 2000)).has_value());
    const auto first = fixture.store().back_up(backups);
    REQUIRE(first.has_value());
    CHECK(first->number == 1);
    CHECK(first->through == 2000);
    REQUIRE(put(fixture.store(), many(2001, 50)).has_value());
    const auto second = fixture.store().back_up(backups);
    REQUIRE(second.has_value());
    CHECK(second->number == 2);
    REQUIRE(put(fixture.store(), many(2051, 5)).has_value());
    REQUIRE(fixture.store().await_log(2055, std::chrono::seconds(60)));
    LogHashes hashes(fixture.store());
    const auto root = *spec::root_of(2000, hashes);

    CHECK(backups_in(backups)->size() == 2);
    CHECK(check_backup(backups, {})->number == 2);
    for (const auto& [number, statements] : {std::pair(1u, 2000u), std::pair(2u, 2050u)}) {
        const auto data = fixture.folder() / ("restored" + std::to_string(number));
        REQUIRE(restore_backup(backups, number, data).has_value());
        const auto restored = open_rocksdb(data);
        REQUIRE(restored.has_value());
        CHECK(number_there(**restored) == statements);
        REQUIRE((*restored)->await_log(statements, std::chrono::seconds(60)));
        LogHashes again(**restored);
        CHECK(*spec::root_of(2000, again) == root);
        REQUIRE(put(**restored, many(9001, 3)).has_value());
        CHECK(number_there(**restored) == statements + 3);
    }
    CHECK(restore_backup(backups, 7, fixture.folder() / "none").error().code == "backup_unknown");
    CHECK(restore_backup(backups, {}, fixture.folder() / "restored1").error().code == "data_folder_foreign");
    CHECK(restore_backup(fixture.folder() / "nowhere", {}, fixture.folder() / "none").error().code ==
          "backup_unusable");
    CHECK(fixture.store().back_up(fixture.data()).error().code == "backup_unusable");
}

TEST_CASE("A backup that is taken while others write has all that was acknowledged before it, and no gap") {
    StoreFixture fixture;
    const auto backups = fixture.folder() / "backups";
    std::atomic<std::uint64_t> acknowledged = 0;
    std::atomic<bool> enough = false;
    {
        std::jthread writer([&] {
            while (!enough) {
                if (put(fixture.store(), many(acknowledged + 1, 20)).has_value()) acknowledged += 20;
            }
        });
        for (std::uint32_t number = 1; number <= 3; ++number) {
            while (acknowledged < number * 200) std::this_thread::yield();
            const std::uint64_t before = acknowledged;
            const auto made = fixture.store().back_up(backups);
            const std::uint64_t after = acknowledged + 20;
            REQUIRE(made.has_value());
            const auto data = fixture.folder() / ("restored" + std::to_string(number));
            REQUIRE(restore_backup(backups, number, data).has_value());
            const auto restored = open_rocksdb(data);
            REQUIRE(restored.has_value());
            const auto there = number_there(**restored);
            CHECK(there >= before);
            CHECK(there <= after);
            CHECK(there >= made->through);
            // Whole requests, in order.
            CHECK(there % 20 == 0);
            for (const std::uint64_t id : {std::uint64_t{1}, std::uint64_t{there}})
                CHECK(is_there(**restored, id));
        }
        enough = true;
    }
}

TEST_CASE("Attachments and files of courses come along, each copied once") {
    StoreFixture fixture;
    const auto backups = fixture.folder() / "backups";
    const auto files = fixture.data() / "attachments" / "1" / "ab";
    fs::create_directories(files);
    std::ofstream(files / "abcd") << "the bytes of an attachment";
    fs::create_directories(fixture.data() / "attachments" / "incoming");
    std::ofstream(fixture.data() / "attachments" / "incoming" / "x") << "half";
    fs::create_directories(fixture.data() / "content" / "1" / "cd");
    std::ofstream(fixture.data() / "content" / "1" / "cd" / "cdef") << "a page of a course";
    REQUIRE(fixture.store().back_up(backups).has_value());
    const auto copy = backups / "attachments" / "1" / "ab" / "abcd";
    const auto written = fs::last_write_time(copy);
    CHECK_FALSE(fs::exists(backups / "attachments" / "incoming" / "x"));
    REQUIRE(fixture.store().back_up(backups).has_value());
    CHECK(fs::last_write_time(copy) == written);
    const auto data = fixture.folder() / "restored";
    REQUIRE(restore_backup(backups, {}, data).has_value());
    CHECK(fs::file_size(data / "attachments" / "1" / "ab" / "abcd") == 26);
    CHECK(fs::file_size(data / "content" / "1" / "cd" / "cdef") == 18);
}

TEST_CASE("A damaged backup is refused, and leaves nothing behind") {
    StoreFixture fixture;
    const auto backups = fixture.folder() / "backups";
    REQUIRE(put(fixture.store(), many(1, 500)).has_value());
    REQUIRE(fixture.store().back_up(backups).has_value());
    const auto file = one_file_in(backups / "db" / "shared_checksum");
    {
        std::fstream change(file, std::ios::in | std::ios::out | std::ios::binary);
        change.seekp(50);
        change.put('!');
    }
    CHECK(check_backup(backups, {}).error().code == "backup_damaged");
    CHECK(restore_backup(backups, {}, fixture.folder() / "restored").error().code == "backup_damaged");
    CHECK_FALSE(fs::exists(fixture.folder() / "restored"));
}

TEST_CASE("What an interrupted restore has left is no hindrance") {
    StoreFixture fixture;
    const auto backups = fixture.folder() / "backups";
    REQUIRE(put(fixture.store(), many(1, 10)).has_value());
    REQUIRE(fixture.store().back_up(backups).has_value());
    const auto data = fixture.folder() / "restored";
    fs::create_directories(data.string() + ".restoring/db");
    std::ofstream(data.string() + ".restoring/db/CURRENT") << "half";
    fs::create_directories(data); // empty
    REQUIRE(restore_backup(backups, {}, data).has_value());
    CHECK(open_rocksdb(data).has_value());
    CHECK_FALSE(fs::exists(data.string() + ".restoring"));
}
