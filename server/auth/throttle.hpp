// Slows down whoever guesses secrets: a client address that failed too often in a while has to wait.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace leerspoor::server::auth {

struct ThrottleOptions {
    std::size_t failures = 10;
    std::chrono::seconds window{60};
    std::size_t addresses = 20'000; // remembered at most; beyond it the oldest window is forgotten
    std::function<std::chrono::steady_clock::time_point()> now = {}; // empty: the system's clock
};

// Any thread.
class Throttle {
  public:
    explicit Throttle(ThrottleOptions options);

    // How long this address has to wait; 0: not at all.
    std::chrono::seconds wait(std::string_view address);
    void failed(std::string_view address);

  private:
    struct Window {
        std::chrono::steady_clock::time_point ends;
        std::size_t failures = 0;
    };

    void forget_old(std::chrono::steady_clock::time_point now);

    ThrottleOptions options_;
    std::mutex mutex_;
    std::unordered_map<std::string, Window> windows_;
    std::deque<std::string> order_; // addresses by the start of their window
};

// The part of an address that one client controls: IPv6 by /64, IPv4 as it is.
std::string client_of(std::string_view address);

} // namespace leerspoor::server::auth
