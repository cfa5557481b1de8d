// Statements from files, in every form that they come in.
#include "server/relay/import.hpp"
#include "spec/base/json.hpp"
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

TEST_CASE("Dumps of other record stores have their statements in a member") {
    ImportFixture app;
    const std::string rest =
        R"("actor":{"mbox":"mailto:a@b.nl"},"verb":{"id":"http://b.nl/v"},"object":{"id":"http://b.nl/a"})";
    const auto bare = [&](int number) { return R"({"id":")" + id_of(number) + "\"," + rest + "}"; };
    std::string quoted;
    spec::write_json_string(bare(5), quoted);
    const auto step = app.import(
        // Learning Locker
        R"({"_id":{"$oid":"5a"},"voided":false,"statement":{"id":")" + id_of(1) + "\"," + rest +
        R"(,"context":{"extensions":{"http://b&46;nl/x":1}}}})" + "\n" +
        // lrsql
        R"({"id":"x","statement_id":"y","payload":)" + bare(2) + "}\n" +
        // Ralph's Elasticsearch and ClickHouse
        R"({"_index":"statements","_id":"z","_source":)" + bare(3) + "}\n" + R"({"event_id":"z","event":)" +
        quoted + "}\n" + R"({"_source":{"_id":"q","statement":)" + bare(4) + "}}\n" +
        R"({"something":"else"})");
    REQUIRE(step.has_value());
    CHECK(step->taken == 5);
    CHECK(step->refused == 1);
    CHECK(app.get(id_of(1)).at("context").at("extensions").as_object().contains("http://b.nl/x"));
}

TEST_CASE("Rows of CSV become statements by a mapping, the same for the same row") {
    ImportFixture app;
    const auto mapping = json_of(R"({
        "actor":{"mbox":"mailto:{e-mail}","name":"{name}"},"verb":{"id":"http://b.nl/{verb}"},
        "object":{"id":"http://b.nl/course/{course}","definition":{"name":{"nl":"{title}"}}},
        "result":{"score":{"scaled":"{score|number}"},"success":"{passed|bool}","response":"{answer}"},
        "timestamp":"{when}"})")
                             .get_object();
    const std::string csv =
        "\xef\xbb\xbf"
        "e-mail;name;verb;course;title;score;passed;answer;when\r\n"
        "a@b.nl;\"de Vries; Jan\";did;7;\"Les \"\"een\"\"\";0,5;ja;;2020-01-02T03:04:05Z\r\n"
        "\r\n"
        "c@d.nl;;saw;8;;;nee;\"twee\nregels\";\r\n"
        "not a mailbox;x;did;9;;;;;\n";
    const auto file = app.folder.path() / "rows.csv";
    std::ofstream(file, std::ios::binary) << csv;
    const auto rows = [&](std::uint64_t from, std::size_t most) {
        return import_some(app.store, storage::first_store, file, from, most, importer, &mapping);
    };
    const auto first = rows(0, 1);
    REQUIRE(first.has_value());
    CHECK(first->taken == 1);
    CHECK_FALSE(first->ended);
    const auto second = rows(first->next, 10);
    CHECK(second->taken == 1);
    CHECK(second->refused == 1);
    CHECK(second->reasons.front().find("byte ") != std::string::npos);
    CHECK(second->ended);
    CHECK(app.store.statements() == 2);
    const auto again = rows(0, 10);
    CHECK(again->taken == 2);
    CHECK(app.store.statements() == 2);
    storage::Query all;
    all.ascending = true;
    const auto page = app.store.query_statements(storage::first_store, all);
    const auto one = json_of(page->statements[0].bytes);
    CHECK(text(one.at("actor").at("name")) == "de Vries; Jan");
    CHECK(text(one.at("object").at("definition").at("name").at("nl")) == "Les \"een\"");
    CHECK(one.at("result").at("score").at("scaled") == 0.5);
    CHECK(one.at("result").at("success") == true);
    CHECK_FALSE(one.at("result").as_object().contains("response"));
    CHECK(text(one.at("timestamp")).starts_with("2020-01-02T03:04:05"));
    const auto two = json_of(page->statements[1].bytes);
    CHECK_FALSE(two.at("actor").as_object().contains("name"));
    CHECK_FALSE(two.at("object").as_object().contains("definition"));
    CHECK(two.at("result").at("success") == false);
    CHECK(text(two.at("result").at("response")) == "twee\nregels");

    const auto wrong = json_of(R"({"actor":{"mbox":"{nobody}"}})").get_object();
    CHECK(import_some(app.store, 1, file, 0, 1, importer, &wrong).error().code == "import_mapping_invalid");
    const auto kind = json_of(R"({"actor":{"mbox":"{name|date}"}})").get_object();
    CHECK(import_some(app.store, 1, file, 0, 1, importer, &kind).error().code == "import_mapping_invalid");
    std::ofstream(file, std::ios::binary) << "";
    CHECK(import_some(app.store, 1, file, 0, 1, importer, &mapping).error().code == "import_unreadable");
    std::ofstream(file, std::ios::binary) << "a,b\n\"x";
    CHECK(import_some(app.store, 1, file, 0, 1, importer, &importer).error().code == "import_unreadable");
}
