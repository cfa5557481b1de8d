// One keep-alive HTTPS connection of the load generator: OpenSSL straight on a non-blocking socket, because
// the generator shares the processor with what it measures.
#pragma once

#include "answer_reader.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <openssl/ssl.h>
#include <string>

namespace leerspoor::bench {

// Where requests go.
struct Target {
    std::string address; // an IP address
    std::uint16_t port = 0;
    std::string certificate; // PEM file that must vouch for it; empty: nobody is asked
};

using ClientTls = std::shared_ptr<SSL_CTX>;
// Throws std::runtime_error.
ClientTls make_client_tls(const Target& target);

class ClientConnection {
  public:
    using Clock = std::chrono::steady_clock;
    enum class Progress { waiting, answered, lost };

    // Connects and shakes hands, waiting for both. Throws std::runtime_error.
    ClientConnection(const Target& target, const ClientTls& tls);
    ~ClientConnection();
    ClientConnection(const ClientConnection&) = delete;
    ClientConnection& operator=(const ClientConnection&) = delete;

    int socket() const { return socket_; }
    // To be filled before begin().
    std::string& request() { return request_; }
    void begin(bool keep_body);
    // Writes and reads what can be without waiting.
    Progress advance();

    const AnswerReader& answer() const { return answer_; }
    Clock::time_point began() const { return began_; }

  private:
    bool wait_for(short events) const;

    int socket_ = -1;
    SSL* ssl_ = nullptr;
    std::string request_;
    std::size_t sent_ = 0;
    AnswerReader answer_;
    Clock::time_point began_;
};

} // namespace leerspoor::bench
