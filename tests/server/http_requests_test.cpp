// What RFC 9110 and RFC 9112 ask of a server, over plain HTTP: the same code serves both.
#include "tests/server/http_client.hpp"
#include "tests/server/http_running_server.hpp"

#include <catch2/catch.hpp>

using namespace leerspoor;
using namespace leerspoor::tests;

namespace {

std::string post(const std::string& target, const std::string& body, const std::string& more_fields = {}) {
    return "POST " + target + " HTTP/1.1\r\nHost: localhost\r\n" + more_fields +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

} // namespace

TEST_CASE("a connection serves one request after the other") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    for (const std::string body : {"one", "two", ""}) {
        client.send(post("/echo", body));
        const Reply reply = client.reply();
        CHECK(reply.status == 200);
        CHECK(reply.body == body);
        CHECK(reply.fields.at("server") == "Leerspoor");
        CHECK(reply.fields.at("date").size() == 29);
        CHECK(reply.fields.at("x-content-type-options") == "nosniff");
        CHECK(reply.fields.count("connection") == 0);
    }
}

TEST_CASE("an answer whose size is not known comes in chunks, and the connection goes on") {
    const bool tls = GENERATE(false, true);
    RunningServer running(tls);
    Client client = tls ? Client::tls(running.port()) : Client::plain(running.port());
    for (int time = 0; time < 2; ++time) {
        const Reply reply = client.get("/pieces");
        CHECK(reply.status == 200);
        CHECK(reply.fields.count("content-length") == 0);
        CHECK(reply.body == pieces_body);
    }
    client.send("HEAD /pieces HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.reply(true).fields.at("transfer-encoding") == "chunked");
    CHECK(client.get("/echo").status == 200);
}

TEST_CASE("to HTTP/1.0 an answer whose size is not known ends with the connection") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    client.send("GET /pieces HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    const std::string all = client.rest();
    CHECK(all.find("Transfer-Encoding") == std::string::npos);
    CHECK(all.find("Connection: close") != std::string::npos);
    CHECK(all.substr(all.find("\r\n\r\n") + 4) == pieces_body);
}

TEST_CASE("an answer that breaks off does not look like a whole one") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    CHECK(client.get("/broken").status == 0);
    CHECK(client.closed_by_server());
}

TEST_CASE("requests sent without waiting are answered in order") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    std::string all;
    for (int number = 0; number < 50; ++number) all += post("/echo", "body " + std::to_string(number));
    client.send(all);
    for (int number = 0; number < 50; ++number)
        CHECK(client.reply().body == "body " + std::to_string(number));
}

TEST_CASE("a request may arrive byte by byte") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    for (const char byte : "\r\n" + post("/echo", "slow", "X-A: 1\r\n")) client.send({&byte, 1});
    CHECK(client.reply().body == "slow");
    for (const char byte : std::string("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                       "4;a=b\r\nslow\r\n2\r\ner\r\n0\r\nX: y\r\n\r\n")) {
        client.send({&byte, 1});
    }
    CHECK(client.reply().body == "slower");
}

TEST_CASE("an empty chunked body may arrive byte by byte") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (const char byte : std::string("0\r\n\r\n")) client.send({&byte, 1});
    CHECK(client.reply().status == 200);
    CHECK(client.get("/echo").status == 200);
}

TEST_CASE("a large body and a large response arrive whole") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    std::string body(1'000'000, 'x');
    for (std::size_t at = 0; at < body.size(); ++at) body[at] = static_cast<char>('a' + at % 26);
    client.send(post("/echo", body));
    CHECK(client.reply().body == body);
    CHECK(client.get("/big").body.size() == 300'000);
}

TEST_CASE("HEAD is answered with the length GET would have, and no body") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    client.send("HEAD /big HTTP/1.1\r\nHost: a\r\n\r\n");
    const Reply reply = client.reply(true);
    CHECK(reply.status == 200);
    CHECK(reply.fields.at("content-length") == "300000");
    CHECK(client.get("/nothing").status == 204);
}

TEST_CASE("204 No Content has no Content-Length") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    const Reply reply = client.get("/nothing");
    CHECK(reply.status == 204);
    CHECK(reply.fields.count("content-length") == 0);
    CHECK(client.get("/echo").status == 200);
}

TEST_CASE("a response field cannot end its line early, nor frame the message") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    const Reply reply = client.get("/split");
    CHECK(reply.fields.at("x-split") == "a  X-Injected: b");
    CHECK(reply.fields.at("content-length") == "5");
    CHECK(reply.body == "split");
}

TEST_CASE("HTTP/1.0 connections close after the answer unless they ask to stay") {
    RunningServer running(false);
    SECTION("closed") {
        Client client = Client::plain(running.port());
        client.send("GET /echo HTTP/1.0\r\n\r\n");
        const Reply reply = client.reply();
        CHECK(reply.status == 200);
        CHECK(reply.fields.at("connection") == "close");
        CHECK(client.closed_by_server());
    }
    SECTION("kept") {
        Client client = Client::plain(running.port());
        client.send("GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        CHECK(client.reply().fields.at("connection") == "keep-alive");
        CHECK(client.get("/echo").status == 200);
    }
}

TEST_CASE("Connection: close is honoured") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    client.send("GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    CHECK(client.reply().fields.at("connection") == "close");
    CHECK(client.closed_by_server());
}

TEST_CASE("100 Continue is sent once the request is admitted") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 4\r\n\r\n");
    CHECK(client.reply(true).status == 100);
    client.send("body");
    CHECK(client.reply().body == "body");
}

TEST_CASE("a request that is not admitted gets its answer in place of 100 Continue") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    client.send("POST /denied HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
    CHECK(client.reply().status == 401);
    CHECK(client.closed_by_server());
}

