// Closed-loop load: every connection sends its next request as soon as the last one was answered. One thread,
// one epoll, all connections.
#pragma once

#include "client_connection.hpp"
#include "histogram.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace leerspoor::bench {

class Requests {
  public:
    virtual ~Requests() = default;
    // Writes the next request, head and body, over what `request` holds. False: there are no more.
    virtual bool next(std::string& request) = 0;
    // How many statements each request carries to the server; 0: it reads.
    virtual std::size_t statements_each() const = 0;
};

// What one stretch of load came to.
struct Load {
    std::uint64_t requests = 0; // answered with success
    std::uint64_t failures = 0; // answered otherwise, or not at all
    std::string first_failure;
    double seconds = 0; // from the first request to the last answer
    double client_cpu_seconds = 0;
    std::uint64_t body_bytes = 0; // of answers
    Histogram latency;            // from the request's first byte to the answer's last, as the client sees it
    Histogram server_time;        // as the server says in Server-Timing

    void merge(const Load& other);
    double per_second() const { return seconds > 0 ? static_cast<double>(requests) / seconds : 0; }
};

struct Answer {
    int status = 0;
    std::string head;
    std::string body;
};

// Set by a signal: run() and fetch() throw Interrupted soon after.
void interrupt() noexcept;
struct Interrupted {};
void throw_if_interrupted();

class LoadClient {
  public:
    // Connects. Throws std::runtime_error.
    LoadClient(Target target, std::size_t connections);
    ~LoadClient();
    LoadClient(const LoadClient&) = delete;
    LoadClient& operator=(const LoadClient&) = delete;

    // Until `duration` is over (none: until `requests` has no more), and then until every request is
    // answered.
    Load run(Requests& requests, std::optional<std::chrono::duration<double>> duration);

    // One request on the first connection. Throws std::runtime_error when there is no answer.
    Answer fetch(const std::string& request);

  private:
    using Clock = ClientConnection::Clock;

    void connect_again_after_rest();
    void connect(std::size_t index);
    void record(const ClientConnection& connection, Load& load) const;

    Target target_;
    ClientTls tls_;
    int epoll_ = -1;
    std::vector<std::unique_ptr<ClientConnection>> connections_;
    Clock::time_point last_used_;
};

} // namespace leerspoor::bench
