#include "server/http/acceptor.hpp"

#include "server/support/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace leerspoor::server::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// After "too many open files" there is nothing to do but wait until connections close.
constexpr std::chrono::milliseconds exhausted_pause{100};
// Beyond so many that wait for their 429 or 503, a new one is closed without a word.
constexpr std::size_t refusing_limit = 64;

bool is_exhausted(const boost::system::error_code& error) {
    namespace errc = boost::system::errc;
    return error == errc::too_many_files_open || error == errc::too_many_files_open_in_system ||
           error == errc::no_buffer_space || error == errc::not_enough_memory;
}

Error unusable(const std::string& address, std::uint16_t port, const boost::system::error_code& reason) {
    std::string advice = "Give an address of this machine.";
    if (reason == boost::system::errc::address_in_use) {
        advice = "Another program listens there: stop it, or choose another port.";
    } else if (reason == boost::system::errc::permission_denied) {
        advice =
            "Ports below 1024 need the capability CAP_NET_BIND_SERVICE: grant it, or choose a higher port.";
    }
    return Error{"address_unusable", "",
                 "Cannot listen on " + address + " port " + std::to_string(port) + " (" + reason.message() +
                     "). " + advice};
}

} // namespace

Acceptor::Acceptor(Shared& shared, std::vector<std::unique_ptr<Worker>>& workers, CurrentTls& tls)
    : shared_(shared), workers_(workers), tls_(tls), acceptor_(io_), pause_(io_) {}

Result<void> Acceptor::open(const std::string& address, std::uint16_t port) {
    boost::system::error_code error;
    const auto ip = asio::ip::make_address(address, error);
    if (error) {
        return Error{"address_unusable", "",
                     "\"" + address + "\" is not an IP address. Write one like 127.0.0.1, 0.0.0.0 or ::."};
    }
    const tcp::endpoint endpoint(ip, port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return unusable(address, port, error);
    port_ = acceptor_.local_endpoint(error).port();
    return {};
}

void Acceptor::run() {
    asio::co_spawn(io_, accept(), asio::detached);
    io_.run();
}

void Acceptor::stop() {
    asio::post(io_, [this] {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        pause_.cancel();
    });
}

asio::awaitable<void> Acceptor::accept() {
    for (std::size_t turn = 0; acceptor_.is_open(); ++turn) {
        Worker& worker = *workers_[turn % workers_.size()];
        boost::system::error_code error;
        tcp::endpoint peer;
        Socket socket(worker.io());
        co_await acceptor_.async_accept(socket, peer, asio::redirect_error(asio::use_awaitable, error));
        if (error) {
            if (is_exhausted(error)) {
                co_await back_off(error);
            }
            continue;
        }
        complained_ = false;
        try {
            welcome(std::move(socket), peer, worker);
        } catch (...) {
            shared_.log.failure("a new connection was dropped", std::current_exception());
        }
    }
}

asio::awaitable<void> Acceptor::back_off(const boost::system::error_code& reason) {
    if (!std::exchange(complained_, true)) {
        shared_.log.event(Level::error,
                          "cannot accept connections for now: raise the limit on open files, or lower the "
                          "limit on connections",
                          {{"reason", reason.message()}});
    }
    pause_.expires_after(exhausted_pause);
    boost::system::error_code ignored;
    co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

void Acceptor::welcome(Socket socket, const tcp::endpoint& peer, Worker& worker) {
    const auto address = plain_address(peer.address());
    std::string client = client_key(address);
    const auto counts = shared_.count.add(client);
    int refuse_status = 0;
    // A proxy brings everybody's connections.
    const bool is_proxy = shared_.limits.trusted_proxies.contains(address);
    if (!is_proxy && counts.of_client > shared_.limits.connections_per_client) refuse_status = 429;
    if (counts.all > shared_.limits.connections) refuse_status = 503;
    if (refuse_status != 0 && ++shared_.refusing > refusing_limit) {
        --shared_.refusing;
        shared_.count.remove(client);
        return;
    }
    worker.start_connection(std::move(socket), tls_.get(),
                            Visitor{address.to_string(), std::move(client), is_proxy, refuse_status});
}

} // namespace leerspoor::server::http
