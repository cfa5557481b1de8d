// One TCP connection, encrypted or plain, behind one interface. OpenSSL works straight on the non-blocking
// socket, so that an idle connection holds no buffers and small reads and writes need no asynchronous
// operation. Used from the thread of its socket's io_context only.
#pragma once

#include "server/http/tls.hpp"
#include "spec/base/freed.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace leerspoor::server::http {

using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

class Transport {
  public:
    // Plain when `tls` is null.
    Transport(Socket socket, TlsContext tls);
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;
    ~Transport();

    // False: it failed, or was cancelled. A client that spoke plain HTTP was told so.
    boost::asio::awaitable<bool> handshake();

    // At once: how many bytes; 0 at the end of the stream or after an error; nothing when none are there yet.
    std::optional<std::size_t> try_read(char* data, std::size_t size);
    // Something was received and decrypted, or waits to be: do not wait for more before try_read().
    bool has_pending() const { return ssl_ && SSL_has_pending(ssl_.get()) == 1; }
    boost::asio::awaitable<bool> readable();

    // At once: how many bytes were taken; nothing after an error. Fewer than given: wait until writable().
    std::optional<std::size_t> try_write(std::string_view data);
    boost::asio::awaitable<bool> writable();

    // Says goodbye in TLS and TCP, then discards what still comes, so that the last response is not lost in a
    // connection reset; until the peer closes, or cancel().
    boost::asio::awaitable<void> shut_down();

    // Calls `left` once when the peer has closed its side, until unwatch(). While nothing else is under way.
    void watch(std::function<void()> left);
    void unwatch();

    // Ends the wait that is under way with a failure; the connection stays usable.
    void cancel();
    void close();

  private:
    void give_up_handshake();
    void say_goodbye();
    bool discard(); // once; false: the peer has closed
    bool peer_has_closed() const;
    void wait_for_close();
    boost::asio::awaitable<bool> ready(Socket::wait_type what);

    Socket socket_;
    TlsContext tls_; // outlives its connections when the certificate is reloaded
    std::unique_ptr<SSL, spec::Freed<SSL_free>> ssl_;
    std::shared_ptr<std::function<void()>> watching_;
    int wanted_ = SSL_ERROR_NONE; // why the last TLS operation stopped
    bool failed_ = false;
};

} // namespace leerspoor::server::http
