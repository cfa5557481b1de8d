// Attachments: the bytes of a request are kept if its statements are, and only then; one file for each
// content (xAPI 1.0.3 Part Two 2.4.11, Part Three 1.5.2).
#include "tests/storage/breakable_disk.hpp"
#include "tests/storage/store_fixture.hpp"

#include <catch2/catch.hpp>

#include <openssl/evp.h>

#include <fstream>
#include <future>
#include <thread>

namespace {

using namespace leerspoor;
using namespace leerspoor::storage;
using namespace leerspoor::tests;
namespace fs = std::filesystem;

std::string sha2_of(std::string_view bytes) {
    std::array<unsigned char, 32> digest{};
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    std::string hex;
    for (const auto byte : digest) {
        hex += "0123456789abcdef"[byte >> 4];
        hex += "0123456789abcdef"[byte & 15];
    }
    return hex;
}

boost::json::object attaching(std::uint64_t number, const std::vector<std::string>& contents) {
    auto made = with_id(statement("ann", "did", "it"), number);
    boost::json::array attachments;
    attachments.reserve(contents.size());
    for (const auto& bytes : contents) {
        attachments.push_back({{"usageType", "http://example.com/usage"},
                               {"display", {{"en", "A file"}}},
                               {"contentType", "application/octet-stream"},
                               {"length", bytes.size()},
                               {"sha2", sha2_of(bytes)}});
    }
    made["attachments"] = std::move(attachments);
    return made;
}

std::unique_ptr<AttachmentUpload> upload_of(RecordStore& store, std::string_view bytes,
                                            StoreId tenant = first_store) {
    auto upload = store.begin_attachment(tenant);
    if (!upload.has_value()) FAIL(upload.error().message);
    for (std::size_t at = 0; at < bytes.size(); at += 7) {
        if (!(*upload)->append(bytes.substr(at, 7)).has_value()) FAIL("an upload failed");
    }
    if (!(*upload)->complete().has_value()) FAIL("an upload failed");
    return std::move(*upload);
}

std::vector<NewAttachment> uploads_of(RecordStore& store, const std::vector<std::string>& contents,
                                      StoreId tenant = first_store) {
    std::vector<NewAttachment> all;
    all.reserve(contents.size());
    for (const auto& bytes : contents) all.push_back({sha2_of(bytes), upload_of(store, bytes, tenant)});
    return all;
}

Result<void> put_with(RecordStore& store, Batch batch, std::vector<NewAttachment> attachments,
                      StoreId tenant = first_store) {
    return put(store, Submission{std::move(batch), std::move(attachments)}, tenant);
}

Result<void> put_attaching(RecordStore& store, std::uint64_t number, const std::vector<std::string>& contents,
                           StoreId tenant = first_store) {
    return put_with(store, batch({attaching(number, contents)}), uploads_of(store, contents, tenant), tenant);
}

// The bytes of an attachment, or "(none)".
std::string content_of(RecordStore& store, std::string_view sha2, StoreId tenant = first_store) {
    const auto content = store.open_attachment(tenant, sha2);
    if (!content.has_value()) FAIL(content.error().message);
    if (!*content) return "(none)";
    std::string all;
    while (true) {
        const auto piece = (**content).read(5);
        if (!piece.has_value()) FAIL(piece.error().message);
        if (piece->empty()) break;
        CHECK(piece->size() <= 5);
        all += *piece;
    }
    CHECK((**content).size() == all.size());
    return all;
}

std::vector<fs::path> files_in(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) files.push_back(entry.path());
    }
    return files;
}

std::vector<fs::path> attachments_in(const StoreFixture& fixture) {
    return files_in(fixture.data() / "attachments");
}

} // namespace

TEST_CASE("An attachment is kept with its statement and read back, over a restart") {
    StoreFixture fixture;
    const auto bytes = std::string("binary \0 \xff bytes", 16);
    REQUIRE(put_attaching(fixture.store(), 1, {bytes}).has_value());
    CHECK(is_there(fixture.store(), 1));
    CHECK(content_of(fixture.store(), sha2_of(bytes)) == bytes);
    fixture.reopen();
    CHECK(content_of(fixture.store(), sha2_of(bytes)) == bytes);
    CHECK(attachments_in(fixture).size() == 1);
}

