#include "tests/server/http_client.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <openssl/err.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <utility>

namespace leerspoor::tests {

Client Client::plain(std::uint16_t port) {
    Client client;
    client.socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client.socket_ < 0) throw std::runtime_error("no socket");
    const timeval patience{20, 0};
    ::setsockopt(client.socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(client.socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    client.connected_ =
        ::connect(client.socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    return client;
}

Client Client::tls(std::uint16_t port, TlsChoice choice) {
    Client client = plain(port);
    if (client.connected_) client.handshake(choice);
    return client;
}

bool Client::handshake(TlsChoice choice) {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    if (choice.max_version != 0) {
        // OpenSSL itself would not offer the old versions at its usual level.
        SSL_CTX_set_cipher_list(context_.get(), "ALL:@SECLEVEL=0");
        SSL_CTX_set_min_proto_version(context_.get(), choice.max_version);
        SSL_CTX_set_max_proto_version(context_.get(), choice.max_version);
    }
    SSL_CTX_set_options(context_.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), socket_);
    if (choice.session != nullptr) SSL_set_session(ssl_.get(), choice.session);
    const std::string_view protocols = choice.protocols;
    if (!protocols.empty()) {
        SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(protocols.data()),
                            static_cast<unsigned>(protocols.size()));
    }
    ERR_clear_error();
    connected_ = SSL_connect(ssl_.get()) == 1;
    return connected_;
}

Client::Client(Client&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), connected_(other.connected_), timed_out_(other.timed_out_),
      context_(std::move(other.context_)), ssl_(std::move(other.ssl_)), input_(std::move(other.input_)) {}

Client::~Client() {
    if (socket_ >= 0) ::close(socket_);
}

void Client::send(std::string_view bytes) {
    while (!bytes.empty()) {
        long sent = 0;
        if (ssl_) {
            std::size_t taken = 0;
            ERR_clear_error();
            if (SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &taken) == 1)
                sent = static_cast<long>(taken);
        } else {
            sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        }
        if (sent <= 0) return; // the reply, or its absence, will tell
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::size_t Client::receive(char* data, std::size_t size) {
    if (ssl_) {
        std::size_t got = 0;
        ERR_clear_error();
        if (SSL_read_ex(ssl_.get(), data, size, &got) == 1) return got;
        timed_out_ = SSL_get_error(ssl_.get(), 0) == SSL_ERROR_WANT_READ;
        return 0;
    }
    const ssize_t got = ::recv(socket_, data, size, 0);
    timed_out_ = got < 0 && errno == EAGAIN;
    return got > 0 ? static_cast<std::size_t>(got) : 0;
}

bool Client::fill() {
    std::array<char, 16384> data;
    const std::size_t got = receive(data.data(), data.size());
    input_.append(data.data(), got);
    return got != 0;
}

Reply Client::reply(bool to_head) {
    std::size_t end = 0;
    while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
        if (!fill()) return {};
    }
    Reply reply;
    reply.status = std::stoi(input_.substr(input_.find(' ') + 1, 3));
    std::size_t line = input_.find("\r\n") + 2;
    while (line < end + 2) {
        const std::size_t line_end = input_.find("\r\n", line);
        const std::size_t colon = input_.find(':', line);
        std::string name = input_.substr(line, colon - line);
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        reply.fields[name] = input_.substr(colon + 2, line_end - colon - 2);
        line = line_end + 2;
    }
    input_.erase(0, end + 4);
    if (!to_head && reply.fields.count("transfer-encoding") != 0) {
        reply.status = read_chunks(reply.body) ? reply.status : 0;
        return reply;
    }
    const auto length = reply.fields.find("content-length");
    const std::size_t size = to_head || length == reply.fields.end() ? 0 : std::stoul(length->second);
    while (input_.size() < size) {
        if (!fill()) return {};
    }
    reply.body = input_.substr(0, size);
    input_.erase(0, size);
    return reply;
}

// False: the connection ended before the last chunk.
bool Client::read_chunks(std::string& body) {
    for (;;) {
        std::size_t line = 0;
        while ((line = input_.find("\r\n")) == std::string::npos) {
            if (!fill()) return false;
        }
        const std::size_t size = std::stoul(input_.substr(0, line), nullptr, 16);
        while (input_.size() < line + 2 + size + 2) {
            if (!fill()) return false;
        }
        body += input_.substr(line + 2, size);
        if (input_.substr(line + 2 + size, 2) != "\r\n") throw std::runtime_error("a chunk without an end");
        input_.erase(0, line + 2 + size + 2);
        if (size == 0) return true;
    }
}

std::string Client::rest() {
    while (fill()) {
    }
    return std::exchange(input_, {});
}

Reply Client::get(const std::string& target) {
    send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return reply();
}

bool Client::closed_by_server() {
    while (fill()) {
    }
    return !timed_out_;
}

void Client::finish_sending() {
    ::shutdown(socket_, SHUT_WR);
}

} // namespace leerspoor::tests
