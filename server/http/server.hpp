// The HTTPS server: listens, encrypts, reads requests within limits, writes responses, stops without losing
// any. With the rest of this folder the only place that knows Beast, sockets and TLS.
#pragma once

#include "server/http/handler.hpp"
#include "server/http/limits.hpp"
#include "spec/base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace leerspoor::server {
class Log;
}

namespace leerspoor::server::http {

struct Options {
    std::string address = "127.0.0.1"; // an IP address to listen on
    std::uint16_t port = 8443;         // 0: a free one
    std::size_t threads = 0;           // 0: as many as there are cores
    bool tls = true;                   // false: plain HTTP
    std::filesystem::path certificate; // PEM, with its chain
    std::filesystem::path private_key; // PEM
    Limits limits;
};

class Server {
  public:
    // Binds and listens. Handler and log must outlive the server. Errors: tls_unusable (certificate or key),
    // address_unusable.
    static Result<std::unique_ptr<Server>> listen(const Options& options, Handler& handler, Log& log);
    Server() = default;
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    virtual ~Server() = default;

    virtual std::uint16_t port() const = 0;
    // Serves until stop() was called and every request under way was answered (or Limits::stop_time passed:
    // what then still runs is destroyed with the server, so whoever completes it has to stop before that).
    virtual void run() = 0;
    // From any thread, also twice: accepts nothing more, lets idle connections go, finishes the rest with
    // "Connection: close".
    virtual void stop() = 0;
    // Reads certificate and key again; new connections use them. Keeps the old ones on error. Any thread.
    virtual Result<void> reload_certificate() = 0;
    virtual std::size_t connections() const = 0;
};

} // namespace leerspoor::server::http
