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
using server::http::Admission;
using server::http::Request;
using server::http::RequestHead;
using server::http::Response;

namespace {

constexpr std::chrono::seconds patience{20};

} // namespace

asio::awaitable<std::variant<Admission, Response>> TestHandler::admit(const RequestHead& head) {
    if (head.path() == "/throw-at-admit") throw std::runtime_error("thrown by the test");
    if (head.path() == "/denied") {
        Response response;
        response.status = 401;
        response.body = "denied";
        co_return response;
    }
    co_return Admission{body_limit,
                        std::make_shared<const std::string>("admitted " + std::string(head.path()))};
}

asio::awaitable<Response> TestHandler::handle(Request request) {
    const std::string_view path = request.head.path();
    Response response;
    response.fields.add("X-Test", "yes");
    if (path == "/throw") throw std::runtime_error("thrown by the test");
    if (path == "/nothing") response.status = 204;
    if (path == "/big") response.body.assign(300'000, 'b');
    if (path == "/echo") response.body = std::move(request.body);
    if (path == "/admission") response.body = *std::static_pointer_cast<const std::string>(request.admission);
    if (path == "/split") {
        response.fields.add("X-Split", "a\r\nX-Injected: b");
        response.fields.add("Content-Length", "999");
        response.body = "split";
    }
    if (path == "/head") {
        for (const auto& [name, value] : request.head.fields)
            response.body.append(name).append("=").append(value).append("\n");
    }
    if (path == "/hold") {
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
        response.body = "released";
    }
    co_return response;
}

Response TestHandler::refuse(int status, const Error& error, const RequestHead*) {
    Response response;
    response.status = status;
    response.body = error.code;
    response.error_code = error.code;
    return response;
}

void TestHandler::answered(const RequestHead& head, const Response& response, double, std::uint64_t bytes_in,
                           std::uint64_t bytes_out) {
    const std::lock_guard lock(mutex_);
    answers_.push_back({head.method, head.target, head.id, response.status, bytes_in, bytes_out});
    changed_.notify_all();
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
    auto listening = server::http::Server::listen(options, handler_);
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
