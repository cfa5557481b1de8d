// Each limit, and the answer of its own that passing it has.
#include "tests/server/http_client.hpp"
#include "tests/server/http_running_server.hpp"

#include <catch2/catch.hpp>
#include <condition_variable>
#include <mutex>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

using namespace leerspoor;
using namespace leerspoor::tests;
using server::http::Limits;
using std::chrono::seconds;

TEST_CASE("a head larger than the limit is refused with 431") {
    Limits limits;
    limits.header_bytes = 1024;
    RunningServer running(false, limits);
    SECTION("in one long field") {
        Client client = Client::plain(running.port());
        client.send("GET /echo HTTP/1.1\r\nHost: a\r\nX: " + std::string(2000, 'x'));
        CHECK(client.reply().status == 431);
        CHECK(client.closed_by_server());
    }
    SECTION("in a long target") {
        Client client = Client::plain(running.port());
        client.send("GET /" + std::string(3000, 'x'));
        CHECK(client.reply().status == 431);
    }
    SECTION("in many small fields, each sent for itself") {
        Client client = Client::plain(running.port());
        client.send("GET /echo HTTP/1.1\r\nHost: a\r\n");
        for (int number = 0; number < 200; ++number) client.send("X: aaaa\r\n");
        client.send("\r\n");
        CHECK(client.reply().status == 431);
    }
    SECTION("but not just below it") {
        Client client = Client::plain(running.port());
        const std::string start = "GET /echo HTTP/1.1\r\nHost: a\r\nX: ";
        client.send(start + std::string(1024 - start.size() - 4, 'x') + "\r\n\r\n");
        CHECK(client.reply().status == 200);
        client.send(start + std::string(1025 - start.size() - 4, 'x') + "\r\n\r\n");
        CHECK(client.reply().status == 431);
    }
}

TEST_CASE("a body larger than was admitted is refused with 413") {
    RunningServer running(false);
    running.handler().body_limit = 10;
    Client client = Client::plain(running.port());
    SECTION("by its announced length, before it is sent") {
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");
        CHECK(client.reply().status == 413);
        CHECK(client.closed_by_server());
    }
    SECTION("by its announced length, and a small one is skipped") {
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n12345678901");
        CHECK(client.reply().body == "body_too_large");
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n1234567890");
        CHECK(client.reply().body == "1234567890");
    }
    SECTION("by its chunks") {
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    "6\r\n123456\r\n5\r\n12345\r\n0\r\n\r\n");
        CHECK(client.reply().status == 413);
        CHECK(client.closed_by_server());
    }
    SECTION("but not at the limit in chunks") {
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    "6\r\n123456\r\n4\r\n1234\r\n0\r\n\r\n");
        CHECK(client.reply().body == "1234561234");
    }
}

TEST_CASE("endless framing around a small chunked body is refused") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;x=" +
                std::string(100'000, 'y'));
    CHECK(client.reply().status == 400);
}

TEST_CASE("a head that does not arrive in time is answered with 408") {
    Limits limits;
    limits.header_time = seconds(1);
    RunningServer running(false, limits);
    Client client = Client::plain(running.port());
    client.send("GET /echo HTTP/1.1\r\nHos");
    const Reply reply = client.reply();
    CHECK(reply.status == 408);
    CHECK(reply.fields.at("connection") == "close");
    CHECK(client.closed_by_server());
}

