// Takes new connections and deals them out to the workers in turn, within the limits on their number.
#pragma once

#include "server/http/tls.hpp"
#include "server/http/worker.hpp"
#include "spec/base/error.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace leerspoor::server::http {

// The TLS context that new connections use; null for plain HTTP. Any thread.
class CurrentTls {
  public:
    void set(TlsContext context) {
        const std::lock_guard lock(mutex_);
        context_ = std::move(context);
    }
    TlsContext get() const {
        const std::lock_guard lock(mutex_);
        return context_;
    }

  private:
    mutable std::mutex mutex_;
    TlsContext context_;
};

// Works on a thread of its own, which nothing that a client sends keeps busy.
class Acceptor {
  public:
    Acceptor(Shared& shared, std::vector<std::unique_ptr<Worker>>& workers, CurrentTls& tls);

    // Error: address_unusable.
    Result<void> open(const std::string& address, std::uint16_t port);
    std::uint16_t port() const { return port_; }
    void run();  // once; until stop()
    void stop(); // any thread

  private:
    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> back_off(const boost::system::error_code& reason);
    void welcome(Socket socket, const boost::asio::ip::tcp::endpoint& peer, Worker& worker);

    Shared& shared_;
    std::vector<std::unique_ptr<Worker>>& workers_;
    CurrentTls& tls_;
    boost::asio::io_context io_{1};
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer pause_;
    std::uint16_t port_ = 0;
    bool complained_ = false;
};

} // namespace leerspoor::server::http
