#include "tests/conformance/stub_http.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <thread>

namespace leerspoor::tests {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

StubRequest to_stub(const http::request<http::string_body>& request) {
    StubRequest made{std::string(request.method_string()), std::string(request.target()), {}, request.body()};
    for (const auto& field : request) {
        std::string name(field.name_string());
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return std::tolower(c); });
        made.fields[name] = std::string(field.value());
    }
    return made;
}

http::response<http::string_body> to_beast(const StubAnswer& answer, bool head, bool keep_alive) {
    http::response<http::string_body> response;
    response.result(answer.status);
    for (const auto& [name, value] : answer.fields) response.set(name, value);
    response.content_length(answer.body.size());
    if (!head) response.body() = answer.body;
    response.keep_alive(keep_alive);
    return response;
}

asio::awaitable<void> serve(tcp::socket socket, const StubServer::Handler& handler) {
    beast::tcp_stream stream(std::move(socket));
    beast::flat_buffer buffer;
    for (bool open = true; open;) {
        boost::system::error_code ec;
        http::request<http::string_body> request;
        co_await http::async_read(stream, buffer, request, asio::redirect_error(asio::use_awaitable, ec));
        if (ec) co_return;
        open = request.keep_alive();
        auto response = to_beast(handler(to_stub(request)), request.method() == http::verb::head, open);
        http::response_serializer<http::string_body> serializer(response);
        co_await http::async_write(stream, serializer, asio::redirect_error(asio::use_awaitable, ec));
        if (ec) co_return;
    }
}

asio::awaitable<void> accept(tcp::acceptor& acceptor, const StubServer::Handler& handler) {
    for (;;) {
        auto socket = co_await acceptor.async_accept(asio::use_awaitable);
        boost::system::error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), handler), asio::detached);
    }
}

} // namespace

struct StubServer::Running {
    explicit Running(Handler made)
        : handler(std::move(made)), acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
        asio::co_spawn(context, accept(acceptor, handler), asio::detached);
        thread = std::thread([this] { context.run(); });
    }
    ~Running() {
        context.stop();
        thread.join();
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    Handler handler;
    asio::io_context context;
    tcp::acceptor acceptor;
    std::thread thread;
};

StubServer::StubServer(Handler handler) : running_(std::make_unique<Running>(std::move(handler))) {}
StubServer::~StubServer() = default;

std::uint16_t StubServer::port() const {
    return running_->acceptor.local_endpoint().port();
}

} // namespace leerspoor::tests
