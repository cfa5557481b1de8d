// Backups and restores that are killed in between: what was stored is there, and nothing half. And what
// doctor says.
#include "tests/integration/lrs_client.hpp"
#include "tests/integration/statements.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>
#include <memory>
#include <string>

namespace {

using namespace leerspoor::tests;
namespace fs = std::filesystem;

void fill(LrsClient& lrs, std::size_t first, std::size_t count) {
    std::vector<std::string> some;
    for (std::size_t i = first; i < first + count; ++i)
        some.push_back(statement(
            {.id = uuid(i), .further = R"("result":{"response":")" + std::string(2000, 'x') + "\"}"}));
    REQUIRE(lrs.post(array_of(some)).status == 200);
}

// Waits until there is something in the folder, or the process has ended.
bool began(const fs::path& folder) {
    std::error_code none;
    return fs::exists(folder, none) && !fs::is_empty(folder, none);
}

std::vector<std::string> words(const fs::path& data, const char* command, std::vector<std::string> more) {
    std::vector<std::string> all{leerspoor_program(), command, "--data", data.string()};
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

} // namespace

TEST_CASE("A backup during which the server is killed harms neither the store nor the backups before it") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    const auto backups = folder.path() / "backups";
    ServerOptions options{.data = data};
    auto server = std::make_unique<ServerProcess>(options);
    auto lrs = std::make_unique<LrsClient>(*server);
    std::size_t stored = 0;
    for (int round = 0; round < 4; ++round) {
        for (int batch = 0; batch < 4; ++batch, stored += 500) fill(*lrs, stored + 1, 500);
        const auto known =
            round == 0 ? 0 : std::distance(fs::directory_iterator(backups / "db" / "meta"), {});
        Process backup(words(data, "backup", {"--to", backups.string()}), {}, folder.path() / "errors");
        // As soon as it copies, or as late as it is done.
        while (!began(backups / "db" / "private") && !began(backups / "db" / "shared_checksum")) {
        }
        server->kill();
        backup.wait();
        lrs.reset();
        server = std::make_unique<ServerProcess>(options);
        lrs = std::make_unique<LrsClient>(*server);
        CHECK(lrs->ids("limit=5000").size() == stored);
        CHECK(run(words(data, "backup", {"--to", backups.string()})).status == 0);
        CHECK(std::distance(fs::directory_iterator(backups / "db" / "meta"), {}) > known);
    }
    const auto restored = folder.path() / "restored";
    REQUIRE(run(words(restored, "restore", {"--from", backups.string()})).status == 0);
    CHECK(run(words(restored, "verify", {})).status == 0);
    const ServerProcess again({.data = restored});
    LrsClient other(again);
    CHECK(other.ids("limit=5000") == lrs->ids("limit=5000"));
}

TEST_CASE("A restore that is killed leaves no data folder, and can be done again") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    const auto backups = folder.path() / "backups";
    {
        ServerProcess server({.data = data});
        LrsClient lrs(server);
        for (std::size_t i = 0; i < 6; ++i) fill(lrs, i * 500 + 1, 500);
        REQUIRE(run(words(data, "backup", {"--to", backups.string()})).status == 0);
    }
    const auto restored = folder.path() / "restored";
    for (int round = 0; round < 5; ++round) {
        Process restore(words(restored, "restore", {"--from", backups.string()}), {},
                        folder.path() / "errors");
        while (!began(restored.string() + ".restoring") && !fs::exists(restored)) {
        }
        restore.signal(SIGKILL);
        restore.wait();
        // All of it or nothing.
        if (fs::exists(restored)) {
            CHECK(run(words(restored, "verify", {})).status == 0);
            fs::remove_all(restored);
        }
    }
    REQUIRE(run(words(restored, "restore", {"--from", backups.string()})).status == 0);
    const ServerProcess again({.data = restored});
    LrsClient lrs(again);
    CHECK(lrs.ids("limit=5000").size() == 3000);
}

TEST_CASE("Doctor says what is well and what is not, with a server and without one") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    {
        ServerProcess server({.data = data});
        LrsClient lrs(server);
        fill(lrs, 1, 10);
        const auto said = run(words(data, "doctor", {}));
        INFO(said.output << said.errors);
        CHECK(said.output.find("  ok  A server runs on this data folder.") != std::string::npos);
        CHECK(said.output.find("  ok  Statements can be stored.") != std::string::npos);
        CHECK(said.output.find("  ok  There is 1 key.") != std::string::npos);
        CHECK(said.output.find("  !!  Nobody can sign in") != std::string::npos);
        CHECK(said.status == 1);
        REQUIRE(lrs.request("POST", "/api/v1/relays", R"({"kind":"forward","url":"http://127.0.0.1:9/xapi"})",
                            {{"Content-Type", "application/json"}})
                    .status == 201);
        while (run(words(data, "doctor", {})).output.find("does not work") == std::string::npos) {
        }
        CHECK(server.stop() == 0);
    }
    const auto alone = run(words(data, "doctor", {}));
    CHECK(alone.output.find("  !!  No server runs") != std::string::npos);
    CHECK(alone.output.find("  ok  Analytics counts everything.") != std::string::npos);
    CHECK(run(words(folder.path() / "none", "doctor", {})).status == 1);
    fs::remove(data / "LEERSPOOR");
    CHECK(run(words(data, "doctor", {})).output.find("  !!  The data folder cannot be opened") !=
          std::string::npos);
}
