#include "app_fixture.hpp"
#include "server/control/commands.hpp"
#include "server/control/socket.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <sys/stat.h>
#include <thread>

using namespace leerspoor;
using namespace leerspoor::test;
namespace control = server::control;

namespace {

// A socket in a folder, answered on a thread of its own.
class Answering {
  public:
    Answering(const std::filesystem::path& folder, control::Socket::Answer answer)
        : work_(context_.get_executor()) {
        auto opened = control::Socket::open(context_, folder, std::move(answer));
        if (!opened) throw std::runtime_error(opened.error().message);
        socket_ = std::move(*opened);
        thread_ = std::thread([this] { context_.run(); });
    }
    ~Answering() {
        context_.stop();
        thread_.join();
    }
    Answering(const Answering&) = delete;
    Answering& operator=(const Answering&) = delete;

  private:
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::unique_ptr<control::Socket> socket_;
    std::thread thread_;
};

std::string error_code(const std::string& line) {
    const auto answer = json_of(line);
    const auto* const error = answer.as_object().if_contains("error");
    return error ? text(error->at("code")) : "none";
}

} // namespace

TEST_CASE("The control socket answers a line with a line, one after the other and after a restart") {
    const tests::TemporaryFolder folder;
    for (int round = 0; round < 2; ++round) {
        const Answering answering(folder.path(),
                                  [](std::string_view line) { return "you said " + std::string(line); });
        CHECK(*control::ask(folder.path(), "one") == "you said one");
        CHECK(*control::ask(folder.path(), "two") == "you said two");
    }
    CHECK_FALSE(std::filesystem::exists(folder.path() / "control.sock"));
}

TEST_CASE("A socket file that a killed server left behind is replaced") {
    const tests::TemporaryFolder folder;
    std::ofstream(folder.path() / "control.sock") << "left behind";
    const Answering answering(folder.path(), [](std::string_view) { return std::string("here"); });
    CHECK(*control::ask(folder.path(), "?") == "here");
}

TEST_CASE("Only its owner can use the control socket") {
    const tests::TemporaryFolder folder;
    const Answering answering(folder.path(), [](std::string_view) { return std::string(); });
    struct ::stat status {};
    REQUIRE(::stat((folder.path() / "control.sock").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777u) == 0600u);
}

TEST_CASE("A folder with a path longer than a socket's address works") {
    const tests::TemporaryFolder folder;
    auto deep = folder.path();
    while (deep.string().size() < 300) deep /= std::string(40, 'd');
    std::filesystem::create_directories(deep);
    const Answering answering(deep, [](std::string_view line) { return std::string(line); });
    CHECK(*control::ask(deep, "hello") == "hello");
}

TEST_CASE("A line that is too long is not answered, and the next one is") {
    const tests::TemporaryFolder folder;
    const Answering answering(folder.path(), [](std::string_view) { return std::string("short"); });
    CHECK(control::ask(folder.path(), std::string(control::max_request_line + 1, 'x')).has_error());
    CHECK(*control::ask(folder.path(), "x") == "short");
}

TEST_CASE("Without a server there is a sentence") {
    const tests::TemporaryFolder folder;
    CHECK(control::ask(folder.path(), "x").error().code == "control_unusable");
    CHECK(control::ask(folder.path() / "nowhere", "x").error().code == "control_unusable");
}

TEST_CASE("Commands make, list and revoke keys, and show no hash") {
    AppFixture app;
    const auto made = json_of(control::run_line(
        *app.keys, *app.log,
        R"({"command":"create","key":"new","secret":"long enough","name":"New","scopes":["all/read"]})"));
    CHECK(text(made.at("result").at("key")) == "new");
    CHECK(text(made.at("result").at("secret")) == "long enough");
    const auto listed = control::run_line(*app.keys, *app.log, R"({"command":"list"})");
    CHECK(listed.find("argon2") == std::string::npos);
    CHECK(listed.find("long enough") == std::string::npos);
    CHECK(json_of(listed).at("result").at("keys").as_array().size() == 2);
    const auto revoked = control::run_line(*app.keys, *app.log, R"({"command":"revoke","key":"new"})");
    CHECK(error_code(revoked) == "none");
    CHECK(app.keys->find("new") == nullptr);
    CHECK(control::run_line(*app.keys, *app.log, R"({"command":"list"})").find("\"revoked\"") !=
          std::string::npos);
}

TEST_CASE("Keys that are made and revoked are in the log, their secrets are not") {
    AppFixture app;
    control::run_line(
        *app.keys, *app.log,
        R"({"command":"create","key":"new","secret":"long enough","scopes":["state","define"]})");
    control::run_line(*app.keys, *app.log, R"({"command":"create","key":"new","secret":"long enough"})");
    control::run_line(*app.keys, *app.log, R"({"command":"revoke","key":"new"})");
    app.log->flush();
    const std::lock_guard lock(app.log_mutex);
    REQUIRE(app.log_lines.size() == 2);
    CHECK(app.log_lines[0].find("key made") != std::string::npos);
    CHECK(app.log_lines[0].find("new") != std::string::npos);
    CHECK(app.log_lines[0].find("state define") != std::string::npos);
    CHECK(app.log_lines[0].find("long enough") == std::string::npos);
    CHECK(app.log_lines[1].find("key revoked") != std::string::npos);
}

TEST_CASE("A command that is none is refused") {
    AppFixture app;
    const auto code = [&](std::string_view line) {
        return error_code(control::run_line(*app.keys, *app.log, line));
    };
    CHECK(code("") == "json_invalid");
    CHECK(code("7") == "command_invalid");
    CHECK(code("{}") == "command_invalid");
    CHECK(code(R"({"command":"sing"})") == "command_invalid");
    CHECK(code(R"({"command":"create","scopes":"all"})") == "command_invalid");
    CHECK(code(R"({"command":"create","scopes":[7]})") == "command_invalid");
    CHECK(code(R"({"command":"create","store":-1})") == "command_invalid");
    CHECK(code(R"({"command":"create","store":0})") == "store_invalid");
    CHECK(code(R"({"command":"create","key":"learner"})") == "key_exists");
    CHECK(code(R"({"command":"revoke"})") == "command_invalid");
    CHECK(code(R"({"command":"revoke","key":"nobody"})") == "key_unknown");
}
