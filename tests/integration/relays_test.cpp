// Statements from one server to another: pulled and forwarded, with either of them killed in between, and to
// a webhook. LEERSPOOR_RELAYED: how many statements a pull has; 200,000 is the large run.
#include "tests/integration/lrs_client.hpp"
#include "tests/integration/statements.hpp"
#include "tests/support/temporary_folder.hpp"

#include "spec/base/sha2.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <thread>

namespace {

using namespace leerspoor::tests;
namespace json = boost::json;

std::size_t relayed() {
    const char* const number = std::getenv("LEERSPOOR_RELAYED");
    return number ? std::stoul(number) : 3000;
}

std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// A server on a port that stays the same when it is started again.
struct Server {
    explicit Server(const TemporaryFolder& folder, const std::string& name)
        : options{.data = folder.path() / name}, process(std::make_unique<ServerProcess>(options)) {
        options.port = process->port();
    }
    void kill() { process->kill(); }
    void start() { process = std::make_unique<ServerProcess>(options); }
    void kill_and_start() {
        kill();
        start();
    }
    LrsClient client() const { return LrsClient(*process); }
    std::string url() const { return "https://localhost:" + std::to_string(process->port()) + "/xapi"; }

    ServerOptions options;
    std::unique_ptr<ServerProcess> process;
};

json::object asked(LrsClient& lrs, const std::string& method, const std::string& path,
                   const json::value& body = {}) {
    const auto response = lrs.request(method, "/api/v1" + path, body.is_null() ? "" : json::serialize(body),
                                      {{"Content-Type", "application/json"}});
    INFO(response.body);
    REQUIRE(response.status < 300);
    return response.body.empty() ? json::object() : object_in(response.body);
}

// Everything but what a store sets, by id.
std::map<std::string, std::string> content(LrsClient& lrs) {
    std::map<std::string, std::string> all;
    for (auto statement : lrs.all("limit=1000")) {
        for (const auto* own : {"stored", "authority", "version"}) statement.erase(own);
        all.emplace(std::string(statement.at("id").get_string()), json::serialize(statement));
    }
    return all;
}

void fill(LrsClient& lrs, std::size_t count) {
    constexpr std::size_t batch = 500;
    for (std::size_t first = 1; first <= count; first += batch) {
        std::vector<std::string> some;
        for (std::size_t i = first; i < first + batch && i <= count; ++i)
            some.push_back(statement({.id = uuid(i), .actor = agent("p" + std::to_string(i % 7))}));
        REQUIRE(lrs.post(array_of(some)).status == 200);
    }
    REQUIRE(lrs.post(voiding(uuid(2), uuid(count + 1))).status == 200);
}

const std::string attached("what\r\n--was\0attached", 20);

std::string sha2_of_attached() {
    leerspoor::spec::Sha2 digest(256);
    digest.update(attached);
    return digest.finish();
}

void attach(LrsClient& lrs, const std::string& id) {
    auto with = object_in(statement({.id = id}));
    with["attachments"] = json::array{json::object{{"usageType", "http://example.com/usage"},
                                                   {"display", json::object{{"nl", "bijlage"}}},
                                                   {"contentType", "text/plain"},
                                                   {"length", attached.size()},
                                                   {"sha2", sha2_of_attached()}}};
    const std::string body = "--x\r\nContent-Type: application/json\r\n\r\n" + json::serialize(with) +
                             "\r\n--x\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n"
                             "X-Experience-API-Hash: " +
                             sha2_of_attached() + "\r\n\r\n" + attached + "\r\n--x--\r\n";
    REQUIRE(lrs.request("POST", "/xapi/statements", body, {{"Content-Type", "multipart/mixed; boundary=x"}})
                .status == 200);
}

bool has_attached(LrsClient& lrs, const std::string& id) {
    return lrs.request("GET", "/api/v1/statements/" + id + "/attachments/" + sha2_of_attached()).body ==
           attached;
}

json::object relay_to(const Server& other, const std::string& kind) {
    return {{"kind", kind},
            {"url", other.url()},
            {"key", first_key},
            {"secret", first_secret},
            {"certificate", content_of(other.process->certificate())}};
}

// Takes deliveries until it has `wanted` statements; answers the first with 503.
class Hook {
  public:
    Hook() : acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}) {}
    std::string url() const {
        return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/hook";
    }

    std::map<std::string, int> take(std::size_t wanted, const std::string& secret) {
        std::map<std::string, int> ids;
        bool refused = false;
        while (ids.size() < wanted) {
            boost::asio::ip::tcp::socket socket(context_);
            acceptor_.accept(socket);
            std::string text;
            boost::system::error_code problem;
            while (ids.size() < wanted) {
                const auto head_size =
                    boost::asio::read_until(socket, boost::asio::dynamic_buffer(text), "\r\n\r\n", problem);
                if (problem) break;
                const auto head = text.substr(0, head_size);
                const auto size = std::stoul(head.substr(head.find("Content-Length: ") + 16));
                while (text.size() < head_size + size) {
                    std::array<char, 65536> more{};
                    const auto count = socket.read_some(boost::asio::buffer(more), problem);
                    text.append(more.data(), count);
                    REQUIRE_FALSE(problem);
                }
                const auto body = text.substr(head_size, size);
                text.erase(0, head_size + size);
                CHECK(head.find(
                          "X-Leerspoor-Signature: sha256=" + leerspoor::spec::hmac_sha256_hex(secret, body) +
                          "\r\n") != std::string::npos);
                const bool now = std::exchange(refused, true);
                if (now) {
                    const auto told = object_in(body);
                    for (const auto& one : told.at("statements").as_array())
                        ++ids[std::string(one.at("id").as_string())];
                }
                const std::string answer =
                    now ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                        : "HTTP/1.1 503 Away\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";
                boost::asio::write(socket, boost::asio::buffer(answer));
            }
        }
        return ids;
    }

  private:
    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor acceptor_;
};

} // namespace

