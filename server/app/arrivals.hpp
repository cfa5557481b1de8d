// Lets coroutines wait until something new is visible in the store.
#pragma once

#include "storage/record_store.hpp"

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace leerspoor::server {

// One thread looks ten times a second, for all who wait: what arrives in between wakes them once. Any thread.
class Arrivals {
  public:
    using Clock = std::chrono::steady_clock;

    explicit Arrivals(storage::RecordStore& store) : store_(store) {}
    Arrivals(const Arrivals&) = delete;
    Arrivals& operator=(const Arrivals&) = delete;
    ~Arrivals() { stop(); }

    // Goes on when something after `seen` is visible, or at `end`. False: the server stops, or the client
    // left. REQUIRES: `client_left` lives as long.
    boost::asio::awaitable<bool> after(storage::Sequence seen, Clock::time_point end,
                                       const std::atomic<bool>& client_left);
    // Nobody waits any more, now or later. Twice does no harm. Before the event loops end.
    void stop();

  private:
    struct Waiting {
        storage::Sequence seen;
        Clock::time_point end;
        const std::atomic<bool>* client_left;
        std::function<void(bool)> go_on;
    };
    void wait(Waiting waiting);
    void look();

    storage::RecordStore& store_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Waiting> waiting_;
    bool stopped_ = false;
    std::thread thread_; // from the first who waits on
};

} // namespace leerspoor::server