TEST_CASE("another expectation is refused with 417") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    client.send("GET /echo HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n");
    const Reply reply = client.reply();
    CHECK(reply.status == 417);
    CHECK(reply.body == "expectation_unsupported");
}

TEST_CASE("after a refusal a small body is skipped and the connection stays") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    client.send(post("/denied", std::string(60'000, 'x')));
    CHECK(client.reply().status == 401);
    client.send(
        "POST /denied HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    CHECK(client.reply().status == 401);
    CHECK(client.get("/echo").status == 200);
}

TEST_CASE("after a refusal a large body is not waited for") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    client.send("POST /denied HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\nxxxx");
    const Reply reply = client.reply();
    CHECK(reply.status == 401);
    CHECK(reply.fields.at("connection") == "close");
    CHECK(client.closed_by_server());
}

TEST_CASE("an exception of the handler is answered with 500 and harms nobody else") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    CHECK(client.get("/throw").status == 500);
    CHECK(client.get("/throw-at-admit").body == "internal");
    CHECK(client.get("/echo").status == 200);
}

TEST_CASE("a trailer does not become a header field") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    client.send("POST /head HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                "1\r\nx\r\n0\r\nAuthorization: Basic abc\r\n\r\n");
    const Reply reply = client.reply();
    CHECK(reply.status == 200);
    CHECK_THAT(reply.body, !Catch::Contains("Authorization"));
}

TEST_CASE("a request whose end could be read in two ways is refused and the connection closed") {
    const std::string fields = GENERATE(
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "Content-Length: 4\r\nContent-Length: 5\r\n",
        "Content-Length: 4, 5\r\n", "Content-Length: +4\r\n", "Content-Length: -1\r\n",
        "Content-Length: 0x4\r\n", "Content-Length: 4 4\r\n", "Content-Length:\r\n",
        "Content-Length: 99999999999999999999999\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "Content-Length : 4\r\n",
        "Content-Length: 4\n", "X: a\rb\r\n", "X: a\nb\r\n", "X\r\n", ": x\r\n", "X: a\x01\r\n");
    CAPTURE(fields);
    RunningServer running(false);
    Client client = Client::plain(running.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\n" + fields + "\r\nabcd");
    CHECK(client.reply().status == 400);
    CHECK(client.closed_by_server());
}

TEST_CASE("a transfer coding other than chunked is not understood") {
    const std::string coding =
        GENERATE("gzip", "gzip, chunked", "identity", "chunked, gzip", "xchunked", "chunked;q=1");
    CAPTURE(coding);
    RunningServer running(false);
    Client client = Client::plain(running.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n");
    CHECK(client.reply().status == 501);
    CHECK(client.closed_by_server());
}

TEST_CASE("chunked coding has no place in HTTP/1.0") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    client.send("POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    CHECK(client.reply().status == 400);
}

TEST_CASE("a broken chunk is refused") {
    const std::string body =
        GENERATE("x\r\nabc\r\n0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n", "3\nabc\r\n0\r\n\r\n",
                 "-1\r\nabc\r\n0\r\n\r\n", "11111111111111111\r\nabc\r\n0\r\n\r\n");
    CAPTURE(body);
    RunningServer running(false);
    Client client = Client::plain(running.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
    const int status = client.reply().status;
    CHECK((status == 400 || status == 413));
    CHECK(client.closed_by_server());
}

TEST_CASE("Host is there exactly once in HTTP/1.1") {
    RunningServer running(false);
    SECTION("missing") {
        Client client = Client::plain(running.port());
        client.send("GET /echo HTTP/1.1\r\n\r\n");
        CHECK(client.reply().status == 400);
    }
    SECTION("twice") {
        Client client = Client::plain(running.port());
        client.send("GET /echo HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
        CHECK(client.reply().status == 400);
    }
}

TEST_CASE("a version other than 1.0 and 1.1 is refused with 505") {
    const std::string version = GENERATE("HTTP/2.0", "HTTP/0.9", "HTTP/1.2", "HTTP/3.0");
    CAPTURE(version);
    RunningServer running(false);
    Client client = Client::plain(running.port());
    client.send("GET / " + version + "\r\nHost: a\r\n\r\n");
    CHECK(client.reply().status == 505);
    CHECK(client.closed_by_server());
}

TEST_CASE("bytes that are not HTTP are refused with 400") {
    const std::string bytes = GENERATE("\r\r\r\r\r\r\r\r\r\r\r\r", "GET\r\n\r\n", "GET / NOTHTTP/1.1\r\n\r\n",
                                       "G(T / HTTP/1.1\r\n\r\n", "{\"json\": true}\r\n\r\n");
    CAPTURE(bytes);
    RunningServer running(false);
    Client client = Client::plain(running.port());
    client.send(bytes);
    CHECK(client.reply().status == 400);
    CHECK(client.closed_by_server());
}

TEST_CASE("every answer is reported with its request's method, target, id and sizes") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    const std::string request = post("/echo?a=1", "abc");
    client.send(request);
    CHECK(client.reply().status == 200);
    client.send("nonsense\r\n\r\n");
    CHECK(client.reply().status == 400);
    const auto answers = running.handler().wait_for_answers(2);
    REQUIRE(answers.size() == 2);
    CHECK(answers[0].method == "POST");
    CHECK(answers[0].target == "/echo?a=1");
    CHECK(answers[0].status == 200);
    CHECK(answers[0].bytes_in == request.size());
    CHECK(answers[0].bytes_out > 3);
    CHECK(answers[1].method == "-");
    CHECK(answers[1].status == 400);
    CHECK_FALSE(answers[0].id.empty());
    CHECK(answers[0].id != answers[1].id);
}
