// Stopping loses no request that was under way.
#include "tests/server/http_client.hpp"
#include "tests/server/http_running_server.hpp"

#include <catch2/catch.hpp>

using namespace leerspoor;
using namespace leerspoor::tests;
using server::http::Limits;

TEST_CASE("a stopping server lets idle connections go at once") {
    RunningServer running(true, {}, 2);
    Client first = Client::tls(running.port());
    Client second = Client::tls(running.port());
    Client halfway = Client::raw(running.port());
    CHECK(first.get("/echo").status == 200);
    CHECK(second.get("/echo").status == 200);
    running.stop();
    CHECK(first.closed_by_server());
    CHECK(second.closed_by_server());
    CHECK(halfway.closed_by_server());
    running.join();
    CHECK(running.server().connections() == 0);
    CHECK_FALSE(Client::plain(running.port()).connected());
}

TEST_CASE("a stopping server finishes the request under way and then closes") {
    RunningServer running(true);
    Client client = Client::tls(running.port());
    client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    running.handler().wait_until_held();
    running.stop();
    running.stop(); // twice does no harm
    running.handler().release();
    const Reply reply = client.reply();
    CHECK(reply.body == "released");
    CHECK(reply.fields.at("connection") == "close");
    CHECK(client.closed_by_server());
    running.join();
}

TEST_CASE("a request of which a part has arrived is finished by a stopping server") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
    CHECK(client.reply(true).status == 100);
    running.stop();
    client.send("body");
    CHECK(client.reply().body == "body");
    CHECK(client.closed_by_server());
    running.join();
}

TEST_CASE("a request that never ends does not keep the server from stopping") {
    Limits limits;
    limits.stop_time = std::chrono::seconds(1);
    RunningServer running(false, limits);
    Client client = Client::plain(running.port());
    client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    running.handler().wait_until_held();
    running.stop();
    running.join();
    CHECK(client.closed_by_server());
}

TEST_CASE("a server that was stopped before it ran returns at once") {
    TestHandler handler;
    server::http::Options options;
    options.port = 0;
    options.tls = false;
    options.threads = 2;
    auto listening = server::http::Server::listen(options, handler, handler.log());
    REQUIRE(listening.has_value());
    (*listening)->stop();
    (*listening)->run();
    CHECK((*listening)->connections() == 0);
}
