#include "empty_server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <csignal>
#include <fstream>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace leerspoor::bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Response = http::response<http::string_body>;

Response read_answer(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    http::response_parser<http::string_body> parser;
    parser.eager(true);
    parser.body_limit(std::numeric_limits<std::uint64_t>::max());
    boost::system::error_code error;
    parser.put(asio::buffer(text), error);
    if (error || !parser.is_done())
        throw std::runtime_error("the answer in " + path.string() + " is incomplete");
    return parser.release();
}

asio::awaitable<void> serve(tcp::socket socket, asio::ssl::context& tls, const Response& answer) {
    boost::system::error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    socket.set_option(tcp::no_delay(true), error);
    beast::ssl_stream<tcp::socket> stream(std::move(socket), tls);
    co_await stream.async_handshake(asio::ssl::stream_base::server, token);
    beast::flat_buffer buffer;
    while (!error) {
        http::request_parser<http::string_body> parser;
        parser.body_limit(std::numeric_limits<std::uint64_t>::max());
        co_await http::async_read(stream, buffer, parser, token);
        if (error) co_return;
        co_await http::async_write(stream, answer, token);
    }
}

using Contexts = std::vector<std::unique_ptr<asio::io_context>>;

asio::awaitable<void> accept(tcp::acceptor& acceptor, Contexts& contexts, asio::ssl::context& tls,
                             const Response& answer) {
    for (std::size_t turn = 0;; ++turn) {
        asio::io_context& context = *contexts[turn % contexts.size()];
        boost::system::error_code error;
        tcp::socket socket =
            co_await acceptor.async_accept(context, asio::redirect_error(asio::use_awaitable, error));
        if (error == asio::error::operation_aborted) co_return;
        if (!error) asio::co_spawn(context, serve(std::move(socket), tls, answer), asio::detached);
    }
}

void write_port(const std::filesystem::path& path, std::uint16_t port) {
    auto unfinished = path;
    unfinished += ".new";
    std::ofstream(unfinished) << port << '\n';
    std::filesystem::rename(unfinished, path);
}

} // namespace

void serve_empty(const EmptyServerOptions& options) {
    const Response answer = read_answer(options.answer);
    asio::ssl::context tls(asio::ssl::context::tls_server);
    tls.use_certificate_chain_file(options.certificate.string());
    tls.use_private_key_file(options.private_key.string(), asio::ssl::context::pem);

    const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
    Contexts contexts;
    for (std::size_t i = 0; i < (options.threads == 0 ? cores : options.threads); ++i) {
        contexts.push_back(std::make_unique<asio::io_context>(1));
    }
    asio::io_context& first = *contexts.front();
    tcp::acceptor acceptor(first, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    asio::co_spawn(first, accept(acceptor, contexts, tls, answer), asio::detached);
    asio::signal_set signals(first, SIGTERM, SIGINT);
    signals.async_wait([&contexts](const boost::system::error_code&, int) {
        for (const auto& context : contexts) context->stop();
    });
    write_port(options.port_file, acceptor.local_endpoint().port());

    std::vector<std::jthread> threads;
    std::vector<asio::executor_work_guard<asio::io_context::executor_type>> guards;
    for (const auto& context : contexts) guards.push_back(asio::make_work_guard(*context));
    for (std::size_t i = 1; i < contexts.size(); ++i)
        threads.emplace_back([&contexts, i] { contexts[i]->run(); });
    first.run();
}

} // namespace leerspoor::bench
