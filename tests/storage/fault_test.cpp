// Disks that fail and machines that stop: what was acknowledged is there, what was not is there whole or not
// at all.
#include "tests/storage/breakable_disk.hpp"
#include "tests/storage/store_fixture.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <functional>
#include <thread>

namespace {

using namespace leerspoor;
using namespace leerspoor::storage;
using namespace leerspoor::tests;

constexpr std::uint64_t request_size = 3;
constexpr std::uint64_t requests = 4;

std::uint64_t first_of(std::uint64_t request) {
    return 1000 + request * request_size;
}

bool is_refusal_of_the_disk(const Error& error) {
    return error.code == "store_full" || error.code == "store_failed";
}

std::unique_ptr<RecordStore> open(const std::filesystem::path& folder, BreakableDisk& disk) {
    RocksdbOptions options;
    options.env = disk.env();
    auto opened = open_rocksdb(folder, options);
    if (!opened.has_value()) FAIL(opened.error().message);
    return std::move(*opened);
}

// Whether it comes to be so, which takes as long as the store waits between two tries to open its folder.
bool in_time(const std::function<bool()>& is_so) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!is_so()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::yield();
    }
    return true;
}

// Which requests were acknowledged.
std::vector<bool> put_requests(RecordStore& store) {
    std::vector<bool> acknowledged;
    for (std::uint64_t request = 0; request < requests; ++request) {
        const auto receipt = put(store, many(first_of(request), request_size));
        if (!receipt.has_value()) CHECK(is_refusal_of_the_disk(receipt.error()));
        acknowledged.push_back(receipt.has_value());
    }
    return acknowledged;
}

// Returns how many statements are there.
std::uint64_t check_acknowledged(RecordStore& store, const std::vector<bool>& acknowledged) {
    std::uint64_t there = 0;
    for (std::uint64_t request = 0; request < acknowledged.size(); ++request) {
        INFO("request " << request);
        std::uint64_t statements = 0;
        for (std::uint64_t i = 0; i < request_size; ++i) {
            if (is_there(store, first_of(request) + i)) ++statements;
        }
        if (acknowledged[request]) CHECK(statements == request_size);
        CHECK((statements == 0 || statements == request_size));
        there += statements;
    }
    return there;
}

void check_whole_or_absent(RecordStore& store, const std::vector<bool>& acknowledged) {
    const auto there = check_acknowledged(store, acknowledged);
    CHECK(store.count_statements(first_store, query())->matches == there);
    CHECK(store.count_statements(first_store, query({by_agent("crowd")}))->matches == there);
    CHECK(found(store, query()).size() == there);
}

} // namespace

TEST_CASE("What was acknowledged survives a power cut at any change to the disk") {
    BreakableDisk disk;
    bool reached = true;
    for (std::uint64_t n = 1; reached; ++n) {
        INFO("cut at change " << n);
        const TemporaryFolder folder;
        const auto data = folder.path() / "data";
        auto store = open(data, disk);
        disk.fail_at(n, Fault::io_error, true);
        const auto acknowledged = put_requests(*store);
        store.reset(); // seals, if it still can
        reached = disk.failed();
        disk.heal();
        disk.cut_power();

        store = open(data, disk);
        check_whole_or_absent(*store, acknowledged);
        CHECK(store->writable().has_value());
        CHECK(put(*store, many(1, 1)).has_value());
        REQUIRE(n < 300);
    }
}

TEST_CASE("What was acknowledged survives a power cut at any change while the store is made or opened") {
    BreakableDisk disk;
    bool reached = true;
    for (std::uint64_t n = 1; reached; n += 2) {
        INFO("cut at change " << n);
        const TemporaryFolder folder;
        const auto data = folder.path() / "data";
        const bool made_before = n % 4 == 1;
        std::vector<bool> acknowledged;
        if (made_before) acknowledged = put_requests(*open(data, disk));
        disk.fail_at(n, Fault::io_error, true);
        RocksdbOptions options;
        options.env = disk.env();
        {
            const auto opened = open_rocksdb(data, options);
            if (!opened.has_value()) {
                CHECK(opened.error().code == "data_folder_unusable");
                CHECK_FALSE(opened.error().message.empty());
            }
        }
        reached = disk.failed();
        disk.heal();
        disk.cut_power();
        const auto store = open(data, disk);
        check_whole_or_absent(*store, acknowledged);
        REQUIRE(n < 300);
    }
}

TEST_CASE("A full disk refuses writes before it breaks anything, and takes them again without a restart") {
    BreakableDisk disk;
    const TemporaryFolder folder;
    auto store = open(folder.path() / "data", disk);
    REQUIRE(put(*store, many(1, 1)).has_value());
    disk.set_full(true);
    for (int i = 0; i < 3; ++i) {
        const auto refused = put(*store, many(2, 2));
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == "store_full");
        CHECK(store->writable().error().code == "store_full");
        CHECK(is_there(*store, 1)); // reads go on
    }
    disk.set_full(false);
    CHECK(put(*store, many(2, 2)).has_value());
    CHECK(is_there(*store, 2));
    CHECK(is_there(*store, 3));
    CHECK(store->writable().has_value());
    store.reset();
    store = open(folder.path() / "data", disk);
    CHECK(found(*store, query()) == ids({3, 2, 1}));
}

