// Folders that a store must not be opened in, and folders that went bad.
#include "tests/storage/store_fixture.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace {

using namespace leerspoor;
using namespace leerspoor::storage;
using namespace leerspoor::tests;
namespace fs = std::filesystem;

Error refusal(const fs::path& folder) {
    const auto opened = open_rocksdb(folder);
    REQUIRE_FALSE(opened.has_value());
    INFO(opened.error().message);
    CHECK(opened.error().message.ends_with("."));
    CHECK(opened.error().message.find(folder.string()) != std::string::npos);
    return opened.error();
}

std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

void damage(const fs::path& file) {
    auto bytes = read(file);
    const std::size_t first = bytes.size() / 3;
    for (std::size_t at = first; at < std::min(bytes.size(), first + 64); ++at) {
        bytes[at] = static_cast<char>(bytes[at] ^ 0x55);
    }
    write(file, bytes);
}

// The largest file of the database whose name has this in it.
fs::path database_file(const fs::path& data, std::string_view part) {
    fs::path largest;
    for (const auto& entry : fs::directory_iterator(data / "db")) {
        if (entry.path().filename().string().find(part) == std::string::npos) continue;
        if (largest.empty() || entry.file_size() > fs::file_size(largest)) largest = entry.path();
    }
    REQUIRE_FALSE(largest.empty());
    return largest;
}

// As a crash leaves it after ten requests: everything in the log, nothing sealed.
fs::path crashed_copy(StoreFixture& fixture) {
    for (std::uint64_t i = 0; i < 10; ++i) REQUIRE(put(fixture.store(), many(1 + i * 20, 20)).has_value());
    const auto copy = fixture.folder() / "copy";
    copy_as_crashed(fixture.data(), copy);
    return copy;
}

} // namespace

TEST_CASE("A data folder is made where there is none, for its owner alone") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "some" / "where";
    REQUIRE(open_rocksdb(data).has_value());
    CHECK(fs::status(data).permissions() == fs::perms::owner_all);
}

TEST_CASE("A data folder in use is refused, and the store in it goes on") {
    StoreFixture fixture;
    CHECK(refusal(fixture.data()).code == "data_folder_in_use");
    CHECK(put(fixture.store(), many(1, 1)).has_value());
    fixture.reopen();
    CHECK(is_there(fixture.store(), 1));
}

TEST_CASE("A folder with files of somebody else is left alone") {
    const TemporaryFolder folder;
    write(folder.path() / "thesis.txt", "mine");
    const auto error = refusal(folder.path());
    CHECK(error.code == "data_folder_foreign");
    CHECK(error.message.find("thesis.txt") != std::string::npos);
    CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("A file is no data folder") {
    const TemporaryFolder folder;
    write(folder.path() / "file", "text");
    CHECK(refusal(folder.path() / "file").code == "data_folder_foreign");
    CHECK(refusal(folder.path() / "file" / "below").code == "data_folder_unusable");
}

TEST_CASE("A certificate and a file system's own folder may be there before the store") {
    const TemporaryFolder folder;
    fs::create_directory(folder.path() / "tls");
    fs::create_directory(folder.path() / "lost+found");
    CHECK(open_rocksdb(folder.path()).has_value());
}

TEST_CASE("Data of a later format, or with a marker that is not Leerspoor's, is refused") {
    StoreFixture fixture;
    fixture.close();
    const auto marker = fixture.data() / "LEERSPOOR";
    const auto kept = read(marker);
    write(marker, "leerspoor data folder, format 7\n");
    CHECK(refusal(fixture.data()).code == "data_folder_newer");
    write(marker, "something else\n");
    CHECK(refusal(fixture.data()).code == "data_folder_foreign");
    write(marker, "");
    CHECK(refusal(fixture.data()).code == "data_folder_foreign");
    write(marker, kept);
    fixture.open();
}

TEST_CASE("A folder whose making was interrupted is made to its end") {
    StoreFixture fixture;
    fixture.close();
    fs::remove_all(fixture.data() / "db");
    write(fixture.data() / "LEERSPOOR", "leerspoor data folder, format being created\n");
    fixture.open();
    CHECK(put(fixture.store(), many(1, 1)).has_value());
}

TEST_CASE("A database that is gone is damage, and no empty one takes its place") {
    StoreFixture fixture;
    REQUIRE(put(fixture.store(), many(1, 10)).has_value());
    fixture.close();
    fs::remove_all(fixture.data() / "db");
    CHECK(refusal(fixture.data()).code == "data_folder_damaged");
    CHECK(refusal(fixture.data()).code == "data_folder_damaged");
}

TEST_CASE("Damage to what says which files belong to the database is found at the start") {
    StoreFixture fixture;
    REQUIRE(put(fixture.store(), many(1, 10)).has_value());
    fixture.close();
    SECTION("CURRENT is changed") {
        write(fixture.data() / "db" / "CURRENT", "nonsense");
    }
    SECTION("CURRENT is empty") {
        write(fixture.data() / "db" / "CURRENT", "");
    }
    SECTION("CURRENT is gone") {
        fs::remove(fixture.data() / "db" / "CURRENT");
    }
    SECTION("the manifest is changed") {
        damage(database_file(fixture.data(), "MANIFEST"));
    }
    SECTION("the manifest is gone") {
        fs::remove(database_file(fixture.data(), "MANIFEST"));
    }
    SECTION("a sorted file is gone") {
        fs::remove(database_file(fixture.data(), ".sst"));
    }
    CHECK(refusal(fixture.data()).code == "data_folder_damaged");
}

TEST_CASE(
    "Damage to a sorted file is found at the start or when it is read; nothing wrong is ever answered") {
    StoreFixture fixture;
    for (std::uint64_t i = 0; i < 5; ++i) REQUIRE(put(fixture.store(), many(1 + i * 1000, 1000)).has_value());
    fixture.close();
    damage(database_file(fixture.data(), ".sst"));
    const auto opened = open_rocksdb(fixture.data());
    if (!opened.has_value()) {
        CHECK(opened.error().code == "data_folder_damaged");
        return;
    }
    std::uint64_t refused = 0;
    for (std::uint64_t i = 1; i <= 5000; ++i) {
        const auto statement = (*opened)->find_statement(first_store, id_of(i), false);
        if (!statement.has_value()) {
            CHECK(statement.error().code == "store_damaged");
            ++refused;
        } else {
            REQUIRE(statement->has_value());
            CHECK((**statement).id == id_of(i));
        }
    }
    CHECK(refused > 0);
}

TEST_CASE("Damage in the middle of the log is found at the start, and not taken for its end") {
    StoreFixture fixture;
    const auto copy = crashed_copy(fixture);
    damage(database_file(copy, ".log"));
    CHECK(refusal(copy).code == "data_folder_damaged");
}

TEST_CASE("A last record of the log that a crash tore is no damage") {
    StoreFixture fixture;
    const auto copy = crashed_copy(fixture);
    const auto log = database_file(copy, ".log");
    const auto torn = GENERATE(1u, 5u, 100u, 2000u);
    fs::resize_file(log, fs::file_size(log) - torn);
    const auto opened = open_rocksdb(copy);
    REQUIRE(opened.has_value());
    CHECK((*opened)->count_statements(first_store, query())->matches == 180);
    CHECK(is_there(**opened, 180));
    CHECK_FALSE(is_there(**opened, 181));
    const auto before = measured(**opened, "store_statements");
    CHECK(put(**opened, many(181, 20)).has_value());
    CHECK(measured(**opened, "store_statements") == before + 20);
}
