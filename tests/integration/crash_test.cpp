// The promise of the house: what was acknowledged survives kill -9 at any moment; once, and byte for byte.
// What was not acknowledged is there wholly or not at all, and can be sent again.
#include "tests/integration/crash_writer.hpp"
#include "tests/integration/lrs_client.hpp"
#include "tests/integration/statements.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <thread>

using namespace leerspoor::tests;
namespace json = boost::json;

namespace {

constexpr int kills = 24;
constexpr std::size_t writers = 4;

std::uint64_t seed_of_this_run() {
    const char* const given = std::getenv("LEERSPOOR_SEED");
    const std::uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device()();
    std::cout << "seed of the crash test: " << seed << " (LEERSPOOR_SEED=" << seed << " repeats it)"
              << std::endl;
    return seed;
}

// Not to wait for anything: so that kills hit other moments than the answers themselves.
void let_pass(std::chrono::microseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) std::this_thread::yield();
}

using Found = std::map<std::string, json::object, std::less<>>;

Found everything_in(const ServerProcess& server) {
    Found found;
    LrsClient lrs(server);
    std::string previous;
    for (auto& statement : lrs.all("ascending=true&limit=500")) {
        const std::string id(statement.at("id").as_string());
        const std::string stored(statement.at("stored").as_string());
        if (stored <= previous) FAIL_CHECK(id << " was stored at " << stored << ", after " << previous);
        previous = stored;
        if (!found.emplace(id, std::move(statement)).second) FAIL_CHECK(id << " is there more than once");
    }
    return found;
}

// Everything that was sent is in what was stored.
void check_equal(const std::string& sent, const json::object& stored) {
    const auto statement = json::parse(sent).as_object();
    for (const auto& [name, value] : statement) {
        const auto* const kept = stored.if_contains(name);
        if (!kept) {
            FAIL_CHECK(statement.at("id") << " lost its " << name);
        } else if (*kept != value) {
            FAIL_CHECK(statement.at("id") << " has another " << name << ": " << *kept);
        }
    }
    for (const auto& [name, value] : stored) {
        const bool set_by_store =
            name == "stored" || name == "timestamp" || name == "authority" || name == "version";
        if (!set_by_store && !statement.contains(name)) FAIL_CHECK(statement.at("id") << " got a " << name);
    }
}

void check_kept(const std::vector<Written>& requests, const Found& found) {
    for (const auto& request : requests) {
        std::size_t present = 0;
        for (std::size_t i = 0; i < request.ids.size(); ++i) {
            const auto stored = found.find(request.ids[i]);
            if (stored == found.end()) continue;
            ++present;
            check_equal(request.statements[i], stored->second);
        }
        if (request.acknowledged && present != request.ids.size()) {
            FAIL_CHECK("acknowledged, and lost: " << request.ids.size() - present << " of the "
                                                  << request.ids.size() << " statements from "
                                                  << request.ids[0]);
        }
        if (!request.acknowledged && present != 0 && present != request.ids.size()) {
            FAIL_CHECK("stored in part: " << present << " of the " << request.ids.size()
                                          << " statements from " << request.ids[0]);
        }
    }
}

void check_bytes(LrsClient& lrs, const std::vector<Written>& requests) {
    for (const auto& request : requests) {
        if (request.read_back.empty()) continue;
        if (lrs.get_id(request.ids.front()).body != request.read_back) {
            FAIL_CHECK(request.ids.front() << " has other bytes than before the crash");
        }
    }
}

// As a client does that got no answer.
void send_again(LrsClient& lrs, std::vector<Written>& requests, std::mt19937_64& random) {
    for (auto& request : requests) {
        if (request.acknowledged || random() % 2 == 0) continue;
        const auto response = lrs.post(request.body());
        INFO(response.body);
        CHECK(response.status == 200);
        request.acknowledged = response.status == 200;
    }
}

// Killed before it is ready, while it reads back what the last crash left.
void kill_while_starting(const std::filesystem::path& data, std::mt19937_64& random) {
    Process starting({leerspoor_program(), "serve", "--data", data.string(), "--listen", "127.0.0.1:0"}, {},
                     data.string() + ".log");
    let_pass(std::chrono::microseconds(random() % 60'000));
    starting.signal(SIGKILL);
    starting.wait();
}

} // namespace

TEST_CASE("What was acknowledged survives kill -9 at any moment, once and byte for byte", "[.crash]") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    const auto seed = seed_of_this_run();
    INFO("LEERSPOOR_SEED=" << seed);
    std::mt19937_64 random(seed);
    std::vector<Written> all;
    std::size_t unanswered = 0;

    for (int round = 0; round < kills; ++round) {
        INFO("kill " << round + 1);
        if (round % 4 == 3) kill_while_starting(data, random);
        ServerProcess server({.data = data});
        if (!all.empty()) {
            LrsClient lrs(server);
            send_again(lrs, all, random);
        }
        CrashWriters clients(server, writers, random(), (std::uint64_t(round) + 1) * 100'000'000);
        clients.wait_for(1 + random() % 150);
        let_pass(std::chrono::microseconds(random() % 3000));
        if (round % 8 == 7) {
            CHECK(server.stop() == 0);
        } else {
            server.kill();
        }
        auto written = clients.join();
        for (const auto& answer : clients.wrong_answers()) FAIL_CHECK("a writer was answered " << answer);

        const ServerProcess again({.data = data});
        const auto found = everything_in(again);
        LrsClient lrs(again);
        check_kept(written, found);
        check_bytes(lrs, written);
        for (auto& request : written) {
            if (!request.acknowledged) ++unanswered;
            all.push_back(std::move(request));
        }
    }

    const ServerProcess server({.data = data});
    const auto found = everything_in(server);
    check_kept(all, found);
    LrsClient lrs(server);
    check_bytes(lrs, all);
    std::size_t statements = 0;
    for (const auto& request : all) statements += request.ids.size();
    for (const auto& request : all) {
        for (const auto& id : request.ids) statements -= found.contains(id) || request.acknowledged ? 0 : 1;
    }
    CHECK(found.size() == statements);
    CHECK(unanswered > 0);
    std::cout << kills << " kills, " << all.size() << " requests, " << unanswered << " of them unanswered, "
              << found.size() << " statements kept" << std::endl;
}
