#include "server/http/worker.hpp"

#include "server/http/connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <charconv>
#include <ctime>
#include <exception>
#include <spdlog/spdlog.h>

namespace leerspoor::server::http {
namespace {

constexpr std::chrono::milliseconds tick_interval{250};

void log_uncaught(const char* where, const std::exception_ptr& failure) {
    if (!failure) return;
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        spdlog::error("unexpected error in {}: {}", where, error.what());
    } catch (...) {
        spdlog::error("unexpected error in {}", where);
    }
}

} // namespace

Worker::Worker(Shared& shared, std::size_t number)
    : shared_(shared), id_prefix_(shared.id_prefix + std::to_string(number) + "-"),
      connections_(std::make_unique<Connections>()), work_(io_.get_executor()), tick_timer_(io_) {}

Worker::~Worker() = default;

void Worker::run() {
    wait_for_tick();
    for (;;) {
        try {
            io_.run();
            return;
        } catch (...) {
            log_uncaught("posted work", std::current_exception());
        }
    }
}

void Worker::start_connection(Socket socket, TlsContext tls, std::string remote_address, std::string client,
                              int refuse_status) {
    auto connection =
        std::make_unique<Connection>(*this, std::move(socket), std::move(tls),
                                     Visitor{std::move(remote_address), std::move(client), refuse_status});
    boost::asio::post(io_, [this, arrived = std::move(connection)]() mutable {
        if (stopping_) return;
        connections_->push_back(*arrived);
        boost::asio::co_spawn(
            io_, Connection::run(std::move(arrived)),
            [](const std::exception_ptr& failure) { log_uncaught("a connection", failure); });
    });
}

void Worker::stop() {
    boost::asio::post(io_, [this] { begin_stop(); });
}

void Worker::begin_stop() {
    if (stopping_) return;
    stopping_ = true;
    stop_deadline_ = Clock::now() + shared_.limits.stop_time;
    for (Connection& connection : *connections_) connection.stop();
    finish_when_empty();
}

void Worker::left() {
    boost::asio::post(io_, [this] { finish_when_empty(); });
}

void Worker::finish_when_empty() {
    if (!stopping_ || !connections_->empty()) return;
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
        for (Connection& connection : *connections_) connection.close();
        io_.stop();
        return;
    }
    for (Connection& connection : *connections_) connection.check_deadline(now);
    wait_for_tick();
}

std::string Worker::next_id() {
    std::array<char, 16> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), ++last_id_, 16).ptr;
    std::string id;
    id.reserve(id_prefix_.size() + digits.size());
    id += id_prefix_;
    id.append(digits.data(), end);
    return id;
}

std::string_view Worker::date() {
    const std::time_t second = std::time(nullptr);
    if (second != date_second_) {
        date_second_ = second;
        std::tm broken_down{};
        gmtime_r(&second, &broken_down);
        std::array<char, 40> text;
        // The C locale: nobody in this program sets another.
        date_.assign(text.data(),
                     std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &broken_down));
    }
    return date_;
}

std::string& Worker::output() {
    output_.clear();
    return output_;
}

} // namespace leerspoor::server::http
