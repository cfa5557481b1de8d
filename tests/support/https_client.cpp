#include "tests/support/https_client.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl.hpp>
#include <chrono>
#include <openssl/evp.h>
#include <optional>
#include <stdexcept>

namespace leerspoor::tests {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

constexpr std::chrono::minutes patience{2};

[[noreturn]] void fail(const char* step, const error_code& ec) {
    throw std::runtime_error(std::string("HTTPS client, ") + step + ": " + ec.message());
}

} // namespace

struct HttpsClient::Connection {
    asio::io_context context;
    asio::ssl::context tls{asio::ssl::context::tls_client};
    std::optional<beast::ssl_stream<beast::tcp_stream>> secure;
    std::optional<beast::tcp_stream> plain;
    beast::flat_buffer input;

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

    void write(std::string_view bytes) {
        const auto buffer = asio::buffer(bytes.data(), bytes.size());
        const auto ec = complete([&](auto done) {
            if (secure) {
                asio::async_write(*secure, buffer, done);
            } else {
                asio::async_write(*plain, buffer, done);
            }
        });
        if (ec) fail("writing", ec);
    }

    error_code read_some() {
        std::size_t count = 0;
        const auto space = input.prepare(16384);
        const auto ec = complete([&](auto done) {
            const auto counted = [&count, done](error_code result, std::size_t n) {
                count = n;
                done(result);
            };
            if (secure) {
                secure->async_read_some(space, counted);
            } else {
                plain->async_read_some(space, counted);
            }
        });
        input.commit(count);
        return ec;
    }
};

std::string HttpResponse::field(std::string_view name) const {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& field) {
        return beast::iequals(field.first, beast::string_view(name.data(), name.size()));
    });
    return found == fields.end() ? std::string() : found->second;
}

bool HttpResponse::has(std::string_view name) const {
    return std::any_of(fields.begin(), fields.end(), [&](const auto& field) {
        return beast::iequals(field.first, beast::string_view(name.data(), name.size()));
    });
}

std::string to_bytes(const HttpRequest& request) {
    std::string bytes = request.method + " " + request.target + " HTTP/1.1\r\nHost: localhost\r\n";
    for (const auto& [name, value] : request.fields)
        bytes.append(name).append(": ").append(value).append("\r\n");
    if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
        bytes += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    }
    return bytes + "\r\n" + request.body;
}

std::string basic_authorization(std::string_view key, std::string_view secret) {
    const std::string pair = std::string(key) + ":" + std::string(secret);
    std::vector<unsigned char> text((pair.size() + 2) / 3 * 4 + 1);
    const int length = EVP_EncodeBlock(text.data(), reinterpret_cast<const unsigned char*>(pair.data()),
                                       static_cast<int>(pair.size()));
    return "Basic " + std::string(text.begin(), text.begin() + length);
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                c == '-' || c == '.' || c == '_' || c == '~';
        if (unreserved) {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded += '%';
        encoded += digits[byte >> 4u];
        encoded += digits[byte & 15u];
    }
    return encoded;
}

HttpsClient::HttpsClient(std::uint16_t port, const std::filesystem::path& trusted)
    : connection_(std::make_unique<Connection>()) {
    auto& connection = *connection_;
    if (trusted.empty()) {
        connection.plain.emplace(connection.context);
    } else {
        connection.tls.load_verify_file(trusted.string());
        connection.secure.emplace(connection.context, connection.tls);
        connection.secure->set_verify_mode(asio::ssl::verify_peer);
        connection.secure->set_verify_callback(asio::ssl::host_name_verification("localhost"));
        std::string name = "localhost";
        SSL_ctrl(connection.secure->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 name.data());
    }
    const asio::ip::tcp::endpoint server(asio::ip::address_v4::loopback(), port);
    if (const auto ec =
            connection.complete([&](auto done) { connection.lowest().async_connect(server, done); })) {
        fail("connecting", ec);
    }
    connection.lowest().socket().set_option(asio::ip::tcp::no_delay(true));
    if (!connection.secure) return;
    const auto ec = connection.complete(
        [&](auto done) { connection.secure->async_handshake(asio::ssl::stream_base::client, done); });
    if (ec) fail("TLS handshake", ec);
}

HttpsClient::~HttpsClient() = default;
HttpsClient::HttpsClient(HttpsClient&& other) noexcept = default;
HttpsClient& HttpsClient::operator=(HttpsClient&& other) noexcept = default;

HttpResponse HttpsClient::exchange(const HttpRequest& request) {
    send(to_bytes(request));
    return receive(request.method == "HEAD");
}

void HttpsClient::send(std::string_view bytes) {
    connection_->write(bytes);
}

HttpResponse HttpsClient::receive(bool head) {
    auto& input = connection_->input;
    beast::http::response_parser<beast::http::string_body> parser;
    parser.skip(head);
    parser.eager(true);
    parser.body_limit(std::uint64_t{1} << 30u);
    parser.header_limit(1u << 20u);
    while (!parser.is_done()) {
        error_code ec;
        input.consume(input.size() > 0 ? parser.put(input.data(), ec) : 0);
        if (ec && ec != beast::http::error::need_more) fail("parsing", ec);
        if (parser.is_done()) break;
        if (const auto end = connection_->read_some()) fail("reading", end);
    }
    HttpResponse response;
    response.status = static_cast<int>(parser.get().result_int());
    response.keep_alive = parser.get().keep_alive();
    for (const auto& field : parser.get()) {
        response.fields.emplace_back(std::string(field.name_string()), std::string(field.value()));
    }
    response.body = std::move(parser.get().body());
    return response;
}

bool HttpsClient::closed_by_server() {
    return connection_->input.size() == 0 && connection_->read_some() && connection_->input.size() == 0;
}

std::string HttpsClient::peer_certificate_digest() const {
    const std::unique_ptr<X509, void (*)(X509*)> certificate(
        SSL_get1_peer_certificate(connection_->secure->native_handle()), X509_free);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (!certificate || X509_digest(certificate.get(), EVP_sha256(), digest.data(), &size) != 1) return {};
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        constexpr std::string_view digits = "0123456789abcdef";
        text += digits[digest[i] >> 4u];
        text += digits[digest[i] & 15u];
    }
    return text;
}

} // namespace leerspoor::tests