TEST_CASE("An attachment may be empty, and a statement may have several") {
    StoreFixture fixture;
    REQUIRE(put_attaching(fixture.store(), 1, {"", "one", "two", "one"}).has_value());
    for (const auto* bytes : {"", "one", "two"}) CHECK(content_of(fixture.store(), sha2_of(bytes)) == bytes);
    CHECK(attachments_in(fixture).size() == 3);
}

TEST_CASE("An attachment of several statements is kept once") {
    StoreFixture fixture;
    for (std::uint64_t i = 1; i <= 3; ++i) REQUIRE(put_attaching(fixture.store(), i, {"shared"}).has_value());
    CHECK(content_of(fixture.store(), sha2_of("shared")) == "shared");
    CHECK(attachments_in(fixture).size() == 1);
}

TEST_CASE("An attachment is its store's alone") {
    StoreFixture fixture;
    REQUIRE(put_attaching(fixture.store(), 1, {"of the first"}, 1).has_value());
    CHECK(content_of(fixture.store(), sha2_of("of the first"), 2) == "(none)");
    REQUIRE(put_attaching(fixture.store(), 1, {"of the first"}, 2).has_value());
    CHECK(content_of(fixture.store(), sha2_of("of the first"), 2) == "of the first");
}

TEST_CASE("A refused request leaves none of its attachments, and those of others alone") {
    StoreFixture fixture;
    auto& store = fixture.store();
    REQUIRE(put_attaching(store, 1, {"kept"}).has_value());
    const auto refused = put_attaching(store, 1, {"kept", "not kept"});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == "statement_conflict");
    CHECK(content_of(store, sha2_of("not kept")) == "(none)");
    CHECK(content_of(store, sha2_of("kept")) == "kept");
    CHECK(attachments_in(fixture).size() == 1);
    fixture.reopen();
    CHECK_FALSE(put_attaching(fixture.store(), 1, {"kept", "not kept"}).has_value());
    CHECK(content_of(fixture.store(), sha2_of("kept")) == "kept");
    CHECK(attachments_in(fixture).size() == 1);
}

TEST_CASE("A statement that came again brings nothing new") {
    StoreFixture fixture;
    REQUIRE(put_attaching(fixture.store(), 1, {"once"}).has_value());
    CHECK(put_attaching(fixture.store(), 1, {"once"}).has_value());
    CHECK(measured(fixture.store(), "store_statements") == 1);
    CHECK(content_of(fixture.store(), sha2_of("once")) == "once");
    // Bytes that no statement speaks of are not kept, even if the request is taken.
    CHECK(put_with(fixture.store(), batch({attaching(1, {"once"})}), uploads_of(fixture.store(), {"stray"}))
              .has_value());
    CHECK(attachments_in(fixture).size() == 1);
}

TEST_CASE("An upload that was given up leaves nothing") {
    StoreFixture fixture;
    {
        const auto upload = upload_of(fixture.store(), "never finished");
        CHECK(attachments_in(fixture).size() == 1);
        CHECK(content_of(fixture.store(), sha2_of("never finished")) == "(none)");
    }
    CHECK(attachments_in(fixture).empty());
}

