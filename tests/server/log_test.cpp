#include "app_fixture.hpp"

#include <catch2/catch.hpp>

using namespace leerspoor;
using namespace leerspoor::test;

TEST_CASE("A request is one line with what operators ask for") {
    AppFixture app;
    app.send("GET", "/xapi/statements?limit=x");
    REQUIRE(app.log_lines.size() == 1);
    const auto& line = app.log_lines.front();
    for (const std::string part :
         {"info request", "id=request-1", "client=192.0.2.1", "user=learner", "method=GET",
          "path=/xapi/statements ", "status=400", "ms=1.000", "code=query_parameter_invalid"}) {
        INFO(line);
        CHECK(line.find(part) != std::string::npos);
    }
}

TEST_CASE("A line is JSON when asked for") {
    AppFixture app(server::LogFormat::json);
    app.send("POST", "/xapi/statements", statement());
    REQUIRE(app.log_lines.size() == 1);
    const auto line = json_of(app.log_lines.front());
    CHECK(text(line.at("message")) == "request");
    CHECK(text(line.at("level")) == "info");
    CHECK(text(line.at("path")) == "/xapi/statements");
    CHECK(text(line.at("user")) == "learner");
    CHECK(line.at("status") == 200);
    CHECK(line.at("ms").is_double());
    CHECK(line.at("bytes_in").is_int64());
}

TEST_CASE("No secret, header, body or query string reaches the log") {
    AppFixture app(GENERATE(server::LogFormat::text, server::LogFormat::json));
    const auto token = basic("learner", learner_secret).substr(6);
    app.send("POST", "/xapi/statements", statement({}, "http://example.com/private"));
    app.send("GET",
             "/xapi/statements?agent=" + http::percent_encode(R"({"mbox":"mailto:private@example.com"})"));
    app.send("GET", "/xapi/statements", "", {{"Authorization", basic("learner", "private secret")}});
    app.send("GET", "/xapi/statements", "", {{"Authorization", "Bearer private"}});
    app.send("GET", "/private-path?secret=private");
    REQUIRE(app.log_lines.size() == 5);
    for (std::size_t i = 0; i < app.log_lines.size(); ++i) {
        const auto& line = app.log_lines[i];
        INFO(line);
        CHECK(line.find(learner_secret) == std::string::npos);
        CHECK(line.find(token) == std::string::npos);
        CHECK(line.find("Basic") == std::string::npos);
        CHECK(line.find('?') == std::string::npos);
        if (i < 4) CHECK(line.find("private") == std::string::npos);
    }
}

TEST_CASE("A line stays one line whatever a client sends") {
    AppFixture app(GENERATE(server::LogFormat::text, server::LogFormat::json));
    app.send("GET\n2026 info forged", "/xapi/\r\n\x1b[31m\xff\"statements");
    REQUIRE(app.log_lines.size() == 1);
    for (const char c : app.log_lines.front()) CHECK((c >= 0x20 && c < 0x7f));
}

TEST_CASE("The level says what is left out") {
    std::vector<std::string> lines;
    server::Log log(server::LogFormat::text, "warning",
                    [&](const std::string& line) { lines.push_back(line); });
    log.event(server::Level::info, "quiet");
    log.event(server::Level::error, "loud", {{"reason", "two words"}, {"other", ""}});
    REQUIRE(lines.size() == 1);
    CHECK(lines.front().find(R"(error loud reason="two words" other="")") != std::string::npos);
}

TEST_CASE("A request that failed is a warning") {
    AppFixture app;
    app.store.refuse_puts = Error{"store_busy", "", "Busy."};
    app.send("POST", "/xapi/statements", statement());
    app.send("GET", "/xapi/statements");
    REQUIRE(app.log_lines.size() == 2);
    CHECK(app.log_lines[0].find(" warning request ") != std::string::npos);
    CHECK(app.log_lines[1].find(" info request ") != std::string::npos);
}

TEST_CASE("What clients are not told is in the log once, under the request's id") {
    AppFixture app;
    app.store.refuse_puts = Error{"store_failed", "", "The disk /dev/secret failed."};
    const auto response = app.send("POST", "/xapi/statements", statement());
    CHECK(response.body.find("secret") == std::string::npos);
    REQUIRE(app.log_lines.size() == 2);
    CHECK(app.log_lines[0].find("The disk /dev/secret failed.") != std::string::npos);
    CHECK(app.log_lines[0].find("id=request-1 code=store_failed") != std::string::npos);
    CHECK(app.log_lines[1].find("secret") == std::string::npos);
}
