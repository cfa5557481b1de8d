// Starting, stopping and starting again: nothing is lost, nothing is shared, nothing foreign is touched.
#include "tests/integration/lrs_client.hpp"
#include "tests/integration/statements.hpp"
#include "tests/support/certificate.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <map>
#include <sstream>
#include <sys/stat.h>

using namespace leerspoor::tests;

namespace {

std::string content_of(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

} // namespace

TEST_CASE("A restart keeps everything as it was, byte for byte, after a clean stop and after a kill") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    std::map<std::string, std::string> bytes;
    std::vector<std::string> order;
    for (std::uint64_t round = 0; round < 4; ++round) {
        ServerProcess server({.data = data});
        LrsClient lrs(server);
        CHECK(lrs.ids("ascending=true") == order);
        for (const auto& [id, before] : bytes) {
            const auto after = lrs.get_id(id).body;
            if (after != before) FAIL_CHECK(before << "\nis after the restart\n" << after);
        }
        for (std::uint64_t i = 0; i < 20; ++i) {
            const auto id = uuid(round * 100 + i);
            lrs.store(statement(
                {.id = id, .further = R"("result":{"score":{"scaled":0.)" + std::to_string(i + 1) + "}}"}));
            bytes[id] = lrs.get_id(id).body;
            order.push_back(id);
        }
        if (round % 2 == 0) {
            CHECK(server.stop() == 0);
        } else {
            server.kill();
        }
    }
}

TEST_CASE("Voiding and references hold after a restart, also for targets that come after it") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    const auto house = "activity=" + percent_encode(activity_iri("house")) + "&ascending=true";
    {
        ServerProcess server({.data = data});
        LrsClient lrs(server);
        lrs.store(statement({.id = uuid(1), .activity = "house"}));
        lrs.store(voiding(uuid(1), uuid(2)));
        lrs.store(voiding(uuid(5), uuid(3)));
        lrs.store(statement({.id = uuid(4), .object = statement_ref(uuid(6))}));
        server.kill();
    }
    ServerProcess server({.data = data});
    LrsClient lrs(server);
    lrs.store(statement({.id = uuid(5), .activity = "house"}));
    lrs.store(statement({.id = uuid(6), .activity = "house"}));
    CHECK(lrs.get_id(uuid(1)).status == 404);
    CHECK(lrs.get_id(uuid(5)).status == 404);
    CHECK(lrs.ids(house) == std::vector<std::string>{uuid(2), uuid(3), uuid(4), uuid(6)});
}

TEST_CASE("A second server on the same folder is refused with a sentence, and the first goes on") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    const auto second = serve_to_the_end(folder.path() / "data");
    INFO(second.errors);
    CHECK(second.status == 1);
    CHECK(second.errors.find("in use") != std::string::npos);
    CHECK(second.errors.find((folder.path() / "data").string()) != std::string::npos);
    LrsClient lrs(server);
    CHECK(lrs.get_id(lrs.store(statement({}))).status == 200);
}

TEST_CASE("A folder with somebody else's files is refused and left as it is") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "pictures";
    std::filesystem::create_directory(data);
    std::ofstream(data / "holiday.jpg") << "a picture";
    const auto outcome = serve_to_the_end(data);
    INFO(outcome.errors);
    CHECK(outcome.status == 1);
    CHECK(outcome.errors.find(data.string()) != std::string::npos);
    CHECK(std::distance(std::filesystem::directory_iterator(data), std::filesystem::directory_iterator()) ==
          1);
    CHECK(content_of(data / "holiday.jpg") == "a picture");
    CHECK(run({leerspoor_program(), "key", "create", "--data", data.string()}).status == 1);
}

TEST_CASE(
    "A key that is made before the server runs leaves nothing in the data folder that others can read") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    ::mode_t before = ::umask(0);
    const int status = run({leerspoor_program(), "key", "create", "--data", data.string()}).status;
    ::umask(before);
    REQUIRE(status == 0);
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(data)) {
        INFO(entry.path());
        struct ::stat about {};
        REQUIRE(::stat(entry.path().c_str(), &about) == 0);
        CHECK((about.st_mode & 077u) == 0);
        ++files;
    }
    CHECK(files > 3);
}

