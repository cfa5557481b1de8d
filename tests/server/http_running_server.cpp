#include "tests/server/http_running_server.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdlib>
#include <stdexcept>

namespace leerspoor::tests {

namespace asio = boost::asio;
using server::http::Body;
using server::http::BodyTerms;
using server::http::Refusal;
using server::http::RequestHead;
using server::http::Response;
using server::http::Sent;

namespace {

constexpr std::chrono::seconds patience{20};

// What is left of pieces_body when `sent` of it has gone.
class Pieces final : public server::http::BodySource {
  public:
    Pieces(std::size_t sent, bool breaks) : at_(sent), breaks_(breaks) {}

    std::optional<std::uint64_t> size() const override { return std::nullopt; }
    asio::awaitable<Result<std::string_view>> next() override {
        if (breaks_) co_return Error{"broken", "", "Broken by the test."};
        const auto piece = std::string_view(pieces_body).substr(at_, at_ < 100'001 ? 1 : 40'000);
        at_ += piece.size();
        co_return piece;
    }

  private:
    std::size_t at_;
    bool breaks_;
};

} // namespace

class TestHandler::TestExchange final : public server::http::Exchange {
  public:
    TestExchange(TestHandler& handler, RequestHead head) : handler_(handler), head_(std::move(head)) {}

    const RequestHead& head() const override { return head_; }

    asio::awaitable<std::variant<BodyTerms, Response>> admit() override {
        if (head_.path() == "/throw-at-admit") throw std::runtime_error("thrown by the test");
        if (head_.path() == "/denied") {
            Response response;
            response.status = 401;
            response.body = "denied";
            co_return response;
        }
        BodyTerms terms;
        terms.limit = handler_.body_limit;
        terms.client = head_.fields.find("X-Client").value_or("");
        terms.stranger = handler_.strangers;
        co_return terms;
    }

    asio::awaitable<Response> answer(Body body) override {
        const std::string_view path = head_.path();
        Response response;
        response.fields.add("X-Test", "yes");
        if (path == "/throw") throw std::runtime_error("thrown by the test");
        if (path == "/nothing") response.status = 204;
        if (path == "/huge") response.body.assign(huge_body, 'h');
        if (path == "/who") response.body = head_.remote_address;
        if (path == "/pieces" || path == "/broken") {
            response.body.assign(100'000, '1');
            response.source = std::make_shared<Pieces>(response.body.size(), path == "/broken");
        }
        if (path == "/big") response.body.assign(300'000, 'b');
        if (path == "/echo") response.body = std::move(body.bytes);
        if (path == "/split") {
            response.fields.add("X-Split", "a\r\nX-Injected: b");
            response.fields.add("Content-Length", "999");
            response.body = "split";
        }
        if (path == "/head") {
            for (const auto& [name, value] : head_.fields)
                response.body.append(name).append("=").append(value).append("\n");
        }
        if (path == "/work") {
            const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(50);
            while (std::chrono::steady_clock::now() < end) continue;
        }
        if (path == "/block") handler_.block();
        if (path == "/hold") {
            co_await handler_.hold();
            response.body = "released";
        }
        co_return response;
    }

    Response refuse(const Refusal& refusal) override {
        Response response;
        response.status = refusal.status;
        response.body = refusal.error.code;
        return response;
    }

    void answered(const Response& response, const Sent& sent) override {
        const std::lock_guard lock(handler_.mutex_);
        handler_.answers_.push_back(
            {head_.method, head_.target, head_.id, response.status, sent.bytes_in, sent.bytes_out});
        handler_.changed_.notify_all();
    }

  private:
    TestHandler& handler_;
    RequestHead head_;
};

std::unique_ptr<server::http::Exchange> TestHandler::begin(RequestHead head) {
    return std::make_unique<TestExchange>(*this, std::move(head));
}

asio::awaitable<void> TestHandler::hold() {
    const auto executor = co_await asio::this_coro::executor;
    const auto timer = std::make_shared<asio::steady_timer>(executor);
    timer->expires_at(asio::steady_timer::time_point::max());
    {
        const std::lock_guard lock(mutex_);
        held_.emplace_back([executor, weak = std::weak_ptr(timer)] {
            asio::post(executor, [weak] {
                if (const auto held = weak.lock()) held->cancel();
            });
        });
    }
    changed_.notify_all();
    boost::system::error_code cancelled;
    co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

void TestHandler::block() {
    std::unique_lock lock(mutex_);
    blocked_ = true;
    held_.emplace_back([] {});
    changed_.notify_all();
    changed_.wait_for(lock, patience, [&] { return !blocked_; });
}

void TestHandler::unblock() {
    const std::lock_guard lock(mutex_);
    blocked_ = false;
    changed_.notify_all();
}

bool TestHandler::wait_for_log_lines(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return log_lines_ >= count; });
}

std::vector<Answered> TestHandler::wait_for_answers(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [&] { return answers_.size() >= count; });
    return answers_;
}

void TestHandler::wait_until_held(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [&] { return held_.size() >= count; });
}

void TestHandler::release() {
    const std::lock_guard lock(mutex_);
    for (const auto& let_go : held_) let_go();
    held_.clear();
}

TestFolder::TestFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "leerspoor-http-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for the test");
    path_ = name;
}

TestFolder::~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

RunningServer::RunningServer(bool tls, server::http::Limits limits, std::size_t threads) {
    server::http::Options options;
    options.port = 0;
    options.threads = threads;
    options.tls = tls;
    options.limits = limits;
    if (tls) {
        const CertificateFiles files = write_test_certificate(folder_.path());
        options.certificate = files.certificate;
        options.private_key = files.private_key;
    }
    auto listening = server::http::Server::listen(options, handler_, handler_.log());
    if (!listening) throw std::runtime_error(listening.error().message);
    server_ = std::move(*listening);
    thread_ = std::thread([this] { server_->run(); });
}

RunningServer::~RunningServer() {
    handler_.release();
    stop();
    join();
}

void RunningServer::join() {
    if (thread_.joinable()) thread_.join();
}

} // namespace leerspoor::tests