TEST_CASE("Many requests at once with the same attachment, half of them refused, lose nothing") {
    StoreFixture fixture;
    auto& store = fixture.store();
    REQUIRE(put(store, with_id(statement("bob", "had", "that"), 1000)).has_value());
    constexpr std::uint64_t requests = 60;
    std::promise<void> all;
    std::atomic<std::uint64_t> answered = 0;
    std::atomic<std::uint64_t> refused = 0;
    std::vector<std::thread> senders;
    for (std::uint64_t thread = 0; thread < 4; ++thread) {
        senders.emplace_back([&, thread] {
            for (std::uint64_t i = thread; i < requests; i += 4) {
                // Odd ones claim an id that is taken.
                const auto shared = "shared " + std::to_string(i / 10);
                store.put_statements(first_store,
                                     {batch({attaching(i % 2 == 1 ? 1000 : i + 1, {shared, "common"})}),
                                      uploads_of(store, {shared, "common"})},
                                     [&](const auto& receipt) {
                                         if (!receipt.has_value()) ++refused;
                                         if (++answered == requests) all.set_value();
                                     });
            }
        });
    }
    for (auto& sender : senders) sender.join();
    all.get_future().get();
    CHECK(refused == requests / 2);
    CHECK(content_of(store, sha2_of("common")) == "common");
    for (std::uint64_t i = 0; i < requests / 10; ++i) {
        const auto shared = "shared " + std::to_string(i);
        CHECK(content_of(store, sha2_of(shared)) == shared);
    }
    CHECK(attachments_in(fixture).size() == 1 + requests / 10);
}

TEST_CASE("Names that are no digest are not looked for, wherever they point") {
    StoreFixture fixture;
    std::ofstream(fixture.data() / "attachments" / "secret") << "secret";
    for (const std::string name : {"", "../secret", "secret", "../../LEERSPOOR", "/etc/passwd"}) {
        CHECK(content_of(fixture.store(), name) == "(none)");
    }
    CHECK(content_of(fixture.store(), std::string(64, '.')) == "(none)");
    auto upper = sha2_of("x");
    upper[0] = 'A';
    CHECK(content_of(fixture.store(), upper) == "(none)");
    std::vector<NewAttachment> named;
    named.push_back({"../secret", upload_of(fixture.store(), "overwritten")});
    const auto refused = put_with(fixture.store(), many(1, 1), std::move(named));
    CHECK_FALSE(refused.has_value());
    CHECK_FALSE(is_there(fixture.store(), 1));
    fs::remove(fixture.data() / "attachments" / "secret");
}

TEST_CASE("What a crash left on its way in is gone after the next start; what was acknowledged is not") {
    StoreFixture fixture;
    REQUIRE(put_attaching(fixture.store(), 1, {"whole"}).has_value());
    const auto upload = upload_of(fixture.store(), "half");
    const auto copy = fixture.folder() / "copy";
    copy_as_crashed(fixture.data(), copy);
    CHECK(files_in(copy / "attachments").size() == 2);
    const auto crashed = open_rocksdb(copy);
    REQUIRE(crashed.has_value());
    CHECK(files_in(copy / "attachments").size() == 1);
    CHECK(content_of(**crashed, sha2_of("whole")) == "whole");
    CHECK(put_attaching(**crashed, 2, {"half"}).has_value());
    // A replay knows which statements speak of an attachment, too.
    CHECK_FALSE(put_attaching(**crashed, 1, {"whole", "more"}).has_value());
    CHECK(content_of(**crashed, sha2_of("whole")) == "whole");
}

TEST_CASE("An attachment stays readable while it is read, whatever becomes of it") {
    StoreFixture fixture;
    REQUIRE(put_attaching(fixture.store(), 1, {"some bytes"}).has_value());
    const auto content = fixture.store().open_attachment(first_store, sha2_of("some bytes"));
    REQUIRE(content.has_value());
    for (const auto& file : attachments_in(fixture)) fs::remove(file);
    fixture.close();
    CHECK((**content).size() == 10);
    CHECK(*(**content).read(1000) == "some bytes");
    CHECK((**content).read(1000)->empty());
}

