// Slows down whoever guesses secrets: a key that failed too often from one client address has to wait there,
// and so does an address from which all keys together failed many times more.
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
    std::size_t failures = 10;          // of one key from one address
    std::size_t address_failures = 100; // of one address, with whatever keys
    std::chrono::seconds window{60};
    std::size_t addresses = 20'000; // and keys, remembered at most; beyond it the oldest window is forgotten
    std::function<std::chrono::steady_clock::time_point()> now = {}; // empty: the system's clock
};

// Any thread.
class Throttle {
  public:
    explicit Throttle(ThrottleOptions options);

    // How long this key has to wait at this address; 0: not at all.
    std::chrono::seconds wait(std::string_view address, std::string_view key);
    void failed(std::string_view address, std::string_view key);

  private:
    struct Window {
        std::chrono::steady_clock::time_point ends;
        std::size_t failures = 0;
    };

    std::chrono::seconds wait_of(const std::string& who, std::size_t most,
                                 std::chrono::steady_clock::time_point now) const;
    void count(const std::string& who, std::chrono::steady_clock::time_point now);
    void forget_old(std::chrono::steady_clock::time_point now);

    ThrottleOptions options_;
    std::mutex mutex_;
    std::unordered_map<std::string, Window> windows_;
    std::deque<std::string> order_; // of windows_, by the start
};

// The part of an address that one client controls: IPv6 by /64, IPv4 as it is.
std::string client_of(std::string_view address);

} // namespace leerspoor::server::auth
