// A server on a free port with a handler whose paths each do one thing that a test needs.
#pragma once

#include "server/http/server.hpp"
#include "server/support/log.hpp"
#include "tests/support/certificate.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace leerspoor::tests {

struct Answered {
    std::string method;
    std::string target;
    std::string id;
    int status = 0;
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
};

// /echo answers the body, /head the fields; /denied is refused by admit();
// /throw and /throw-at-admit throw; /hold waits for release(), /block lets nobody else on its thread do
// anything until then; /work takes 50 µs; /nothing is 204; /big is 300,000 bytes, /huge is huge_body;
// /who is the client's address; /pieces is pieces_body in pieces, whose number nobody knows before the last,
// /broken breaks off after the first of them.
// More than the buffers of a connection on the loopback hold.
inline constexpr std::size_t huge_body = 48u << 20;

inline const std::string pieces_body = std::string(100'000, '1') + "2" + std::string(70'000, '3');

class TestHandler : public server::http::Handler {
  public:
    std::size_t body_limit = 1u << 20;
    std::atomic<bool> strangers = false; // whether clients are

    std::unique_ptr<server::http::Exchange> begin(server::http::RequestHead head) override;
    server::Log& log() { return log_; }

    // Waits until so many requests have been answered.
    std::vector<Answered> wait_for_answers(std::size_t count);
    void wait_until_held(std::size_t count = 1);
    void release();
    void unblock();
    // Whether the server's log has come to so many lines.
    bool wait_for_log_lines(std::size_t count);

  private:
    class TestExchange;

    boost::asio::awaitable<void> hold();
    void block();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Answered> answers_;
    std::vector<std::function<void()>> held_;
    bool blocked_ = false;
    std::size_t log_lines_ = 0;
    server::Log log_{server::LogFormat::text, "debug", [this](const std::string&) {
                         const std::lock_guard lock(mutex_);
                         ++log_lines_;
                         changed_.notify_all();
                     }};
};

class TestFolder {
  public:
    TestFolder();
    ~TestFolder();
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

class RunningServer {
  public:
    explicit RunningServer(bool tls, server::http::Limits limits = {}, std::size_t threads = 1);
    ~RunningServer();

    std::uint16_t port() const { return server_->port(); }
    server::http::Server& server() { return *server_; }
    TestHandler& handler() { return handler_; }
    const std::filesystem::path& folder() const { return folder_.path(); }
    void stop() { server_->stop(); }
    // Waits until run() has returned.
    void join();

  private:
    TestFolder folder_;
    TestHandler handler_;
    std::unique_ptr<server::http::Server> server_;
    std::thread thread_;
};

} // namespace leerspoor::tests