TEST_CASE("a body that does not arrive in time is answered with 408") {
    Limits limits;
    limits.body_time = seconds(1);
    RunningServer running(true, limits);
    Client client = Client::tls(running.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab");
    const Reply reply = client.reply();
    CHECK(reply.status == 408);
    CHECK(reply.body == "request_timeout");
    CHECK(client.closed_by_server());
}

TEST_CASE("an idle connection is closed without a word") {
    Limits limits;
    limits.idle_time = seconds(1);
    RunningServer running(true, limits);
    Client client = Client::tls(running.port());
    CHECK(client.get("/echo").status == 200);
    CHECK(client.reply().status == 0);
    CHECK(client.closed_by_server());
}

TEST_CASE("a handshake that does not come to its end is cut off") {
    Limits limits;
    limits.handshake_time = seconds(1);
    RunningServer running(true, limits);
    Client client = Client::raw(running.port());
    CHECK(client.closed_by_server());
}

TEST_CASE("a handler may take longer than every limit on time") {
    Limits limits;
    limits.idle_time = limits.body_time = limits.header_time = seconds(1);
    RunningServer running(false, limits);
    Client other = Client::plain(running.port());
    Client client = Client::plain(running.port());
    client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    running.handler().wait_until_held();
    CHECK(other.closed_by_server()); // idle for long enough meanwhile
    running.handler().release();
    CHECK(client.reply().body == "released");
}

TEST_CASE("connections beyond the limit are told so with 503") {
    Limits limits;
    limits.connections = 2;
    RunningServer running(true, limits, 2);
    Client first = Client::tls(running.port());
    Client second = Client::tls(running.port());
    REQUIRE(first.get("/echo").status == 200);
    REQUIRE(second.get("/echo").status == 200);
    Client third = Client::tls(running.port());
    const Reply reply = third.get("/echo");
    CHECK(reply.status == 503);
    CHECK(reply.body == "too_many_connections");
    CHECK(std::stoi(reply.fields.at("retry-after")) > 0);
    CHECK(third.closed_by_server());
    CHECK(first.get("/echo").status == 200);
}

TEST_CASE("connections of one client beyond its limit are told so with 429") {
    Limits limits;
    limits.connections_per_client = 1;
    RunningServer running(false, limits, 2);
    Client first = Client::plain(running.port());
    REQUIRE(first.get("/echo").status == 200);
    CHECK(running.server().connections() == 1);
    Client second = Client::plain(running.port());
    const Reply reply = second.get("/echo");
    CHECK(reply.status == 429);
    CHECK(reply.fields.count("retry-after") == 1);
    CHECK(second.closed_by_server());
}

TEST_CASE("a place becomes free when a connection closes") {
    Limits limits;
    limits.connections = 1;
    RunningServer running(false, limits);
    for (int round = 0; round < 5; ++round) {
        Client client = Client::plain(running.port());
        client.send("GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        CHECK(client.reply().status == 200);
        CHECK(client.closed_by_server());
        client.finish_sending();
        while (running.server().connections() != 0) std::this_thread::yield();
    }
}

TEST_CASE("without file descriptors left the server waits, and serves when there are some again") {
    RunningServer running(false);
    // One line beforehand: UBSan opens a pipe when it first meets a type, and will find none to open below.
    REQUIRE(Client::plain(running.port()).get("/throw").status == 500);
    REQUIRE(running.handler().wait_for_log_lines(1));
    while (running.server().connections() != 0) std::this_thread::yield();

    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    const int next_free = ::dup(0);
    ::close(next_free);
    const rlimit one_more{static_cast<rlim_t>(next_free) + 1, before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &one_more);
    Client client = Client::plain(running.port());
    const bool logged = running.handler().wait_for_log_lines(2);
    ::setrlimit(RLIMIT_NOFILE, &before);

    CHECK(client.connected());
    CHECK(logged);
    CHECK(client.get("/echo").status == 200);
}

TEST_CASE("Whoever sends requests faster than they are answered lets others come first") {
    const bool tls = GENERATE(false, true);
    RunningServer running(tls);
    const auto connect = [&] { return tls ? Client::tls(running.port()) : Client::plain(running.port()); };
    Client greedy = connect();
    Client modest = connect();
    CHECK(modest.get("/nothing").status == 204);
    // All of both is there before the thread goes on. No request ends where a read of the server ends.
    greedy.send("GET /block HTTP/1.1\r\nHost: a\r\n\r\n");
    running.handler().wait_until_held();
    constexpr int requests = 300;
    std::string flood;
    for (int i = 0; i < requests; ++i)
        flood += "GET /work HTTP/1.1\r\nHost: a\r\nX-Padding: " + std::string(150, 'p') + "\r\n\r\n";
    greedy.send(flood);
    modest.send("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    running.handler().unblock();
    CHECK(modest.reply().status == 200);
    for (int i = 0; i <= requests; ++i) CHECK(greedy.reply().status == 200);
    const auto answers = running.handler().wait_for_answers(requests + 3);
    const auto of_modest = std::find_if(answers.begin(), answers.end(),
                                        [](const Answered& one) { return one.target == "/echo"; });
    CHECK(of_modest - answers.begin() < requests / 2);
}

TEST_CASE(
    "The bodies of all requests together have a limit, from when they are read until they are answered") {
    Limits limits;
    limits.body_memory = 100'000;
    limits.strangers_body_memory = 100'000;
    RunningServer running(false, limits);
    running.handler().strangers = GENERATE(false, true);
    const auto post = [](const std::string& target, std::size_t size) {
        return "POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) +
               "\r\n\r\n" + std::string(size, 'b');
    };
    Client first = Client::plain(running.port());
    Client second = Client::plain(running.port());
    first.send(post("/hold", 80'000));
    running.handler().wait_until_held();
    second.send(post("/echo", 10'000));
    CHECK(second.reply().status == 200);
    second.send(post("/echo", 60'000));
    const Reply refused = second.reply();
    CHECK(refused.status == 503);
    CHECK(refused.body == "too_many_bodies");
    running.handler().release();
    CHECK(first.reply().status == 200);
    Client third = Client::plain(running.port());
    third.send(post("/echo", 60'000));
    CHECK(third.reply().status == 200);
}

TEST_CASE("Bodies of strangers leave those of known clients their memory") {
    Limits limits;
    limits.strangers_body_memory = 1;
    RunningServer running(false, limits);
    running.handler().strangers = true;
    Client client = Client::plain(running.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
    CHECK(client.reply().status == 503);
    running.handler().strangers = false;
    Client known = Client::plain(running.port());
    known.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
    CHECK(known.reply().status == 200);
}

namespace {

std::string post(const std::string& target, std::size_t size, const std::string& client = "") {
    return "POST " + target + " HTTP/1.1\r\nHost: a\r\nX-Client: " + client +
           "\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" + std::string(size, 'b');
}

} // namespace

TEST_CASE("However many large bodies are being read, there is memory for small ones") {
    Limits limits;
    limits.body_memory = 400'000;
    RunningServer running(false, limits);
    Client large = Client::plain(running.port());
    large.send(post("/hold", 300'000));
    running.handler().wait_until_held();
    Client other = Client::plain(running.port());
    other.send(post("/echo", 50'000));
    CHECK(other.reply().status == 200);
    other.send(post("/echo", 70'000));
    CHECK(other.reply().body == "too_many_bodies");
    running.handler().release();
    CHECK(large.reply().status == 200);
}

TEST_CASE("Large bodies of one client leave other clients theirs") {
    Limits limits;
    limits.client_body_memory = 200'000;
    RunningServer running(false, limits);
    Client first = Client::plain(running.port());
    first.send(post("/hold", 150'000, "one"));
    running.handler().wait_until_held();
    Client again = Client::plain(running.port());
    again.send(post("/echo", 70'000, "one"));
    CHECK(again.reply().body == "too_many_bodies");
    Client small = Client::plain(running.port());
    small.send(post("/echo", 10'000, "one"));
    CHECK(small.reply().status == 200);
    Client other = Client::plain(running.port());
    other.send(post("/echo", 70'000, "two"));
    CHECK(other.reply().status == 200);
    running.handler().release();
    CHECK(first.reply().status == 200);
    Client later = Client::plain(running.port());
    later.send(post("/echo", 150'000, "one"));
    CHECK(later.reply().status == 200);
}

TEST_CASE("Answers that nobody reads have a limit, and leave room for small ones") {
    Limits limits;
    limits.answer_memory = 60u << 20;
    RunningServer running(false, limits);
    auto idle = std::make_unique<Client>(Client::plain(running.port()));
    idle->send("GET /huge HTTP/1.1\r\nHost: a\r\n\r\n");
    REQUIRE(idle->reply(true).status == 200); // begun: its memory is taken
    Client second = Client::plain(running.port());
    const auto refused = second.get("/huge");
    REQUIRE(refused.status == 503); // or Catch would print all of the body
    CHECK(refused.body == "too_many_answers");
    CHECK(second.get("/echo").status == 200);
    idle.reset();
    while (running.server().connections() > 1) std::this_thread::yield();
    CHECK(second.get("/huge").body.size() == huge_body);
}

TEST_CASE("A trusted proxy says who sends a request, and may have any number of connections") {
    Limits limits;
    limits.connections_per_client = 1;
    limits.trusted_proxies =
        *server::http::TrustedProxies::of({"127.0.0.0/8"}, server::http::ForwardedField::x_forwarded_for);
    RunningServer running(false, limits);
    Client first = Client::plain(running.port());
    Client second = Client::plain(running.port());
    CHECK(first.get("/who").body == "127.0.0.1");
    second.send("GET /who HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.7\r\n\r\n");
    CHECK(second.reply().body == "198.51.100.7");
}

TEST_CASE("Whoever is no trusted proxy may say what they like") {
    RunningServer running(false);
    Client client = Client::plain(running.port());
    client.send("GET /who HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.7\r\n\r\n");
    CHECK(client.reply().body == "127.0.0.1");
}
