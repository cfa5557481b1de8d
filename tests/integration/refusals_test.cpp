// What is refused, with the status that says why, and every refusal a problem+json document (RFC 9457) with a
// code, and the headers that every answer has.
#include "tests/integration/lrs_client.hpp"
#include "tests/integration/statements.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace leerspoor::tests;

namespace {

void check_refused(const HttpResponse& response, int status) {
    INFO(response.status << " " << response.body);
    CHECK(response.status == status);
    CHECK(response.field("Content-Type") == "application/problem+json");
    CHECK(response.has("X-Experience-API-Version"));
    CHECK_FALSE(code_of(response).empty());
}

HttpFields with_type(const std::string& type) {
    return {{"Content-Type", type}};
}

} // namespace

TEST_CASE("Queries that the specification does not know are refused with 400") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    for (const std::string query : {
             "unheard=of",
             "Limit=1",
             "limit=-1",
             "limit=ten",
             "limit=",
             "ascending=TRUE",
             "ascending=1",
             "format=pretty",
             "statementId=1",
             "registration=1",
             "agent=ada",
             "agent=%7B%7D",
             "agent=%7B%22mbox%22%3A%22ada%40example.org%22%7D",
             "verb=played",
             "activity=house",
             "since=yesterday",
             "until=2026-13-01T00:00:00Z",
             "related_agents=yes",
             "attachments=maybe",
             "verb=%ZZ",
             "more=abcdef",
             "limit=1&limit=2",
         }) {
        INFO(query);
        check_refused(lrs.get(query), 400);
    }
    const auto by_id = "statementId=" + uuid(1);
    check_refused(lrs.get(by_id + "&voidedStatementId=" + uuid(1)), 400);
    check_refused(lrs.get(by_id + "&limit=1"), 400);
    check_refused(lrs.get("voidedStatementId=" + uuid(1) + "&verb=" + percent_encode(verb_iri("played"))),
                  400);
}

TEST_CASE("Bodies that are no statements are refused with 400 and the place of the mistake") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    for (const std::string body : {"{", "[", "null", "1", "\"statement\"", "{}", "[[]]", "[null]",
                                   "{\"actor\":null}", "{\"a\":1,\"a\":2}", "\xff\xfe", "{} {}"}) {
        INFO(body);
        check_refused(lrs.post(body), 400);
    }
    const auto wrong_verb = lrs.post(
        R"({"actor":{"mbox":"mailto:a@example.org"},"verb":{"id":"read"},"object":{"id":"https://a.example/"}})");
    check_refused(wrong_verb, 400);
    CHECK(object_in(wrong_verb.body).at("pointer").as_string() == "/verb/id");
    check_refused(lrs.post(std::string(100'000, '[')), 400);

    check_refused(lrs.put(uuid(1), statement({.id = uuid(2)})), 400);
    check_refused(lrs.put(uuid(1), array_of({statement({})})), 400);
    check_refused(lrs.request("PUT", "/xapi/statements", statement({})), 400);
    check_refused(lrs.request("PUT", "/xapi/statements?statementId=one", statement({})), 400);
    check_refused(lrs.request("POST", "/xapi/statements", statement({}), with_type("text/plain")), 400);
    CHECK(lrs.ids("").empty());
}

TEST_CASE("Encodings that are not understood are refused with 415") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    check_refused(lrs.request("POST", "/xapi/statements", statement({}),
                              {{"Content-Type", "application/json"}, {"Content-Encoding", "gzip"}}),
                  415);
}

TEST_CASE("Who does not say who it is, or has no scope for it, is refused with 401 or 403") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    auto client = server.client();
    const auto anonymous =
        client.exchange({"GET", "/xapi/statements", {{"X-Experience-API-Version", "1.0.3"}}, {}});
    check_refused(anonymous, 401);
    CHECK(anonymous.field("WWW-Authenticate").starts_with("Basic "));

    check_refused(LrsClient(server, {.secret = "wrong"}).get(""), 401);
    check_refused(LrsClient(server, {.key = "nobody"}).get(""), 401);
    for (const std::string header : {"Basic", "Basic !!!!", "Bearer abc", "Basic Zmlyc3Q="}) {
        INFO(header);
        check_refused(LrsClient(server).get("", {{"Authorization", header}}), 401);
    }

    const auto data = (folder.path() / "data").string();
    REQUIRE(run({leerspoor_program(), "key", "create", "--data", data, "--key", "reader", "--secret",
                 "reads a lot", "--scope", "statements/read"})
                .status == 0);
    REQUIRE(run({leerspoor_program(), "key", "create", "--data", data, "--key", "writer", "--secret",
                 "writes a lot", "--scope", "statements/write"})
                .status == 0);
    LrsClient reader(server, {.key = "reader", .secret = "reads a lot"});
    LrsClient writer(server, {.key = "writer", .secret = "writes a lot"});
    check_refused(reader.post(statement({})), 403);
    check_refused(writer.get(""), 403);
    CHECK(writer.post(statement({})).status == 200);
    CHECK(reader.ids("").size() == 1);
}

TEST_CASE("Who guesses secrets has to wait: 429 with Retry-After") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data", .arguments = {"--auth-failures", "3"}});
    LrsClient guesser(server, {.secret = "guess"});
    for (int i = 0; i < 3; ++i) check_refused(guesser.get(""), 401);
    const auto answer = guesser.get("");
    check_refused(answer, 429);
    CHECK(answer.has("Retry-After"));
}

TEST_CASE("Unknown paths are 404 and unsupported methods 405 with Allow") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    for (const std::string path : {"/xapi", "/xapi/", "/xapi/unheard", "/unheard", "/xapi/../etc/passwd"}) {
        INFO(path);
        check_refused(lrs.request("GET", path), 404);
    }
    for (const std::string method : {"DELETE", "PATCH"}) {
        INFO(method);
        const auto answer = lrs.request(method, "/xapi/statements");
        check_refused(answer, 405);
        CHECK(answer.field("Allow").find("GET") != std::string::npos);
        CHECK(answer.field("Allow").find("POST") != std::string::npos);
    }
    check_refused(lrs.request("POST", "/xapi/about", "{}"), 405);
}

