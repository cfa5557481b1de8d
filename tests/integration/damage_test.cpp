// A damaged data folder: a clear refusal that ends the program, or an error for what cannot be read; never a
// restart that quietly lost something.
#include "tests/integration/lrs_client.hpp"
#include "tests/integration/statements.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <memory>
#include <optional>

using namespace leerspoor::tests;

namespace {

constexpr std::uint64_t batches = 20;
constexpr std::uint64_t batch_size = 100;

void fill(LrsClient& lrs) {
    for (std::uint64_t batch = 0; batch < batches; ++batch) {
        std::vector<std::string> statements;
        for (std::uint64_t i = 0; i < batch_size; ++i) {
            const auto number = batch * batch_size + i;
            statements.push_back(statement(
                {.id = uuid(number + 1), .activity = "course-" + std::to_string(number * 7919 % 1000)}));
        }
        REQUIRE(lrs.post(array_of(statements)).status == 200);
    }
}

// A folder with two thousand statements: in sorted files after a clean stop, in the write-ahead log else.
void make_data(const std::filesystem::path& data, bool stop_cleanly) {
    ServerProcess server({.data = data});
    LrsClient lrs(server);
    fill(lrs);
    if (stop_cleanly) {
        CHECK(server.stop() == 0);
    } else {
        server.kill();
    }
}

// The largest file of this name or ending anywhere in the folder; empty when there is none.
std::filesystem::path largest(const std::filesystem::path& data, const std::string& ending) {
    std::filesystem::path found;
    std::uintmax_t size = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(data)) {
        const auto name = entry.path().filename().string();
        if (!entry.is_regular_file() || !name.ends_with(ending) || entry.file_size() <= size) continue;
        found = entry.path();
        size = entry.file_size();
    }
    return found;
}

void flip_bytes(const std::filesystem::path& path, std::uintmax_t offset, std::size_t count) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(offset));
    std::string bytes(count, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(count));
    for (char& byte : bytes) byte = static_cast<char>(byte ^ 0x5a);
    file.seekp(static_cast<std::streamoff>(offset));
    file.write(bytes.data(), static_cast<std::streamsize>(count));
    REQUIRE(file.good());
}

void check_refused(const std::filesystem::path& data) {
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto outcome = serve_to_the_end(data);
        INFO(outcome.errors);
        CHECK(outcome.status == 1);
        CHECK(outcome.errors.find(data.string()) != std::string::npos);
        CHECK(outcome.errors.find("damaged") != std::string::npos);
    }
}

// How many statements a query finds; nothing when it is answered with an error, or with an answer that breaks
// off.
std::optional<std::uint64_t> count_of(const ServerProcess& server, const std::string& query) {
    LrsClient lrs(server);
    std::uint64_t found = 0;
    auto response = lrs.get(query + "&limit=500");
    for (;;) {
        INFO(query << " is answered with " << response.body.substr(0, 500));
        if (response.status != 200) {
            CHECK(response.status >= 500);
            CHECK_FALSE(code_of(response).empty());
            return std::nullopt;
        }
        const auto page = object_in(response.body);
        found += page.at("statements").as_array().size();
        const std::string more(page.at("more").as_string());
        if (more.empty()) return found;
        response = lrs.request("GET", more);
    }
}

// Serving is right too as long as every answer is whole or an error.
void check_refused_or_honest(const std::filesystem::path& data) {
    std::unique_ptr<ServerProcess> server;
    try {
        server = std::make_unique<ServerProcess>(ServerOptions{.data = data});
    } catch (const std::runtime_error&) {
        check_refused(data);
        return;
    }
    LrsClient lrs(*server);
    std::uint64_t dishonest = 0;
    std::string example;
    for (std::uint64_t i = 1; i <= batches * batch_size; ++i) {
        const auto response = lrs.get_id(uuid(i));
        if (response.status == 200 || response.status >= 500) continue;
        ++dishonest;
        example = std::to_string(response.status) + " " + response.body;
    }
    INFO("of what was stored, " << dishonest << " are answered like this: " << example);
    CHECK(dishonest == 0);
    const auto whole = [&](const std::string& query, std::uint64_t expected) {
        INFO(query);
        try {
            const auto found = count_of(*server, query);
            if (found) CHECK(*found == expected);
        } catch (const std::runtime_error& broken_off) {
            CHECK(std::string(broken_off.what()).find("End of file") != std::string::npos);
        }
    };
    whole("", batches * batch_size);
    whole("verb=" + percent_encode(verb_iri("experienced")), batches * batch_size);
    whole("agent=" + percent_encode(agent("ada")), batches * batch_size);
    for (std::uint64_t course = 0; course < 1000; course += 7) {
        whole("activity=" + percent_encode(activity_iri("course-" + std::to_string(course))), 2);
    }
}

} // namespace

