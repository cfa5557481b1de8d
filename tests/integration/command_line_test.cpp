// The command line as an operator uses it: keys on a stopped and a running server, settings, help.
#include "tests/integration/lrs_client.hpp"
#include "tests/integration/statements.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <fstream>

using namespace leerspoor::tests;

namespace {

Outcome key(const std::filesystem::path& data, const std::string& command,
            std::vector<std::string> further = {}) {
    std::vector<std::string> words = {leerspoor_program(), "key", command, "--data", data.string()};
    words.insert(words.end(), further.begin(), further.end());
    return run(words);
}

int status_with(const ServerProcess& server, const std::string& name, const std::string& secret) {
    return LrsClient(server, {.key = name, .secret = secret}).get("").status;
}

} // namespace

TEST_CASE("Keys are made, listed and revoked while the server runs, and take effect at once") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    const ServerProcess server({.data = data});
    CHECK(status_with(server, "course", "opensesame") == 401);
    const auto made =
        key(data, "create", {"--key", "course", "--secret", "opensesame", "--name", "A course"});
    INFO(made.errors);
    CHECK(made.status == 0);
    CHECK(status_with(server, "course", "opensesame") == 200);

    const auto listed = key(data, "list");
    CHECK(listed.status == 0);
    CHECK(listed.output.find("course") != std::string::npos);
    CHECK(listed.output.find("A course") != std::string::npos);
    CHECK(listed.output.find(first_key) != std::string::npos);
    CHECK(listed.output.find("opensesame") == std::string::npos);

    LrsClient connected(server, {.key = "course", .secret = "opensesame"});
    CHECK(connected.get("").status == 200);
    CHECK(key(data, "revoke", {"course"}).status == 0);
    CHECK(connected.get("").status == 401);
    CHECK(status_with(server, first_key, first_secret) == 200);
    CHECK(key(data, "revoke", {"nobody"}).status == 1);
    CHECK(key(data, "create", {"--key", first_key}).status == 1);
}

TEST_CASE("Keys are made, listed and revoked on the folder of a stopped server") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    const auto made = key(data, "create", {"--json"});
    INFO(made.output << made.errors);
    REQUIRE(made.status == 0);
    const auto pair = object_in(made.output);
    const std::string name(pair.at("key").as_string());
    const std::string secret(pair.at("secret").as_string());
    CHECK(secret.size() >= 20);
    {
        ServerProcess server({.data = data, .environment = {}});
        CHECK(status_with(server, name, secret) == 200);
        server.stop();
    }
    CHECK(key(data, "revoke", {name}).status == 0);
    const auto listed = key(data, "list", {"--json"});
    CHECK(object_in(listed.output).at("keys").as_array().at(0).as_object().contains("revoked"));
    const ServerProcess server({.data = data, .environment = {}});
    CHECK(status_with(server, name, secret) == 401);
}

TEST_CASE("LEERSPOOR_KEY and LEERSPOOR_SECRET become the first key, once") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    {
        ServerProcess server({.data = data});
        CHECK(status_with(server, first_key, first_secret) == 200);
        server.stop();
    }
    const ServerProcess server(
        {.data = data, .environment = {{"LEERSPOOR_KEY", "late"}, {"LEERSPOOR_SECRET", "much too late"}}});
    CHECK(status_with(server, first_key, first_secret) == 200);
    CHECK(status_with(server, "late", "much too late") == 401);
}

TEST_CASE("No secret is found in the data folder") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    ServerProcess server({.data = data});
    server.stop();
    for (const auto& entry : std::filesystem::recursive_directory_iterator(data)) {
        if (!entry.is_regular_file()) continue;
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        INFO(entry.path());
        CHECK(content.find(first_secret) == std::string::npos);
    }
}

TEST_CASE("config check prints the settings in force; command line wins over environment wins over file") {
    const TemporaryFolder folder;
    const auto file = (folder.path() / "leerspoor.toml").string();
    std::ofstream(file)
        << "listen = \"127.0.0.1:1001\"\nmax-batch-statements = 77\nlog-level = \"warning\"\n";
    const std::vector<std::string> check = {leerspoor_program(), "config", "check", "--config", file};
    auto with_listen = check;
    with_listen.insert(with_listen.end(), {"--listen", "127.0.0.1:1003"});
    const Environment environment = {{"LEERSPOOR_LISTEN", "127.0.0.1:1002"},
                                     {"LEERSPOOR_LOG_LEVEL", "error"}};

    const auto from_file = run(check);
    CHECK(from_file.status == 0);
    CHECK(from_file.output.find("127.0.0.1:1001") != std::string::npos);
    CHECK(from_file.output.find("max-batch-statements = 77") != std::string::npos);
    const auto from_environment = run(check, environment);
    CHECK(from_environment.output.find("127.0.0.1:1002") != std::string::npos);
    CHECK(from_environment.output.find("log-level = \"error\"") != std::string::npos);
    CHECK(run(with_listen, environment).output.find("127.0.0.1:1003") != std::string::npos);
}

TEST_CASE("config check names what is wrong and exits with 2") {
    const TemporaryFolder folder;
    const auto file = (folder.path() / "leerspoor.toml").string();
    std::ofstream(file) << "lisen = \"127.0.0.1:1001\"\n";
    const auto unknown = run({leerspoor_program(), "config", "check", "--config", file});
    CHECK(unknown.status == 2);
    CHECK(unknown.errors.find("lisen") != std::string::npos);
    const auto address = run({leerspoor_program(), "config", "check", "--listen", "nowhere"});
    CHECK(address.status == 2);
    CHECK(address.errors.find("nowhere") != std::string::npos);
    CHECK(run({leerspoor_program(), "config", "check", "--config", "/nonexistent/file"}).status == 2);
}

TEST_CASE("version and help can be read, and a mistaken command is told so") {
    CHECK(run({leerspoor_program(), "version"}).output.starts_with("leerspoor "));
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"--help"}, {"serve", "--help"}, {"key", "create", "--help"}}) {
        auto words = command;
        words.insert(words.begin(), leerspoor_program());
        const auto help = run(words);
        CHECK(help.status == 0);
        CHECK(help.output.find("leerspoor") != std::string::npos);
    }
    CHECK(run({leerspoor_program()}).status == 2);
    CHECK(run({leerspoor_program(), "sevre"}).status == 2);
    CHECK(run({leerspoor_program(), "serve"}).status == 2);
}