TEST_CASE("A large attachment passes in small pieces") {
    StoreFixture fixture;
    constexpr std::size_t size = 64u << 20;
    const std::string piece(64u << 10, 'p');
    auto upload = fixture.store().begin_attachment(first_store);
    REQUIRE(upload.has_value());
    for (std::size_t sent = 0; sent < size; sent += piece.size()) {
        REQUIRE((*upload)->append(piece).has_value());
    }
    const std::string sha2(128, 'a'); // its caller's business
    auto made = attaching(1, {"x"});
    made["attachments"].as_array()[0].as_object()["sha2"] = sha2;
    std::vector<NewAttachment> attachments;
    attachments.push_back({sha2, std::move(*upload)});
    const auto receipt = put_with(fixture.store(), batch({made}), std::move(attachments));
    REQUIRE(receipt.has_value());
    const auto content = fixture.store().open_attachment(first_store, sha2);
    REQUIRE(content.has_value());
    REQUIRE((**content).size() == size);
    std::uint64_t read = 0;
    while (true) {
        const auto next = (**content).read(100'000);
        REQUIRE(next.has_value());
        if (next->empty()) break;
        if (next->size() > 100'000 || next->find_first_not_of('p') != std::string_view::npos)
            FAIL("at " << read);
        read += next->size();
    }
    CHECK(read == size);
}

TEST_CASE("An attachment whose bytes are there holds no file open while its request goes on") {
    StoreFixture fixture;
    const auto open_files = [] {
        const std::filesystem::directory_iterator all("/proc/self/fd");
        return std::distance(begin(all), end(all));
    };
    std::vector<std::string> contents(50);
    for (std::size_t i = 0; i < contents.size(); ++i) contents[i] = "content " + std::to_string(i);
    const auto before = open_files();
    auto attachments = uploads_of(fixture.store(), contents);
    CHECK(open_files() < before + 25);
    REQUIRE(put_with(fixture.store(), batch({attaching(1, contents)}), std::move(attachments)).has_value());
    for (const auto& bytes : contents) CHECK(content_of(fixture.store(), sha2_of(bytes)) == bytes);
}

TEST_CASE("A full disk refuses attachments before it breaks anything") {
    BreakableDisk disk;
    RocksdbOptions options;
    options.env = disk.env();
    StoreFixture fixture(options);
    auto begun = fixture.store().begin_attachment(first_store);
    REQUIRE(begun.has_value());
    REQUIRE((*begun)->append("half").has_value());
    auto ready = uploads_of(fixture.store(), {"whole"});
    disk.set_full(true);
    CHECK((*begun)->append("half").error().code == "store_full");
    CHECK(fixture.store().begin_attachment(first_store).error().code == "store_full");
    const auto refused = put_with(fixture.store(), batch({attaching(1, {"whole"})}), std::move(ready));
    CHECK(refused.error().code == "store_full");
    CHECK(content_of(fixture.store(), sha2_of("whole")) == "(none)");
    disk.set_full(false);
    // Something is missing in it now.
    CHECK((*begun)->append("rest").error().code == "store_full");
    begun->reset();
    CHECK(attachments_in(fixture).empty());
    CHECK(put_attaching(fixture.store(), 1, {"whole"}).has_value());
    CHECK(content_of(fixture.store(), sha2_of("whole")) == "whole");
    fixture.close();
}

TEST_CASE("After a power cut at any change to the disk, statements that are there have their attachments") {
    BreakableDisk disk;
    RocksdbOptions options;
    options.env = disk.env();
    bool reached = true;
    for (std::uint64_t n = 1; reached; ++n) {
        INFO("cut at change " << n);
        StoreFixture fixture(options);
        disk.fail_at(n, Fault::io_error, true);
        std::vector<bool> acknowledged;
        for (std::uint64_t i = 1; i <= 3; ++i) {
            const auto bytes = "content " + std::to_string(i);
            auto upload = fixture.store().begin_attachment(first_store);
            if (!upload.has_value() || !(*upload)->append(bytes).has_value() ||
                (i % 2 == 0 && !(*upload)->complete().has_value())) {
                acknowledged.push_back(false);
                continue;
            }
            std::vector<NewAttachment> attachments;
            attachments.push_back({sha2_of(bytes), std::move(*upload)});
            acknowledged.push_back(
                put_with(fixture.store(), batch({attaching(i, {bytes})}), std::move(attachments))
                    .has_value());
        }
        fixture.close();
        reached = disk.failed();
        disk.heal();
        disk.cut_power();
        fixture.open();
        for (std::uint64_t i = 1; i <= 3; ++i) {
            const auto bytes = "content " + std::to_string(i);
            const bool there = is_there(fixture.store(), i);
            if (acknowledged[i - 1]) CHECK(there);
            if (there) CHECK(content_of(fixture.store(), sha2_of(bytes)) == bytes);
        }
        CHECK(files_in(fixture.data() / "attachments" / "incoming").empty());
        CHECK(put_attaching(fixture.store(), 9, {"again"}).has_value());
        fixture.close();
        REQUIRE(n < 300);
    }
}

TEST_CASE("What waits with attachments when a store is closed is finished") {
    StoreFixture fixture;
    std::atomic<int> stored = 0;
    for (std::uint64_t i = 1; i <= 20; ++i) {
        const auto bytes = std::to_string(i);
        fixture.store().put_statements(first_store,
                                       {batch({attaching(i, {bytes})}), uploads_of(fixture.store(), {bytes})},
                                       [&](const auto& receipt) {
                                           if (receipt.has_value()) ++stored;
                                       });
    }
    fixture.close();
    CHECK(stored == 20);
    CHECK(attachments_in(fixture).size() == 20);
    fixture.open();
    CHECK(content_of(fixture.store(), sha2_of("20")) == "20");
}

TEST_CASE(
    "After a single failed change to the disk a request with an attachment is taken when it comes again, "
    "or the store says why not") {
    BreakableDisk disk;
    RocksdbOptions options;
    options.env = disk.env();
    const auto fault = GENERATE(Fault::no_space, Fault::io_error);
    const bool completes = GENERATE(false, true);
    bool reached = true;
    for (std::uint64_t n = 1; reached; ++n) {
        INFO("failing at change " << n << (fault == Fault::no_space ? " for want of space" : ""));
        StoreFixture fixture(options);
        disk.fail_at(n, fault, false);
        const auto send = [&] {
            auto upload = fixture.store().begin_attachment(first_store);
            if (!upload.has_value() || !(*upload)->append("content").has_value()) return false;
            if (completes && !(*upload)->complete().has_value()) return false;
            std::vector<NewAttachment> attachments;
            attachments.push_back({sha2_of("content"), std::move(*upload)});
            return put_with(fixture.store(), batch({attaching(1, {"content"})}), std::move(attachments))
                .has_value();
        };
        const bool taken = send() || send();
        if (!taken) CHECK_FALSE(fixture.store().writable().has_value());
        reached = disk.failed();
        disk.heal();
        fixture.reopen();
        if (taken) CHECK(is_there(fixture.store(), 1));
        if (is_there(fixture.store(), 1)) CHECK(content_of(fixture.store(), sha2_of("content")) == "content");
        CHECK(send());
        CHECK(attachments_in(fixture).size() == 1);
        fixture.close();
        REQUIRE(n < 300);
    }
}

TEST_CASE("An attachment is kept when a SubStatement speaks of it, or a statement in capitals") {
    StoreFixture fixture;
    auto inner = attaching(1, {"inner"});
    inner.erase("id");
    inner["objectType"] = "SubStatement";
    auto outer = with_id(statement("ann", "planned", "it"), 1);
    outer["object"] = inner;
    CHECK(put_with(fixture.store(), batch({outer}), uploads_of(fixture.store(), {"inner"})).has_value());
    CHECK(content_of(fixture.store(), sha2_of("inner")) == "inner");

    auto loud = attaching(2, {"loud"});
    auto& sha2 = loud["attachments"].as_array()[0].as_object()["sha2"].as_string();
    for (auto& c : sha2) c = static_cast<char>(c >= 'a' ? c - 32 : c);
    CHECK(put_with(fixture.store(), batch({loud}), uploads_of(fixture.store(), {"loud"})).has_value());
    CHECK(content_of(fixture.store(), sha2_of("loud")) == "loud");
}
