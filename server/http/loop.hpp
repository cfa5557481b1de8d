// One thread's event loop and what the connections on it share. Everything is called from that thread.
#pragma once

#include "server/http/body_memory.hpp"
#include "server/http/connection_count.hpp"
#include "server/http/handler.hpp"
#include "server/http/limits.hpp"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace leerspoor::server {
class Log;
}

namespace leerspoor::server::http {

// What the threads have in common; outlives them.
struct Shared {
    Limits limits;
    Handler& handler;
    Log& log;
    ConnectionCount count;
    std::atomic<std::size_t> refusing = 0; // connections that wait to be told that there are too many
    std::string id_prefix;                 // makes request ids differ between runs
    BodyMemory bodies{limits.body_memory};
    BodyMemory strangers_bodies{limits.strangers_body_memory};
    MemoryOfClients bodies_of{limits.client_body_memory};
    BodyMemory answers{limits.answer_memory};
    MemoryOfClients answers_of{limits.client_answer_memory};
};

class Loop {
  public:
    // `left` runs on the loop after a connection has gone.
    Loop(Shared& shared, std::size_t number, std::function<void()> left);

    boost::asio::io_context& io() { return io_; }
    Shared& shared() { return shared_; }
    const Limits& limits() const { return shared_.limits; }
    Log& log() { return shared_.log; }

    std::string next_id();   // of a request
    std::string_view date(); // valid until the next call
    std::string& output();   // scratch, empty; for one response between two suspensions

    bool stopping() const { return stopping_; }
    void begin_stop() { stopping_ = true; }
    void left() { boost::asio::post(io_, left_); }

  private:
    Shared& shared_;
    std::string id_prefix_;
    std::uint64_t last_id_ = 0;
    std::time_t date_second_ = -1;
    std::string date_;
    std::string output_;
    bool stopping_ = false;
    std::function<void()> left_;
    boost::asio::io_context io_{1}; // last: what it still holds when it goes uses the above
};

} // namespace leerspoor::server::http