TEST_CASE("A pull has everything, what was voided too, whoever of the two is killed") {
    const TemporaryFolder folder;
    Server from(folder, "from");
    Server to(folder, "to");
    const auto count = relayed();
    {
        auto lrs = from.client();
        fill(lrs, count);
        attach(lrs, uuid(count + 10));
        auto other = to.client();
        const auto shown = asked(other, "POST", "/relays", relay_to(from, "pull"));
        CHECK(json::serialize(shown).find(first_secret) == std::string::npos);
    }
    for (int round = 0; round < 5; ++round) {
        // Some of it has come.
        {
            auto other = to.client();
            while (other.ids("limit=1").empty()) {
            }
        }
        (round % 2 == 0 ? from : to).kill_and_start();
    }
    auto other = to.client();
    while (object_in(other.request("GET", "/xapi/statements?statementId=" + uuid(count + 1)).body)
               .contains("code")) {
    }
    auto lrs = from.client();
    CHECK(content(other) == content(lrs));
    const auto voided = object_in(other.request("GET", "/xapi/statements?voidedStatementId=" + uuid(2)).body);
    CHECK(voided.at("id") == uuid(2).c_str());
    const auto relay = asked(other, "GET", "/relays").at("items").as_array().front().as_object();
    CHECK(relay.at("refused") == 0);
    // And what comes later comes.
    REQUIRE(lrs.post(statement({.id = uuid(count + 2)})).status == 200);
    while (other.get_id(uuid(count + 2)).status != 200) {
    }
    asked(other, "DELETE", "/relays/" + std::string(relay.at("id").get_string()));
    CHECK(asked(other, "GET", "/relays").at("items").as_array().empty());
}

TEST_CASE("A target that was away gets everything, once; what it refuses is a dead letter") {
    const TemporaryFolder folder;
    Server from(folder, "from");
    Server to(folder, "to");
    {
        // The other has another statement of that id.
        auto other = to.client();
        REQUIRE(other.post(statement({.id = uuid(7), .actor = agent("somebody-else")})).status == 200);
    }
    auto relay_wanted = relay_to(to, "forward");
    to.kill();
    std::string id;
    {
        auto lrs = from.client();
        fill(lrs, 700);
        attach(lrs, uuid(710));
        id = std::string(asked(lrs, "POST", "/relays", relay_wanted).at("id").get_string());
        while (asked(lrs, "GET", "/relays/" + id).at("failures") == 0) {
        }
        CHECK_FALSE(asked(lrs, "GET", "/relays/" + id).at("problem").get_string().empty());
    }
    from.kill_and_start();
    to.start();
    auto lrs = from.client();
    auto other = to.client();
    while (asked(lrs, "GET", "/relays/" + id).at("done") != 701) {
    }
    const auto state = asked(lrs, "GET", "/relays/" + id);
    CHECK(state.at("refused") == 1);
    CHECK(state.at("problem") == "");
    const auto letters = asked(lrs, "GET", "/relays/" + id + "/dead-letters").at("items").as_array();
    REQUIRE(letters.size() == 1);
    CHECK(letters[0].at("statement") == uuid(7).c_str());
    CHECK(letters[0].at("status") == 409);
    CHECK(asked(lrs, "POST", "/relays/" + id + "/retry").at("left") == 1);
    CHECK(has_attached(other, uuid(710)));
    auto here = content(lrs);
    auto there = content(other);
    here.erase(uuid(7));
    there.erase(uuid(7));
    CHECK(here == there);
    // What is stored from now on follows.
    REQUIRE(lrs.post(statement({.id = uuid(900)})).status == 200);
    while (other.get_id(uuid(900)).status != 200) {
    }
}

TEST_CASE("A webhook gets what fits, signed, also when it was away") {
    const TemporaryFolder folder;
    Server from(folder, "from");
    auto lrs = from.client();
    fill(lrs, 300);
    Hook hook;
    asked(lrs, "POST", "/relays",
          json::object{{"kind", "webhook"},
                       {"url", hook.url()},
                       {"secret", "a secret"},
                       {"filter", json::object{{"agent", json::object{{"mbox", "mailto:p3@example.org"}}}}}});
    const auto ids = hook.take(43, "a secret");
    CHECK(ids.size() == 43);
    for (const auto& [id, times] : ids) CHECK(times == 1);
}