TEST_CASE(
    "Bytes changed in the middle of the write-ahead log: refused, since what comes after would be lost") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    make_data(data, false);
    const auto log = largest(data, ".log");
    REQUIRE_FALSE(log.empty());
    flip_bytes(log, std::filesystem::file_size(log) / 2, 16);
    check_refused(data);
}

TEST_CASE("Bytes changed in the write-ahead log after a clean stop are found too") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    make_data(data, true);
    const auto log = largest(data, ".log");
    if (log.empty() || std::filesystem::file_size(log) < 1000) return; // nothing is left in it
    flip_bytes(log, std::filesystem::file_size(log) / 2, 16);
    check_refused(data);
}

TEST_CASE("A last write that was torn before its acknowledgement is dropped wholly, and nothing before it") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    std::uintmax_t acknowledged = 0;
    std::filesystem::path log;
    {
        ServerProcess server({.data = data});
        LrsClient lrs(server);
        for (std::uint64_t i = 1; i <= 50; ++i) lrs.store(statement({.id = uuid(i)}));
        log = largest(data, ".log");
        REQUIRE_FALSE(log.empty());
        acknowledged = std::filesystem::file_size(log);
        REQUIRE(lrs.post(array_of({statement({.id = uuid(51)}), statement({.id = uuid(52)})})).status == 200);
        server.kill();
    }
    // What a power cut leaves of a write that the disk had not finished.
    const auto end = std::filesystem::file_size(log);
    REQUIRE(end > acknowledged + 2);
    std::filesystem::resize_file(log, acknowledged + (end - acknowledged) / 2);
    for (int start = 0; start < 2; ++start) {
        ServerProcess server({.data = data});
        LrsClient lrs(server);
        CHECK(lrs.ids("").size() == 50 + static_cast<std::size_t>(start));
        CHECK(lrs.get_id(uuid(52)).status == 404);
        lrs.store(statement({.id = uuid(51)}));
        server.kill();
    }
}

TEST_CASE("A changed CURRENT is refused") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    make_data(data, true);
    const auto current = largest(data, "CURRENT");
    REQUIRE_FALSE(current.empty());
    flip_bytes(current, 0, 8);
    check_refused(data);
}

TEST_CASE("A changed MANIFEST: refused, or nothing is missing") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    make_data(data, true);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(data)) {
        if (!entry.path().filename().string().starts_with("MANIFEST-")) continue;
        flip_bytes(entry.path(), entry.file_size() / 2, 16);
    }
    check_refused_or_honest(data);
}

TEST_CASE("Bytes changed in the middle of any sorted file: refused, or an error for what is in it") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    make_data(data, true);
    std::vector<std::filesystem::path> sorted;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(data)) {
        if (entry.path().extension() == ".sst")
            sorted.push_back(std::filesystem::relative(entry.path(), data));
    }
    REQUIRE_FALSE(sorted.empty());
    for (const auto& path : sorted) {
        INFO(path);
        const auto copy = folder.path() / path.stem();
        std::filesystem::copy(data, copy, std::filesystem::copy_options::recursive);
        flip_bytes(copy / path, std::filesystem::file_size(copy / path) / 2, 16);
        check_refused_or_honest(copy);
    }
}

TEST_CASE("A missing sorted file is refused") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    make_data(data, true);
    const auto sorted = largest(data, ".sst");
    REQUIRE_FALSE(sorted.empty());
    std::filesystem::remove(sorted);
    check_refused(data);
}