TEST_CASE(
    "Bodies and batches beyond their limits are refused with 413, whether or not they say their length") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data",
                                .arguments = {"--max-body-bytes", "4096", "--max-batch-statements", "3"}});
    const std::string large(5000, ' ');
    check_refused(LrsClient(server).post(large), 413);

    LrsClient chunked(server);
    auto bytes = chunked.bytes_of("POST", "/xapi/statements", {},
                                  {{"Content-Type", "application/json"}, {"Transfer-Encoding", "chunked"}});
    const auto length = bytes.find("Content-Length: 0\r\n");
    REQUIRE(length != std::string::npos);
    bytes.erase(length, std::string("Content-Length: 0\r\n").size());
    chunked.connection().send(bytes + "1388\r\n" + large + "\r\n0\r\n\r\n");
    check_refused(chunked.connection().receive(), 413);

    LrsClient lrs(server);
    check_refused(lrs.post(array_of(std::vector<std::string>(4, statement({})))), 413);
    CHECK(lrs.post(array_of(std::vector<std::string>(3, statement({})))).status == 200);
}

TEST_CASE("A head beyond its limit is refused with 431, a malformed request with 400") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data", .arguments = {"--header-bytes", "2048"}});
    check_refused(LrsClient(server).get("", {{"X-Long", std::string(4000, 'x')}}), 431);
    auto client = server.client();
    client.send("GET /xapi/about\r\n\r\n");
    CHECK(client.receive().status == 400);
    CHECK(client.closed_by_server());
}

TEST_CASE("A request that does not arrive in its time is answered 408 and the connection closed") {
    const TemporaryFolder folder;
    const ServerProcess server(
        {.data = folder.path() / "data", .arguments = {"--header-seconds", "1", "--body-seconds", "1"}});
    auto half_head = server.client();
    half_head.send("GET /xapi/about HTTP/1.1\r\nHost: local");
    check_refused(half_head.receive(), 408);
    CHECK(half_head.closed_by_server());

    LrsClient half_body(server);
    const auto bytes = half_body.bytes_of("POST", "/xapi/statements", statement({}));
    half_body.connection().send(std::string_view(bytes).substr(0, bytes.size() - 10));
    check_refused(half_body.connection().receive(), 408);
}

TEST_CASE("Connections beyond those of one client are answered 429, beyond all 503") {
    const TemporaryFolder folder;
    const HttpRequest about{"GET", "/xapi/about", {}, {}};
    {
        const ServerProcess server(
            {.data = folder.path() / "data", .arguments = {"--connections-per-client", "2"}});
        auto first = server.client();
        auto second = server.client();
        CHECK(first.exchange(about).status == 200);
        CHECK(second.exchange(about).status == 200);
        check_refused(server.client().exchange(about), 429);
        CHECK(first.exchange(about).status == 200);
    }
    const ServerProcess server({.data = folder.path() / "data", .arguments = {"--connections", "2"}});
    auto first = server.client();
    auto second = server.client();
    CHECK(first.exchange(about).status == 200);
    CHECK(second.exchange(about).status == 200);
    const auto answer = server.client().exchange(about);
    check_refused(answer, 503);
    CHECK(answer.has("Retry-After"));
}

TEST_CASE(
    "Many statements of one id at once: one is stored, equal ones are accepted, different ones are 409") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    std::vector<LrsClient> clients;
    clients.reserve(8);
    for (int i = 0; i < 8; ++i) clients.emplace_back(server);
    for (std::uint64_t round = 1; round <= 10; ++round) {
        // All are sent before one answer is read.
        for (std::size_t i = 0; i < clients.size(); ++i) {
            const auto body = statement({.id = uuid(round), .activity = i % 2 == 0 ? "even" : "odd"});
            clients[i].connection().send(
                clients[i].bytes_of("PUT", "/xapi/statements?statementId=" + uuid(round), body));
        }
        std::vector<int> even;
        std::vector<int> odd;
        for (std::size_t i = 0; i < clients.size(); ++i) {
            (i % 2 == 0 ? even : odd).push_back(clients[i].connection().receive().status);
        }
        const std::vector<int> accepted(4, 204);
        const std::vector<int> refused(4, 409);
        const bool one_won = (even == accepted && odd == refused) || (even == refused && odd == accepted);
        CHECK(one_won);
    }
    CHECK(LrsClient(server).ids("").size() == 10);
}
