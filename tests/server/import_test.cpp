// Statements from files, in every form that they come in.
#include "server/relay/import.hpp"
#include "tests/server/app_fixture.hpp"

#include <catch2/catch.hpp>

#include <boost/json/array.hpp>
#include <fstream>

using namespace leerspoor;
using namespace leerspoor::test;
using namespace leerspoor::server::relay;

namespace {

const boost::json::object importer{{"account", {{"homePage", "https://example.nl"}, {"name", "import"}}}};

struct ImportFixture : AppFixture {
    tests::TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "statements";

    Result<ImportStep> import(const std::string& text, std::uint64_t from = 0, std::size_t most = 1000) {
        std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
        return import_some(store, storage::first_store, file, from, most, importer);
    }
    boost::json::value get(const std::string& id) {
        return json_of(send("GET", "/xapi/statements?statementId=" + id).body);
    }
};

std::string id_of(int number) {
    return "00000000-0000-4000-8000-" + std::to_string(100000000000 + number);
}

} // namespace

TEST_CASE("Lines, an array and a page of another LRS are taken alike") {
    const auto [before, between, after] = GENERATE(
        table<std::string, std::string, std::string>({{"", "\n", "\n"},
                                                      {"[", ",\n  ", "]"},
                                                      {"\xef\xbb\xbf[\n", ",", "\n]\n"},
                                                      {R"({"statements":[)", ",", R"(],"more":""})"}}));
    ImportFixture app;
    const auto step = app.import(before + statement(id_of(1)) + between + statement(id_of(2)) + between +
                                 statement(id_of(3)) + after);
    REQUIRE(step.has_value());
    CHECK(step->taken == 3);
    CHECK(step->refused == 0);
    CHECK(step->ended);
    CHECK(app.store.statements() == 3);
}

TEST_CASE("A file is gone on with where it was left, and may come again") {
    ImportFixture app;
    std::string lines;
    for (int i = 0; i < 25; ++i) lines += statement(id_of(i)) + "\n";
    std::uint64_t from = 0;
    int steps = 0;
    for (bool ended = false; !ended; ++steps) {
        const auto step = app.import(lines, from, 7);
        REQUIRE(step.has_value());
        CHECK(step->next > from);
        from = step->next;
        ended = step->ended;
    }
    CHECK(steps == 4);
    CHECK(app.store.statements() == 25);
    CHECK(app.import(lines)->taken == 25);
    CHECK(app.store.statements() == 25);
}

TEST_CASE("Ids, authorities and times are kept; what was stored without a time keeps that instant") {
    ImportFixture app;
    const std::string rest =
        R"("actor":{"mbox":"mailto:a@b.nl"},"verb":{"id":"http://b.nl/v"},"object":{"id":"http://b.nl/a"})";
    const auto step = app.import(
        R"({"id":")" + id_of(1) + R"(","stored":"2019-05-01T10:00:00Z","version":"1.0.0",)" +
        R"("authority":{"mbox":"mailto:old@b.nl"},)" + rest + "}\n" + R"({"id":")" + id_of(2) +
        R"(","timestamp":"2018-01-02T03:04:05Z","stored":"2019-05-01T10:00:00Z","version":"2.0.0",)" + rest +
        "}");
    REQUIRE(step.has_value());
    REQUIRE(step->reasons == std::vector<std::string>{});
    const auto first = app.get(id_of(1));
    CHECK(text(first.at("timestamp")).starts_with("2019-05-01T10:00:00"));
    CHECK(text(first.at("authority").at("mbox")) == "mailto:old@b.nl");
    CHECK_FALSE(text(first.at("stored")).starts_with("2019"));
    const auto second = app.get(id_of(2));
    CHECK(text(second.at("timestamp")).starts_with("2018-01-02T03:04:05"));
    CHECK(text(second.at("authority").at("account").at("name")) == "import");
}

TEST_CASE("What is no statement is refused with its place, and the rest is taken") {
    ImportFixture app;
    REQUIRE(app.import(statement(id_of(1))).has_value());
    const std::string other = statement(id_of(1), "http://example.nl/another");
    const auto step =
        app.import(statement(id_of(2)) + "\n{\"actor\":1}\n{\"a\" 1}\n" + other + "\n" + statement(id_of(3)));
    REQUIRE(step.has_value());
    CHECK(step->taken == 2);
    CHECK(step->refused == 3);
    REQUIRE(step->reasons.size() == 3);
    CHECK(app.store.statements() == 3);
    std::string all;
    for (const auto& one : step->reasons) all += one + "\n";
    CHECK(all.find("Another statement has this id already.") != std::string::npos);
    CHECK(all.find("byte ") != std::string::npos);

    for (const auto* none : {"hello", "{\"id\":", "[{}, 7]", "<xml/>"}) {
        INFO(none);
        CHECK(app.import(none).error().code == "import_unreadable");
    }
    CHECK(app.import("")->ended);
    CHECK(import_some(app.store, 1, app.folder.path() / "none", 0, 1, importer).error().code ==
          "import_unreadable");
}
