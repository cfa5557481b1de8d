// One thread of the server: its event loop, its connections, their deadlines. Everything here is called from
// that thread unless it says otherwise.
#pragma once

#include "server/http/connection_count.hpp"
#include "server/http/server.hpp"
#include "server/http/tls.hpp"
#include "server/http/transport.hpp"

#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace leerspoor::server::http {

class Connection;

// What the threads have in common; outlives them.
struct Shared {
    Limits limits;
    Handler* handler = nullptr;
    ConnectionCount count;
    std::atomic<std::size_t> refusing = 0; // connections that wait to be told that there are too many
    std::string id_prefix;                 // makes request ids differ between runs
};

// Hooks a connection into its worker's list; unhooks itself.
using ConnectionHook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

class Worker {
  public:
    Worker(Shared& shared, std::size_t number);
    ~Worker();

    // Until stop() was called and the last connection is gone.
    void run();

    // Any thread.
    void start_connection(Socket socket, TlsContext tls, std::string remote_address, std::string client,
                          int refuse_status);
    void stop();

    boost::asio::io_context& io() { return io_; }
    Shared& shared() { return shared_; }
    bool stopping() const { return stopping_; }
    std::string next_id();
    std::string_view date(); // valid until the next call
    std::string& output();   // scratch, empty; for one response between two suspensions
    void left();             // a connection is gone

  private:
    using Clock = std::chrono::steady_clock;
    using Connections = boost::intrusive::list<Connection, boost::intrusive::base_hook<ConnectionHook>,
                                               boost::intrusive::constant_time_size<false>>;

    void begin_stop();
    void wait_for_tick();
    void tick();
    void finish_when_empty();

    Shared& shared_;
    std::string id_prefix_;
    std::uint64_t last_id_ = 0;
    std::time_t date_second_ = -1;
    std::string date_;
    std::string output_;
    std::unique_ptr<Connections> connections_; // before io_: its coroutines unhook themselves when it goes
    bool stopping_ = false;
    Clock::time_point stop_deadline_ = Clock::time_point::max();
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    boost::asio::steady_timer tick_timer_;
};

} // namespace leerspoor::server::http
