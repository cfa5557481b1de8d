// The whole server in this process, so that it is sanitized to its end.
#include "server/cli/serve.hpp"

#include "tests/server/app_fixture.hpp"
#include "tests/server/http_client.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>
#include <unistd.h>

namespace {

using namespace leerspoor;
using namespace leerspoor::tests;

} // namespace

TEST_CASE("Work that outlasts stop-seconds ends while all that it uses is there") {
    const TemporaryFolder folder;
    server::Settings settings;
    settings.data = folder.path() / "data";
    settings.listen = "127.0.0.1:0";
    settings.port_file = folder.path() / "port";
    settings.http = true;
    settings.log_level = "error";
    // Secrets that take seconds to verify, on a thread that nobody can hurry.
    settings.argon2_memory_kib = 64u << 10;
    settings.argon2_passes = 20;
    settings.http_limits.stop_time = std::chrono::seconds(1);
    ::setenv("LEERSPOOR_KEY", "key", 1);
    ::setenv("LEERSPOOR_SECRET", "a secret of the test", 1);
    std::ostringstream out;
    std::ostringstream err;
    int status = -1;
    std::thread serving([&] { status = server::cli::serve(settings, out, err); });
    std::string port;
    while (!std::getline(std::ifstream(settings.port_file), port)) std::this_thread::yield();
    ::unsetenv("LEERSPOOR_KEY");
    ::unsetenv("LEERSPOOR_SECRET");

    std::vector<Client> clients;
    for (int i = 0; i < 3; ++i) {
        clients.push_back(Client::plain(static_cast<std::uint16_t>(std::stoi(port))));
        clients.back().send("GET /xapi/statements HTTP/1.1\r\nHost: a\r\nX-Experience-API-Version: 2.0.0\r\n"
                            "Authorization: " +
                            test::basic("key", "a wrong secret " + std::to_string(i)) + "\r\n\r\n");
    }
    // So that the first of them is under way: it was sent before, and this is answered by the same loop.
    for (int i = 0; i < 8; ++i) {
        auto last = Client::plain(static_cast<std::uint16_t>(std::stoi(port)));
        CHECK(last.get("/healthz").status == 200);
    }
    ::kill(::getpid(), SIGTERM);
    serving.join();
    CHECK(status == 0);
    CHECK(err.str().empty());
}
