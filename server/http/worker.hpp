// One thread of the server: its event loop, its connections, their deadlines. Everything here is called from
// that thread unless it says otherwise.
#pragma once

#include "server/http/connection.hpp"
#include "server/http/loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <cstddef>
#include <string>

namespace leerspoor::server::http {

class Worker {
  public:
    Worker(Shared& shared, std::size_t number);

    // Until stop() was called and the last connection is gone.
    void run();

    // Any thread.
    void start_connection(Socket socket, TlsContext tls, Visitor visitor);
    void stop();

    boost::asio::io_context& io() { return loop_.io(); }

  private:
    using Clock = std::chrono::steady_clock;
    using Connections = boost::intrusive::list<Connection, boost::intrusive::base_hook<ConnectionHook>,
                                               boost::intrusive::constant_time_size<false>>;

    void begin_stop();
    void wait_for_tick();
    void tick();
    void finish_when_empty();

    Connections connections_; // before loop_: its coroutines unhook themselves when it goes
    Loop loop_;
    Clock::time_point stop_deadline_ = Clock::time_point::max();
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    boost::asio::steady_timer tick_timer_;
};

} // namespace leerspoor::server::http
