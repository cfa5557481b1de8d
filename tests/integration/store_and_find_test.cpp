// Statements go in by POST and PUT and are found by id (xAPI 1.0.3 Part Three 2.1.1 to 2.1.3).
#include "tests/integration/lrs_client.hpp"
#include "tests/integration/statements.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

using namespace leerspoor::tests;

TEST_CASE("A posted statement is found by the id it was given, with what a record store adds") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    const auto response = lrs.post(statement({}));
    REQUIRE(response.status == 200);
    CHECK(response.field("Content-Type").starts_with("application/json"));
    const auto ids = ids_in(response.body);
    REQUIRE(ids.size() == 1);

    const auto found = lrs.get_id(ids[0]);
    REQUIRE(found.status == 200);
    CHECK(found.field("Content-Type").starts_with("application/json"));
    CHECK(found.has("Last-Modified"));
    CHECK(found.has("X-Experience-API-Consistent-Through"));
    const auto stored = object_in(found.body);
    CHECK(stored.at("id").as_string() == ids[0]);
    CHECK(stored.contains("timestamp"));
    CHECK(stored.at("stored").as_string().ends_with("Z"));
    CHECK(stored.at("version").as_string() == "1.0.0");
    CHECK(stored.at("authority").as_object().contains("account"));
    CHECK(stored.at("actor").as_object().at("mbox").as_string() == "mailto:ada@example.org");
}

TEST_CASE("Several statements are posted at once, and their ids come back in their order") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    const auto response =
        lrs.post(array_of({statement({.id = uuid(1)}), statement({}), statement({.id = uuid(3)})}));
    REQUIRE(response.status == 200);
    const auto ids = ids_in(response.body);
    REQUIRE(ids.size() == 3);
    CHECK(ids[0] == uuid(1));
    CHECK(ids[2] == uuid(3));
    for (const auto& id : ids) CHECK(lrs.get_id(id).status == 200);
    CHECK(lrs.ids("ascending=true") == ids);
    CHECK(lrs.ids("") == std::vector<std::string>{ids[2], ids[1], ids[0]});
}

TEST_CASE("A statement is put under its id and answered 204 without a body") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    const auto response = lrs.put(uuid(7), statement({}));
    CHECK(response.status == 204);
    CHECK(response.body.empty());
    CHECK(object_in(lrs.get_id(uuid(7)).body).at("id").as_string() == uuid(7));
    CHECK(lrs.get_id(uuid(8)).status == 404);
}

TEST_CASE("An equal resend changes nothing; a different statement of the same id is refused with 409") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    const auto first = statement({.id = uuid(1)});
    REQUIRE(lrs.put(uuid(1), first).status == 204);
    const auto before = lrs.get_id(uuid(1)).body;

    CHECK(lrs.put(uuid(1), first).status == 204);
    CHECK(lrs.post(first).status == 200);
    CHECK(lrs.post(before).status == 200);

    const auto other = statement({.id = uuid(1), .activity = "two"});
    CHECK(lrs.put(uuid(1), other).status == 409);
    const auto conflict = lrs.post(array_of({statement({.id = uuid(2)}), other}));
    CHECK(conflict.status == 409);
    CHECK(code_of(conflict) == "statement_conflict");
    CHECK(object_in(conflict.body).at("pointer").as_string() == "/1");

    CHECK(lrs.get_id(uuid(1)).body == before);
    CHECK(lrs.get_id(uuid(2)).status == 404);
    CHECK(lrs.ids("").size() == 1);
}

TEST_CASE("A batch with one wrong statement stores nothing of it") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    const auto wrong = lrs.post(array_of({statement({.id = uuid(1)}), R"({"actor":{}})"}));
    CHECK(wrong.status == 400);
    CHECK(std::string(object_in(wrong.body).at("pointer").as_string()).starts_with("/1"));
    CHECK(lrs.get_id(uuid(1)).status == 404);
    const auto twice = lrs.post(array_of({statement({.id = uuid(2)}), statement({.id = uuid(2)})}));
    CHECK(twice.status == 400);
    CHECK(lrs.ids("").empty());
}

TEST_CASE("HEAD answers as GET does, without the body") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    REQUIRE(lrs.put(uuid(1), statement({})).status == 204);
    for (const auto& target : {"/xapi/statements?statementId=" + uuid(1), std::string("/xapi/statements"),
                               std::string("/xapi/about"), "/xapi/statements?statementId=" + uuid(2),
                               std::string("/xapi/statements?unheard=of")}) {
        INFO(target);
        const auto got = lrs.request("GET", target);
        const auto head = lrs.request("HEAD", target);
        CHECK(head.status == got.status);
        CHECK(head.body.empty());
        CHECK(head.field("Content-Type") == got.field("Content-Type"));
        CHECK(head.field("ETag") == got.field("ETag"));
        CHECK(head.field("Last-Modified") == got.field("Last-Modified"));
        CHECK(head.has("X-Experience-API-Version"));
    }
}

