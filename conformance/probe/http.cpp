// The one translation unit of this room that sees Asio and Beast.
#include "conformance/probe/http.hpp"

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl.hpp>
#include <chrono>
#include <limits>

namespace leerspoor::conformance {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

constexpr std::chrono::seconds patience{30};

bool same_name(std::string_view a, std::string_view b) {
    return beast::iequals(beast::string_view(a.data(), a.size()), beast::string_view(b.data(), b.size()));
}

std::string to_bytes(const Request& request, const Server& server) {
    std::string bytes = request.method + " " + request.target + " HTTP/1.1\r\nHost: " + server.host + ":" +
                        server.port + "\r\n";
    for (const auto& [name, value] : request.fields)
        bytes.append(name).append(": ").append(value).append("\r\n");
    if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
        bytes += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    }
    return bytes + "\r\n" + request.body;
}

} // namespace

struct Client::Connection {
    asio::io_context context;
    asio::ssl::context tls{asio::ssl::context::tls_client};
    std::optional<beast::ssl_stream<beast::tcp_stream>> secure;
    std::optional<beast::tcp_stream> plain;
    beast::flat_buffer input;
    bool used = false; // it has carried a whole exchange

    explicit Connection(const Server& server) {
        if (server.tls) {
            trust(server);
            secure.emplace(context, tls);
        } else {
            plain.emplace(context);
        }
        asio::ip::tcp::resolver resolver(context);
        error_code ec;
        const auto addresses = resolver.resolve(server.host, server.port, ec);
        if (ec) fail("cannot find " + server.host, ec);
        ec = complete([&](auto done) { lowest().async_connect(addresses, done); });
        if (ec) fail("cannot connect to " + server.host + ":" + server.port, ec);
        lowest().socket().set_option(asio::ip::tcp::no_delay(true), ec);
        if (secure) shake_hands(server);
    }

    [[noreturn]] static void fail(const std::string& what, const error_code& ec) {
        throw Unreachable(what + ": " + ec.message());
    }

    void trust(const Server& server) {
        error_code ec;
        if (server.insecure) {
            tls.set_verify_mode(asio::ssl::verify_none, ec);
            return;
        }
        tls.set_verify_mode(asio::ssl::verify_peer, ec);
        if (server.ca_file.empty()) {
            tls.set_default_verify_paths(ec);
        } else {
            tls.load_verify_file(server.ca_file, ec);
        }
        if (ec) fail("cannot read the certificates to trust", ec);
    }

    void shake_hands(const Server& server) {
        ::SSL_ctrl(secure->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                   const_cast<char*>(server.host.c_str())); // the macro for it casts in the old style
        if (!server.insecure) secure->set_verify_callback(asio::ssl::host_name_verification(server.host));
        const auto ec =
            complete([&](auto done) { secure->async_handshake(asio::ssl::stream_base::client, done); });
        if (ec) fail("no TLS with " + server.host, ec);
    }

    beast::tcp_stream& lowest() { return secure ? beast::get_lowest_layer(*secure) : *plain; }

    // Starts one operation and waits for its end or for the end of patience.
    template <class Start>
    error_code complete(Start start) {
        error_code outcome = asio::error::timed_out;
        lowest().expires_after(patience);
        start([&outcome](error_code ec, auto&&...) { outcome = ec; });
        context.restart();
        context.run();
        return outcome;
    }

    error_code write(const std::string& bytes) {
        return complete([&](auto done) {
            if (secure) {
                asio::async_write(*secure, asio::buffer(bytes), done);
            } else {
                asio::async_write(*plain, asio::buffer(bytes), done);
            }
        });
    }

    template <class Parser>
    error_code read(Parser& parser) {
        return complete([&](auto done) {
            if (secure) {
                beast::http::async_read(*secure, input, parser, done);
            } else {
                beast::http::async_read(*plain, input, parser, done);
            }
        });
    }
};

Client::Client(const Server& server) : server_(&server) {}
Client::~Client() = default;
Client::Client(Client&& other) noexcept = default;

Response Client::exchange(const Request& request) {
    const auto bytes = to_bytes(request, *server_);
    for (;;) {
        if (!connection_) connection_ = std::make_unique<Connection>(*server_);
        const bool reused = connection_->used;
        beast::http::response_parser<beast::http::string_body> parser;
        parser.body_limit(std::numeric_limits<std::uint64_t>::max());
        parser.skip(request.method == "HEAD");
        // An LRS may answer and close before it has read everything: the answer counts.
        const auto written = connection_->write(bytes);
        const auto ec = connection_->read(parser);
        if (ec) {
            connection_.reset();
            if (reused && !parser.got_some()) continue;
            Connection::fail("no whole response to " + request.method + " " + request.target,
                             written ? written : ec);
        }
        Response response{parser.get().result_int(), {}, std::move(parser.get().body())};
        for (const auto& field : parser.get()) {
            const auto name = field.name_string();
            const auto value = field.value();
            response.fields.emplace_back(std::string(name.data(), name.size()),
                                         std::string(value.data(), value.size()));
        }
        connection_->used = true;
        if (!parser.get().keep_alive() || written) connection_.reset();
        return response;
    }
}

std::optional<std::string_view> find_field(const Fields& fields, std::string_view name) {
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const auto& field) { return same_name(field.first, name); });
    if (found == fields.end()) return std::nullopt;
    return found->second;
}

} // namespace leerspoor::conformance
