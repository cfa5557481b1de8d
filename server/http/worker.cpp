#include "server/http/worker.hpp"

#include "server/support/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <memory>
#include <utility>

namespace leerspoor::server::http {
namespace {

constexpr std::chrono::milliseconds tick_interval{250};

} // namespace

Worker::Worker(Shared& shared, std::size_t number)
    : loop_(shared, number, [this] { finish_when_empty(); }), work_(loop_.io().get_executor()),
      tick_timer_(loop_.io()) {}

void Worker::run() {
    wait_for_tick();
    for (;;) {
        try {
            loop_.io().run();
            return;
        } catch (...) {
            loop_.log().failure("unexpected error on an event loop", std::current_exception());
        }
    }
}

void Worker::start_connection(Socket socket, TlsContext tls, Visitor visitor) {
    auto connection =
        std::make_unique<Connection>(loop_, std::move(socket), std::move(tls), std::move(visitor));
    boost::asio::post(io(), [this, arrived = std::move(connection)]() mutable {
        if (loop_.stopping()) return;
        connections_.push_back(*arrived);
        boost::asio::co_spawn(io(), Connection::run(std::move(arrived)),
                              [this](const std::exception_ptr& failure) {
                                  if (failure)
                                      loop_.log().failure("unexpected error in a connection", failure);
                              });
    });
}

void Worker::stop() {
    boost::asio::post(io(), [this] { begin_stop(); });
}

void Worker::begin_stop() {
    if (loop_.stopping()) return;
    loop_.begin_stop();
    stop_deadline_ = Clock::now() + loop_.limits().stop_time;
    for (Connection& connection : connections_) connection.stop();
    finish_when_empty();
}

void Worker::finish_when_empty() {
    if (!loop_.stopping() || !connections_.empty()) return;
    tick_timer_.cancel();
    work_.reset();
}

void Worker::wait_for_tick() {
    tick_timer_.expires_after(tick_interval);
    tick_timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) tick();
    });
}

void Worker::tick() {
    const auto now = Clock::now();
    if (now >= stop_deadline_) {
        // What still runs is cut off: its coroutines go with the io_context.
        for (Connection& connection : connections_) connection.close();
        io().stop();
        return;
    }
    for (Connection& connection : connections_) connection.check_deadline(now);
    wait_for_tick();
}

} // namespace leerspoor::server::http
