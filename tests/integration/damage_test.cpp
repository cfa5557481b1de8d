// A damaged data folder: a clear refusal that ends the program, or an error for what cannot be read; never a
// restart that quietly lost something.
#include "tests/integration/lrs_client.hpp"
#include "tests/integration/statements.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <fstream>

using namespace leerspoor::tests;

namespace {

constexpr std::uint64_t batches = 20;
constexpr std::uint64_t batch_size = 100;

void fill(LrsClient& lrs) {
    for (std::uint64_t batch = 0; batch < batches; ++batch) {
        std::vector<std::string> statements;
        for (std::uint64_t i = 0; i < batch_size; ++i) {
            const auto number = batch * batch_size + i;
            statements.push_back(
                statement({.id = uuid(number + 1), .activity = "course-" + std::to_string(number * 7919 % 1000)}));
        }
        REQUIRE(lrs.post(array_of(statements)).status == 200);
    }
}

// A folder with two thousand statements: in sorted files after a clean stop, in the write-ahead log else.
void make_data(const std::filesystem::path& data, bool stop_cleanly) {
    ServerProcess server({.data = data});
    LrsClient lrs(server);
    fill(lrs);
    if (stop_cleanly) CHECK(server.stop() == 0);
    else server.kill();
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
    std::uint64_t errors = 0;
    for (std::uint64_t i = 1; i <= batches * batch_size; ++i) {
        const auto status = lrs.get_id(uuid(i)).status;
        if (status >= 500) ++errors;
        else if (status != 200) FAIL_CHECK(uuid(i) << " was stored and is answered with " << status);
    }
    std::size_t found = 0;
    auto response = lrs.get("limit=50");
    while (response.status == 200) {
        const auto page = object_in(response.body);
        found += page.at("statements").as_array().size();
        const std::string more(page.at("more").as_string());
        if (more.empty()) break;
        response = lrs.request("GET", more);
    }
    if (response.status == 200) CHECK(found == batches * batch_size);
    else CHECK(response.status >= 500);
    WARN("served with " << errors << " unreadable statements of " << batches * batch_size);
}

} // namespace

TEST_CASE("Bytes changed in the middle of the write-ahead log: refused, since what comes after would be lost") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    make_data(data, false);
    const auto log = largest(data, ".log");
    REQUIRE_FALSE(log.empty());
    flip_bytes(log, std::filesystem::file_size(log) / 2, 16);
    check_refused(data);
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

TEST_CASE("A changed MANIFEST is refused") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    make_data(data, true);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(data)) {
        if (!entry.path().filename().string().starts_with("MANIFEST-")) continue;
        flip_bytes(entry.path(), entry.file_size() / 2, 16);
    }
    check_refused(data);
}

TEST_CASE("Bytes changed in the middle of the largest sorted file: refused, or an error for what is in it") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    make_data(data, true);
    const auto sorted = largest(data, ".sst");
    REQUIRE_FALSE(sorted.empty());
    flip_bytes(sorted, std::filesystem::file_size(sorted) / 2, 16);
    check_refused_or_honest(data);
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
