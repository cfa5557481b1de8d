// A server on a free port with a handler whose paths each do one thing that a test needs.
#pragma once

#include "server/http/server.hpp"
#include "tests/support/certificate.hpp"

#include <condition_variable>
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

// /echo answers the body, /head the fields, /admission what admit() handed on; /denied is refused by admit();
// /throw and /throw-at-admit throw; /hold waits for release(); /nothing is 204; /big is 300,000 bytes.
class TestHandler : public server::http::Handler {
  public:
    std::size_t body_limit = 1u << 20;

    boost::asio::awaitable<std::variant<server::http::Admission, server::http::Response>>
    admit(const server::http::RequestHead& head) override;
    boost::asio::awaitable<server::http::Response> handle(server::http::Request request) override;
    server::http::Response refuse(int status, const Error& error,
                                  const server::http::RequestHead* head) override;
    void answered(const server::http::RequestHead& head, const server::http::Response& response,
                  double seconds, std::uint64_t bytes_in, std::uint64_t bytes_out) override;

    // Waits until so many requests have been answered.
    std::vector<Answered> wait_for_answers(std::size_t count);
    void wait_until_held(std::size_t count = 1);
    void release();

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Answered> answers_;
    std::vector<std::function<void()>> held_;
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
