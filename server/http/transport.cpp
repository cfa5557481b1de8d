#include "server/http/transport.hpp"

#include "server/http/socket_bio.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

namespace leerspoor::server::http {

namespace asio = boost::asio;

namespace {

// For the person who typed http:// before a TLS port.
constexpr std::string_view answer_to_plain_http =
    "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 66\r\n\r\n"
    "This port speaks HTTPS only. Write https:// in place of http://.\r\n";

} // namespace

Transport::Transport(Socket socket, TlsContext tls) : socket_(std::move(socket)), tls_(std::move(tls)) {
    boost::system::error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket_.native_non_blocking(true, ignored);
    if (!tls_) return;
    ssl_.reset(SSL_new(tls_.get()));
    BIO* bio = ssl_ ? make_socket_bio(socket_.native_handle()) : nullptr;
    failed_ = bio == nullptr;
    if (failed_) return;
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_accept_state(ssl_.get());
}

Transport::~Transport() = default;

asio::awaitable<bool> Transport::ready(Socket::wait_type what) {
    boost::system::error_code error;
    co_await socket_.async_wait(what, asio::redirect_error(asio::use_awaitable, error));
    co_return !error;
}

asio::awaitable<bool> Transport::handshake() {
    if (failed_) co_return false;
    if (!ssl_) co_return true;
    for (;;) {
        ERR_clear_error();
        const int result = SSL_do_handshake(ssl_.get());
        if (result == 1) co_return true;
        wanted_ = SSL_get_error(ssl_.get(), result);
        if (wanted_ != SSL_ERROR_WANT_READ && wanted_ != SSL_ERROR_WANT_WRITE) {
            give_up_handshake();
            co_return false;
        }
        const bool read = wanted_ == SSL_ERROR_WANT_READ;
        if (!co_await ready(read ? Socket::wait_read : Socket::wait_write)) co_return false;
    }
}

void Transport::give_up_handshake() {
    failed_ = ERR_GET_REASON(ERR_peek_error()) != SSL_R_HTTP_REQUEST;
    if (failed_) return;
    ssl_.reset();
    try_write(answer_to_plain_http);
}

std::optional<std::size_t> Transport::try_read(char* data, std::size_t size) {
    if (failed_) return 0;
    if (!ssl_) {
        const ssize_t got = ::recv(socket_.native_handle(), data, size, 0);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return std::nullopt;
        failed_ = true;
        return 0;
    }
    ERR_clear_error();
    std::size_t got = 0;
    const int result = SSL_read_ex(ssl_.get(), data, size, &got);
    if (result == 1) return got;
    wanted_ = SSL_get_error(ssl_.get(), result);
    if (wanted_ == SSL_ERROR_WANT_READ || wanted_ == SSL_ERROR_WANT_WRITE) return std::nullopt;
    failed_ = wanted_ != SSL_ERROR_ZERO_RETURN;
    return 0;
}

asio::awaitable<bool> Transport::readable() {
    co_return co_await ready(ssl_ && wanted_ == SSL_ERROR_WANT_WRITE ? Socket::wait_write
                                                                     : Socket::wait_read);
}

std::optional<std::size_t> Transport::try_write(std::string_view data) {
    std::size_t total = 0;
    while (!failed_ && total < data.size()) {
        std::size_t put = 0;
        if (ssl_) {
            ERR_clear_error();
            const int result = SSL_write_ex(ssl_.get(), data.data() + total, data.size() - total, &put);
            if (result != 1) {
                wanted_ = SSL_get_error(ssl_.get(), result);
                if (wanted_ == SSL_ERROR_WANT_READ || wanted_ == SSL_ERROR_WANT_WRITE) return total;
                failed_ = true;
            }
        } else {
            const ssize_t sent =
                ::send(socket_.native_handle(), data.data() + total, data.size() - total, MSG_NOSIGNAL);
            if (sent < 0) {
                if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return total;
                failed_ = true;
            }
            put = static_cast<std::size_t>(std::max<ssize_t>(sent, 0));
        }
        total += put;
    }
    if (failed_) return std::nullopt;
    return total;
}

asio::awaitable<bool> Transport::writable() {
    co_return co_await ready(ssl_ && wanted_ == SSL_ERROR_WANT_READ ? Socket::wait_read : Socket::wait_write);
}

void Transport::say_goodbye() {
    if (ssl_ && SSL_is_init_finished(ssl_.get()) == 1) {
        ERR_clear_error();
        SSL_shutdown(ssl_.get());
    }
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
}

bool Transport::discard() {
    std::array<char, 4096> discarded;
    const ssize_t got = ::recv(socket_.native_handle(), discarded.data(), discarded.size(), 0);
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR));
}

asio::awaitable<void> Transport::shut_down() {
    if (!failed_) say_goodbye();
    bool open = !failed_ && discard();
    while (open) {
        const bool more = co_await ready(Socket::wait_read);
        open = more && discard();
    }
}

bool Transport::peer_has_closed() const {
    pollfd asked{const_cast<Socket&>(socket_).native_handle(), POLLRDHUP,
                 0}; // NOLINT(cppcoreguidelines-pro-type-const-cast): only read
    return ::poll(&asked, 1, 0) > 0;
}

void Transport::watch(std::function<void()> left) {
    watching_ = std::make_shared<std::function<void()>>(std::move(left));
    wait_for_close();
}

// What arrives meanwhile stays where it is.
void Transport::wait_for_close() {
    if (peer_has_closed()) return (*watching_)();
    const std::weak_ptr<std::function<void()>> watching = watching_;
    socket_.async_wait(Socket::wait_read, [this, watching](const boost::system::error_code& error) {
        if (!error && watching.lock()) wait_for_close();
    });
}

void Transport::unwatch() {
    watching_.reset();
    cancel();
}

void Transport::cancel() {
    boost::system::error_code ignored;
    socket_.cancel(ignored);
}

void Transport::close() {
    failed_ = true;
    boost::system::error_code ignored;
    socket_.close(ignored);
}

} // namespace leerspoor::server::http