TEST_CASE("A segment that could not be sealed is sealed when there is space again, without a restart") {
    BreakableDisk disk;
    const TemporaryFolder folder;
    auto store = open(folder.path() / "data", disk);
    disk.refuse_new("/sealing/");
    for (std::uint64_t i = 0; i < 66; ++i) REQUIRE(put(*store, many(i * 1000, 1000)).has_value());
    while (store->writable().has_value()) std::this_thread::yield();
    CHECK(store->writable().error().code == "store_full");
    CHECK(measured(*store, "store_open_segment_statements") == 66'000);
    CHECK(is_there(*store, 7));

    disk.heal();
    REQUIRE(put(*store, many(66'000, 1)).has_value());
    while (measured(*store, "store_open_segment_statements") > 1000) std::this_thread::yield();
    CHECK(store->writable().has_value());
    CHECK(store->count_statements(first_store, query({by_agent("crowd")}))->matches == 66'001);
    store.reset();
    store = open(folder.path() / "data", disk);
    CHECK(measured(*store, "store_replayed_statements") == 0);
    CHECK(store->count_statements(first_store, query({by_agent("crowd")}))->matches == 66'001);
}

TEST_CASE("A single failed change while statements are stored loses no statement that was acknowledged and "
          "doubles none") {
    BreakableDisk disk;
    const auto fault = GENERATE(Fault::no_space, Fault::io_error);
    bool reached = true;
    for (std::uint64_t n = 1; reached; ++n) {
        INFO("failing at change " << n << (fault == Fault::no_space ? " for want of space" : ""));
        const TemporaryFolder folder;
        const auto data = folder.path() / "data";
        auto store = open(data, disk);
        REQUIRE(put(*store, many(1, 1)).has_value());
        disk.fail_at(n, fault, false);
        put_requests(*store);
        const std::vector<bool> acknowledged(requests, true);
        // As clients do; it goes on by itself.
        REQUIRE(in_time([&] { return put_requests(*store) == acknowledged; }));
        CHECK(store->writable().has_value());
        CHECK(is_there(*store, 1));
        const auto copy = folder.path() / "copy";
        copy_as_crashed(data, copy);
        reached = disk.failed();
        disk.heal();
        store.reset();

        for (const auto& place : {data, copy}) {
            store = open(place, disk);
            check_acknowledged(*store, acknowledged);
            CHECK(put_requests(*store) == std::vector<bool>(requests, true));
            CHECK(store->writable().has_value());
            CHECK(found(*store, query()).size() == requests * request_size + 1);
            store.reset();
        }
        store = open(copy, disk);
        CHECK(found(*store, query()).size() == requests * request_size + 1);
        REQUIRE(n < 300);
    }
}

TEST_CASE("Copies of an open store, at any moment, hold everything that was acknowledged") {
    StoreFixture fixture;
    for (std::uint64_t request = 0; request < 12; ++request) {
        INFO("after request " << request);
        REQUIRE(put(fixture.store(), many(first_of(request), request_size)).has_value());
        const auto copy = fixture.folder() / ("copy" + std::to_string(request));
        copy_as_crashed(fixture.data(), copy);
        const auto crashed = open_rocksdb(copy);
        REQUIRE(crashed.has_value());
        check_whole_or_absent(**crashed, std::vector<bool>(request + 1, true));
    }
}

TEST_CASE(
    "When no new log can be made writes are refused until one can, and nothing that was acknowledged is "
    "lost") {
    BreakableDisk disk;
    const TemporaryFolder folder;
    auto store = open(folder.path() / "data", disk);
    const std::string bytes = "an attachment";
    auto upload = store->begin_attachment(first_store);
    REQUIRE(upload.has_value());
    REQUIRE((*upload)->append(bytes).has_value());
    disk.refuse_new(".log");
    auto large = statement("anna", "read", "x");
    large["context"] = {{"extensions", {{"http://example.com/e", std::string(1u << 20, 'x')}}}};
    std::uint64_t stored = 0;
    Result<void> outcome;
    while (outcome.has_value()) {
        outcome = put(*store, with_id(large, stored + 1));
        if (outcome.has_value()) ++stored;
        REQUIRE(stored < 200);
    }
    CHECK(is_refusal_of_the_disk(outcome.error()));
    const auto promised = store->consistent_through();
    for (int time = 0; time < 3; ++time) {
        CHECK(is_there(*store, stored)); // reads go on
        CHECK_FALSE(put(*store, with_id(large, 1000)).has_value());
        CHECK_FALSE(store->writable().has_value());
    }
    CHECK(measured(*store, "store_reopened_total") == 0);
    disk.heal();
    REQUIRE(in_time([&] { return put(*store, with_id(large, 1000)).has_value(); }));
    CHECK(measured(*store, "store_reopened_total") == 1);
    CHECK(store->writable().has_value());
    CHECK(store->consistent_through() >= promised);
    for (std::uint64_t i = 1; i <= stored; ++i) CHECK(is_there(*store, i));

    // What came in meanwhile is not what another request will be given.
    CHECK((*upload)->append(bytes).has_value());
    CHECK((*upload)->complete().has_value());
    Submission late;
    late.statements.push_back(prepared(with_id(statement("anna", "read", "y"), 2000)));
    late.attachments.push_back({std::string(64, 'a'), std::move(*upload)});
    const auto refused = put(*store, std::move(late));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().message.find("opened again") != std::string::npos);
    CHECK_FALSE(is_there(*store, 2000));
    store.reset();
    store = open(folder.path() / "data", disk);
    for (std::uint64_t i = 1; i <= stored; ++i) CHECK(is_there(*store, i));
    CHECK(is_there(*store, 1000));
}

TEST_CASE("A store whose log failed can be closed before its disk works again") {
    BreakableDisk disk;
    const TemporaryFolder folder;
    auto store = open(folder.path() / "data", disk);
    REQUIRE(put(*store, many(1, 1)).has_value());
    disk.fail_at(1, Fault::io_error, true);
    CHECK_FALSE(put(*store, many(2, 1)).has_value());
    store->close();
    CHECK(is_there(*store, 1));
    store.reset();
    disk.heal();
    store = open(folder.path() / "data", disk);
    CHECK(is_there(*store, 1));
}
