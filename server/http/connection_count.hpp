// How many connections there are, in all and of each client. Any thread.
#pragma once

#include <atomic>
#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace leerspoor::server::http {

// What counts as one client: an IPv4 address, or the /64 network that an IPv6 subscriber has to itself.
std::string client_key(const boost::asio::ip::address& address);

class ConnectionCount {
  public:
    struct Counts {
        std::size_t all = 0;
        std::size_t of_client = 0;
    };

    // The counts with this one.
    Counts add(const std::string& client);
    void remove(const std::string& client);
    std::size_t all() const { return all_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::size_t> all_ = 0;
    std::mutex mutex_;
    std::unordered_map<std::string, std::size_t> by_client_;
};

} // namespace leerspoor::server::http
