// One client's connection, from the handshake to the goodbye: reads requests within their limits, asks the
// handler, writes the answers in order. Lives on one worker's thread.
#pragma once

#include "server/http/parser.hpp"
#include "server/http/transport.hpp"
#include "server/http/worker.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace leerspoor::server::http {

struct Visitor {
    std::string address;   // for RequestHead::remote_address
    std::string client;    // for ConnectionCount
    int refuse_status = 0; // 429 or 503: there are too many connections
};

class Connection : public ConnectionHook {
  public:
    using Clock = std::chrono::steady_clock;

    Connection(Worker& worker, Socket socket, TlsContext tls, Visitor visitor);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    static boost::asio::awaitable<void> run(std::unique_ptr<Connection> connection);

    // The worker calls these between two steps of the coroutine.
    void check_deadline(Clock::time_point now);
    void stop();
    void close() { transport_.close(); }

  private:
    struct Exchange;  // one request and its answer
    class BodyStream; // the body of a request that the handler reads itself

    boost::asio::awaitable<bool> serve_one();
    boost::asio::awaitable<bool> wait_for_request();
    boost::asio::awaitable<bool> read_head(Exchange& exchange);
    boost::asio::awaitable<void> admit(Exchange& exchange);
    boost::asio::awaitable<bool> read_body(Exchange& exchange);
    boost::asio::awaitable<bool> read_piece(Exchange& exchange, std::optional<Refusal>& refusal);
    boost::asio::awaitable<void> handle(Exchange& exchange);
    boost::asio::awaitable<bool> answer(Exchange& exchange);
    boost::asio::awaitable<bool> write_source(BodySource& source, std::uint64_t& bytes_out);
    boost::asio::awaitable<bool> discard_body(Exchange& exchange);

    boost::asio::awaitable<bool> read_some();
    boost::asio::awaitable<bool> write(std::string_view data);
    void refuse(Exchange& exchange, const Refusal& refusal);
    std::string_view buffered() const;
    void set_deadline(std::chrono::seconds time);
    void no_deadline() { deadline_ = Clock::time_point::max(); }

    Worker& worker_;
    Visitor visitor_;
    Transport transport_;
    boost::beast::flat_buffer input_;
    Clock::time_point deadline_ = Clock::time_point::max();
    bool expired_ = false;
    bool idle_ = true; // nothing of a request has arrived, or it is being shut down
};

} // namespace leerspoor::server::http