TEST_CASE("A data folder that is a file, or below one, is refused with a sentence") {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "file") << "not a folder";
    for (const auto& data : {folder.path() / "file", folder.path() / "file" / "data"}) {
        const auto outcome = serve_to_the_end(data);
        INFO(outcome.errors);
        CHECK(outcome.status == 1);
        CHECK(outcome.errors.find(data.parent_path().string()) != std::string::npos);
    }
}

TEST_CASE("The data folder and the private key are readable by their owner only") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    const ServerProcess server({.data = data});
    const auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
    CHECK((std::filesystem::status(data).permissions() & others) == std::filesystem::perms::none);
    CHECK((std::filesystem::status(data / "tls" / "key.pem").permissions() & others) ==
          std::filesystem::perms::none);
}

TEST_CASE("SIGTERM: every request that was let in is answered and stored, and the exit status is 0") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    constexpr std::uint64_t count = 12;
    {
        ServerProcess server({.data = data, .arguments = {"--stop-seconds", "300"}});
        std::vector<LrsClient> clients;
        for (std::uint64_t i = 0; i < count; ++i) {
            // "100 Continue" says that the server has let the request in and waits for its body.
            auto& client = clients.emplace_back(server);
            const auto body = statement({.id = uuid(i)});
            const auto bytes =
                client.bytes_of("POST", "/xapi/statements", body,
                                {{"Content-Type", "application/json"}, {"Expect", "100-continue"}});
            client.connection().send(std::string_view(bytes).substr(0, bytes.size() - body.size()));
            REQUIRE(client.connection().receive().status == 100);
        }
        auto idle = server.client();
        REQUIRE(idle.exchange({"GET", "/xapi/about", {}, {}}).status == 200);
        server.terminate();
        CHECK(idle.closed_by_server());
        CHECK_THROWS(server.client().exchange({"GET", "/xapi/about", {}, {}}));
        for (std::uint64_t i = 0; i < count; ++i) {
            clients[i].connection().send(statement({.id = uuid(i)}));
            const auto response = clients[i].connection().receive();
            CHECK(response.status == 200);
            CHECK_FALSE(response.keep_alive);
        }
        CHECK(server.wait() == 0);
    }
    const ServerProcess server({.data = data});
    CHECK(LrsClient(server).ids("").size() == count);
}

TEST_CASE("SIGHUP makes new connections see the new certificate, and breaks no old connection") {
    const TemporaryFolder folder;
    const auto old_files = write_test_certificate(folder.path(), "the old certificate");
    const ServerProcess server({.data = folder.path() / "data",
                                .certificate = old_files.certificate,
                                .private_key = old_files.private_key});
    LrsClient old_connection(server);
    const auto old_digest = old_connection.connection().peer_certificate_digest();
    const auto old_content = content_of(old_files.certificate);

    write_test_certificate(folder.path(), "the new certificate");
    const auto both = folder.path() / "both.pem";
    std::ofstream(both) << old_content << content_of(old_files.certificate);
    CHECK(HttpsClient(server.port(), both).peer_certificate_digest() == old_digest);

    server.hang_up();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    std::string digest = old_digest;
    while (digest == old_digest && std::chrono::steady_clock::now() < deadline) {
        digest = HttpsClient(server.port(), both).peer_certificate_digest();
    }
    CHECK(digest != old_digest);
    CHECK(old_connection.get("").status == 200);

    // A certificate that cannot be used leaves the one in force.
    std::ofstream(old_files.certificate) << "not a certificate";
    server.hang_up();
    while (server.log().find("stays as it was") == std::string::npos &&
           std::chrono::steady_clock::now() < deadline) {
        CHECK(HttpsClient(server.port(), both).exchange({"GET", "/healthz", {}, {}}).status == 200);
    }
    CHECK(HttpsClient(server.port(), both).peer_certificate_digest() == digest);
}

TEST_CASE("The certificate that the server makes for itself stays the same over restarts") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    std::vector<std::string> digests;
    for (int i = 0; i < 2; ++i) {
        ServerProcess server({.data = data});
        digests.push_back(server.client().peer_certificate_digest());
        server.stop();
    }
    CHECK(digests[0].size() == 64);
    CHECK(digests[0] == digests[1]);
}
