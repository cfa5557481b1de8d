#include "client_connection.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace leerspoor::bench {
namespace {

constexpr std::size_t read_buffer_size = 64u << 10; // some TLS records at once
constexpr int patience_milliseconds = 20'000;

[[noreturn]] void fail(const Target& target, const std::string& what) {
    throw std::runtime_error("cannot connect to " + target.address + ":" + std::to_string(target.port) +
                             ": " + what);
}

sockaddr_storage socket_address(const Target& target, socklen_t& size) {
    sockaddr_storage storage{};
    auto* const v4 = reinterpret_cast<sockaddr_in*>(&storage);
    auto* const v6 = reinterpret_cast<sockaddr_in6*>(&storage);
    if (::inet_pton(AF_INET, target.address.c_str(), &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(target.port);
        size = sizeof(sockaddr_in);
    } else if (::inet_pton(AF_INET6, target.address.c_str(), &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(target.port);
        size = sizeof(sockaddr_in6);
    } else {
        fail(target, "this is not an IP address");
    }
    return storage;
}

} // namespace

ClientTls make_client_tls(const Target& target) {
    ClientTls tls(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    if (!tls) throw std::runtime_error("OpenSSL cannot start");
    SSL_CTX_set_mode(tls.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(tls.get(), 1);
    SSL_CTX_set_default_read_buffer_len(tls.get(), read_buffer_size);
    SSL_CTX_set_options(tls.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);
    if (target.certificate.empty()) return tls;
    if (SSL_CTX_load_verify_locations(tls.get(), target.certificate.c_str(), nullptr) != 1) {
        throw std::runtime_error("cannot read the certificate " + target.certificate);
    }
    SSL_CTX_set_verify(tls.get(), SSL_VERIFY_PEER, nullptr);
    return tls;
}

ClientConnection::ClientConnection(const Target& target, const ClientTls& tls) {
    socklen_t size = 0;
    const sockaddr_storage address = socket_address(target, size);
    socket_ = ::socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    if (socket_ >= 0) ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (socket_ < 0 || ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), size) != 0) {
        const std::string reason = std::strerror(errno);
        if (socket_ >= 0) ::close(socket_);
        fail(target, reason);
    }
    ::fcntl(socket_, F_SETFL, O_NONBLOCK);
    ssl_ = SSL_new(tls.get());
    SSL_set_fd(ssl_, socket_);
    if (!target.certificate.empty())
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_), target.address.c_str());
    for (;;) {
        const int result = SSL_connect(ssl_);
        if (result == 1) return;
        const int wanted = SSL_get_error(ssl_, result);
        const bool read = wanted == SSL_ERROR_WANT_READ;
        if ((read || wanted == SSL_ERROR_WANT_WRITE) && wait_for(read ? POLLIN : POLLOUT)) continue;
        const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
        SSL_free(ssl_);
        ::close(socket_);
        fail(target, std::string("TLS: ") + (reason ? reason : "the other side went away"));
    }
}

ClientConnection::~ClientConnection() {
    SSL_shutdown(ssl_);
    SSL_free(ssl_);
    ::close(socket_);
}

bool ClientConnection::wait_for(short events) const {
    pollfd waiting{socket_, events, 0};
    return ::poll(&waiting, 1, patience_milliseconds) > 0;
}

void ClientConnection::begin(bool keep_body) {
    sent_ = 0;
    answer_.begin(keep_body);
    began_ = Clock::now();
}

ClientConnection::Progress ClientConnection::advance() {
    while (sent_ < request_.size()) {
        std::size_t written = 0;
        ERR_clear_error();
        const int result = SSL_write_ex(ssl_, request_.data() + sent_, request_.size() - sent_, &written);
        sent_ += written;
        if (result != 1) {
            return SSL_get_error(ssl_, result) == SSL_ERROR_WANT_WRITE ? Progress::waiting : Progress::lost;
        }
        // An answer takes its time: the socket says when there is something to read.
        if (sent_ == request_.size()) return Progress::waiting;
    }
    static thread_local std::array<char, read_buffer_size> buffer;
    for (;;) {
        std::size_t got = 0;
        ERR_clear_error();
        const int result = SSL_read_ex(ssl_, buffer.data(), buffer.size(), &got);
        if (result != 1) {
            return SSL_get_error(ssl_, result) == SSL_ERROR_WANT_READ ? Progress::waiting : Progress::lost;
        }
        switch (answer_.take({buffer.data(), got})) {
        case AnswerReader::State::reading:
            break;
        case AnswerReader::State::done:
            return Progress::answered;
        case AnswerReader::State::broken:
            return Progress::lost;
        }
    }
}

} // namespace leerspoor::bench
