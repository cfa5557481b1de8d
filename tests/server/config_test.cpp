// Settings from file, environment and command line, and what is refused. The environment itself is changed
// only under names of these tests' own setting, and put back.
#include "server/app/settings.hpp"
#include "server/cli/command_line.hpp"
#include "server/cli/options.hpp"
#include "tests/support/temporary_folder.hpp"

#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace leerspoor;

namespace {

struct Outcome {
    int status = 0;
    std::string out;
    std::string err;
};

Outcome leerspoor_with(std::vector<std::string> arguments) {
    std::ostringstream out;
    std::ostringstream err;
    const int status = server::cli::run(std::move(arguments), out, err);
    return {status, out.str(), err.str()};
}

class Variable {
  public:
    Variable(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
    ~Variable() { ::unsetenv(name_); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

  private:
    const char* name_;
};

class File {
  public:
    explicit File(const std::string& content) { std::ofstream(path()) << content; }
    std::string path() const { return (folder_.path() / "leerspoor.toml").string(); }

  private:
    tests::TemporaryFolder folder_;
};

bool has_line(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

} // namespace

TEST_CASE("Every setting has a preset that config check prints and that passes the check") {
    const auto checked = leerspoor_with({"config", "check"});
    CHECK(checked.err.empty());
    REQUIRE(checked.status == 0);
    for (const std::string line : {"listen = \"127.0.0.1:8443\"", "http = false", "cors-origins = [\"*\"]",
                                   "max-body-bytes = 16777216", "max-batch-statements = 5000",
                                   "idle-seconds = 75", "log-format = \"text\""}) {
        CHECK(has_line(checked.out, line));
    }
    CHECK(server::check(server::Settings()).empty());
}

TEST_CASE("What config check prints is a file that sets the same") {
    const auto first =
        leerspoor_with({"config", "check", "--data", "/srv/records", "--http", "--cors-origins",
                        "https://a.example,https://b.example", "--max-body-bytes", "1m", "--body-seconds",
                        "9", "--log-format", "json", "--threads", "3"});
    REQUIRE(first.status == 0);
    const File file(first.out);
    const auto second = leerspoor_with({"config", "check", "--config", file.path()});
    CHECK(second.err.empty());
    CHECK(second.out == first.out);
    CHECK(has_line(second.out, "max-body-bytes = 1048576"));
    CHECK(has_line(second.out, "log-format = \"json\""));
    CHECK(has_line(second.out, "cors-origins = [\"https://a.example\", \"https://b.example\"]"));
}

TEST_CASE("The command line wins over the environment, the environment over the file") {
    const File file("auth-failures = 11\nmetrics-anywhere = true\ncors-origins = [\"https://a.example\"]\n");
    const std::vector<std::string> check = {"config", "check", "--config", file.path()};
    CHECK(has_line(leerspoor_with(check).out, "auth-failures = 11"));
    const Variable failures("LEERSPOOR_AUTH_FAILURES", "12");
    const Variable metrics("LEERSPOOR_METRICS_ANYWHERE", "false");
    const Variable origins("LEERSPOOR_CORS_ORIGINS", "https://b.example,https://c.example");
    const auto from_environment = leerspoor_with(check);
    CHECK(has_line(from_environment.out, "auth-failures = 12"));
    CHECK(has_line(from_environment.out, "metrics-anywhere = false"));
    CHECK(has_line(from_environment.out, "cors-origins = [\"https://b.example\", \"https://c.example\"]"));
    auto with_failures = check;
    with_failures.insert(with_failures.end(), {"--auth-failures", "13"});
    CHECK(has_line(leerspoor_with(with_failures).out, "auth-failures = 13"));
}

TEST_CASE("Every mistake in a file is named, with its setting") {
    const File file(
        "lisen = \"127.0.0.1:1\"\nmax-batch-statements = 0\nlog-format = \"xml\"\n"
        "idle-seconds = \"soon\"\nconfig = \"other.toml\"\nhelp = true\n\n[limits]\nconnections = 3\n");
    const auto checked = leerspoor_with({"config", "check", "--config", file.path()});
    CHECK(checked.status == 2);
    CHECK(checked.out.empty());
    for (const std::string name : {"lisen", "max-batch-statements", "log-format", "idle-seconds", "config",
                                   "help", "limits.connections"}) {
        INFO(checked.err);
        CHECK(checked.err.find(name) != std::string::npos);
    }
}

TEST_CASE("A setting out of its range is refused wherever it comes from") {
    const File file("max-json-depth = 100000\n");
    CHECK(leerspoor_with({"config", "check", "--config", file.path()}).status == 2);
    CHECK(leerspoor_with({"config", "check", "--max-json-depth", "100000"}).status == 2);
    CHECK(leerspoor_with({"config", "check", "--max-body-bytes", "many"}).status == 2);
    CHECK(leerspoor_with({"config", "check", "--threads", "-1"}).status == 2);
    const Variable variable("LEERSPOOR_MAX_JSON_DEPTH", "100000");
    CHECK(leerspoor_with({"config", "check"}).status == 2);
}

TEST_CASE("Settings that cannot go together are refused with both names") {
    const auto first_error = [](const server::Settings& settings) {
        const auto errors = server::check(settings);
        return errors.empty() ? std::string() : errors.front().message;
    };
    server::Settings settings;
    settings.http = true;
    CHECK(first_error(settings).empty());
    settings.listen = "0.0.0.0:8080";
    CHECK(first_error(settings).find("http-anywhere") != std::string::npos);
    settings.http_anywhere = true;
    CHECK(first_error(settings).empty());
    settings.tls_cert = "c.pem";
    settings.tls_key = "k.pem";
    CHECK(first_error(settings).find("tls-cert") != std::string::npos);
    settings = {};
    settings.tls_cert = "c.pem";
    CHECK(first_error(settings).find("tls-key") != std::string::npos);
    settings = {};
    for (const std::string host :
         {"*", "*.", "*.*.example.org", "content.*", "https://content.example.org"}) {
        auto other = settings;
        other.content_host = host;
        CHECK(first_error(other).find("content-host") != std::string::npos);
    }
    for (const std::string host : {"*.content.example.org", "content.example.org"}) {
        auto other = settings;
        other.content_host = host;
        CHECK(first_error(other).find("content-host") == std::string::npos);
    }
    settings.cors_origins = {"lms.example.org"};
    CHECK(first_error(settings).find("cors-origins") != std::string::npos);
    settings = {};
    settings.authority_home_page = "nowhere";
    CHECK(first_error(settings).find("authority-home-page") != std::string::npos);
    settings = {};
    settings.default_page_statements = settings.max_page_statements + 1;
    CHECK(first_error(settings).find("max-page-statements") != std::string::npos);
}

TEST_CASE("listen is an IP address and a port") {
    CHECK(server::parse_listen("127.0.0.1:0")->port == 0);
    CHECK(server::parse_listen("127.0.0.1:0")->loopback);
    CHECK(server::parse_listen("localhost:65535")->port == 65535);
    CHECK(server::parse_listen("[::1]:8443")->address == "::1");
    CHECK(server::parse_listen("[::1]:8443")->loopback);
    CHECK_FALSE(server::parse_listen("0.0.0.0:1")->loopback);
    for (const std::string wrong :
         {"", ":", "8443", ":8443", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
          "127.0.0.1: 1", "127.0.0.1:1x", "::1:8443", "[::1]", "host:1"}) {
        INFO(wrong);
        CHECK(server::parse_listen(wrong).has_error());
    }
}

TEST_CASE("Commands that are not understood exit with 2 and say why") {
    for (const std::vector<std::string>& command : {std::vector<std::string>{},
                                                    {"sing"},
                                                    {"key"},
                                                    {"config"},
                                                    {"serve", "--nonsense"},
                                                    {"key", "create"},
                                                    {"key", "revoke", "--data", "x"},
                                                    {"version", "extra"}}) {
        const auto outcome = leerspoor_with(command);
        CHECK(outcome.status == 2);
        CHECK_FALSE(outcome.err.empty());
    }
    const auto without_data = leerspoor_with({"serve"});
    CHECK(without_data.status == 2);
    CHECK(without_data.err.find("--data") != std::string::npos);
}
