// One client's connection, from the handshake to the goodbye: reads requests within their limits, asks the
// handler, writes the answers in order. Lives on one thread.
#pragma once

#include "server/http/handler.hpp"
#include "server/http/loop.hpp"
#include "server/http/parser.hpp"
#include "server/http/transport.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/intrusive/list_hook.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>

namespace leerspoor::server::http {

struct Visitor {
    std::string address;   // for RequestHead::remote_address
    std::string client;    // for ConnectionCount
    bool is_proxy = false; // that is trusted to say who sends a request
    int refuse_status = 0; // 429 or 503: there are too many connections
};

// Hooks a connection into its thread's list; unhooks itself.
using ConnectionHook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

class Connection : public ConnectionHook {
  public:
    using Clock = std::chrono::steady_clock;

    Connection(Loop& loop, Socket socket, TlsContext tls, Visitor visitor);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    static boost::asio::awaitable<void> run(std::unique_ptr<Connection> connection);

    // The thread calls these between two steps of the coroutine.
    void check_deadline(Clock::time_point now);
    void stop();
    void close() { transport_.close(); }

  private:
    struct Turn; // one request and its answer
    class Watch;
    class BodyStream; // the body of a request that the handler reads itself

    boost::asio::awaitable<bool> serve_one();
    boost::asio::awaitable<bool> wait_for_request();
    boost::asio::awaitable<bool> read_head(Turn& turn);
    boost::asio::awaitable<void> admit(Turn& turn);
    boost::asio::awaitable<bool> read_body(Turn& turn);
    boost::asio::awaitable<bool> read_piece(Turn& turn, std::optional<Refusal>& refusal);
    boost::asio::awaitable<void> handle(Turn& turn);
    void fail(Turn& turn, const std::exception_ptr& failure);
    boost::asio::awaitable<bool> answer(Turn& turn);
    boost::asio::awaitable<bool> write_source(const Turn& turn, BodyShare& held, bool chunked,
                                              std::uint64_t& bytes_out);
    boost::asio::awaitable<bool> discard_body(Turn& turn);

    boost::asio::awaitable<bool> read_some();
    bool had_its_turn() const;
    boost::asio::awaitable<void> let_others();
    boost::asio::awaitable<bool> write(std::string_view data);
    void refuse(Turn& turn, const Refusal& refusal);
    std::string_view buffered() const;
    void set_deadline(std::chrono::seconds time);
    void no_deadline() { deadline_ = Clock::time_point::max(); }

    Loop& loop_;
    Visitor visitor_;
    Transport transport_;
    boost::beast::flat_buffer input_;
    Clock::time_point deadline_ = Clock::time_point::max();
    Clock::time_point turn_began_ = Clock::now();
    bool expired_ = false;
    bool idle_ = true; // nothing of a request has arrived, or it is being shut down
};

} // namespace leerspoor::server::http