TEST_CASE("A statement that a client has already is answered 304 when it names its ETag") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    REQUIRE(lrs.put(uuid(1), statement({})).status == 204);
    const auto found = lrs.get_id(uuid(1));
    const auto etag = found.field("ETag");
    REQUIRE(etag.size() > 2);
    CHECK(lrs.get("statementId=" + uuid(1), {{"If-None-Match", etag}}).status == 304);
    CHECK(lrs.get("statementId=" + uuid(1), {{"If-None-Match", "\"other\""}}).body == found.body);
}

TEST_CASE("Formats: exact keeps everything, ids keeps identifiers, canonical picks one language") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    const std::string object =
        R"({"id":"https://example.org/courses/one","definition":{"name":{"en":"The house","nl":"Het huis"}}})";
    REQUIRE(lrs.put(uuid(1), statement({.actor = R"({"name":"Ada","mbox":"mailto:ada@example.org"})",
                                        .object = object}))
                .status == 204);
    const auto exact = object_in(lrs.get("statementId=" + uuid(1) + "&format=exact").body);
    CHECK(exact.at("actor").as_object().at("name").as_string() == "Ada");
    CHECK(exact.at("object").as_object().at("definition").as_object().at("name").as_object().size() == 2);

    const auto ids = object_in(lrs.get("statementId=" + uuid(1) + "&format=ids").body);
    CHECK_FALSE(ids.at("actor").as_object().contains("name"));
    CHECK_FALSE(ids.at("object").as_object().contains("definition"));

    const auto canonical =
        object_in(lrs.get("statementId=" + uuid(1) + "&format=canonical", {{"Accept-Language", "nl"}}).body);
    const auto& name = canonical.at("object").as_object().at("definition").as_object().at("name").as_object();
    REQUIRE(name.size() == 1);
    CHECK(name.at("nl").as_string() == "Het huis");
}

TEST_CASE("attachments=true is answered as multipart/mixed, with the statements as the first part") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    REQUIRE(lrs.put(uuid(1), statement({})).status == 204);
    for (const auto& query :
         {"statementId=" + uuid(1) + "&attachments=true", std::string("attachments=true")}) {
        const auto response = lrs.get(query);
        INFO(response.body);
        CHECK(response.status == 200);
        CHECK(response.field("Content-Type").starts_with("multipart/mixed; boundary="));
        CHECK(response.body.find("Content-Type: application/json") != std::string::npos);
        CHECK(response.body.find(uuid(1)) != std::string::npos);
    }
}

TEST_CASE("Everything has its version: 1.0.x and 2.0.x are understood, and answers say which") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    for (const std::string version : {"1.0", "1.0.0", "1.0.3", "1.0.9", "2.0.0"}) {
        INFO(version);
        LrsClient lrs(server, {.version = version});
        const auto response = lrs.post(statement({}));
        CHECK(response.status == 200);
        CHECK(response.field("X-Experience-API-Version") == (version.starts_with("1") ? "1.0.3" : "2.0.0"));
    }
    for (const std::string version : {"0.95", "1.1", "3.0.0", "one", ""}) {
        INFO(version);
        LrsClient lrs(server, {.version = version});
        CHECK(lrs.post(statement({})).status == 400);
        CHECK(lrs.get("").status == 400);
        CHECK(lrs.get("").has("X-Experience-API-Version"));
    }
    LrsClient second(server, {.version = "2.0.0"});
    const auto id = second.store(statement({}));
    CHECK(object_in(second.get_id(id).body).at("version").as_string() == "2.0.0");
}

TEST_CASE("Consistent-Through has passed the time at which a statement was stored once it is answered") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    for (int i = 0; i < 20; ++i) {
        const auto id = lrs.store(statement({}));
        const auto found = lrs.get_id(id);
        const std::string stored(object_in(found.body).at("stored").as_string());
        const auto through = found.field("X-Experience-API-Consistent-Through");
        CHECK(stored.size() == through.size());
        CHECK(stored <= through);
    }
}

TEST_CASE("The alternate request syntax carries a whole request in a form (xAPI 1.0.3 Part Three 1.3)") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    const std::string credentials = percent_encode(basic_authorization(first_key, first_secret));
    const std::string form =
        "Authorization=" + credentials + "&X-Experience-API-Version=1.0.3&statementId=" + uuid(1);
    const HttpFields type = {{"Content-Type", "application/x-www-form-urlencoded"}};
    const auto put =
        lrs.request("POST", "/xapi/statements?method=PUT",
                    form + "&Content-Type=application%2Fjson&content=" + percent_encode(statement({})), type);
    INFO(put.body);
    CHECK(put.status == 204);
    const auto got = lrs.request("POST", "/xapi/statements?method=GET", form, type);
    CHECK(got.status == 200);
    CHECK(object_in(got.body).at("id").as_string() == uuid(1));
}
