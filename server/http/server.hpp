// The HTTPS server: listens, encrypts, reads requests within limits, writes responses, stops without losing
// any. The only place that knows Beast, sockets and TLS.
#pragma once

#include "server/http/message.hpp"
#include "spec/error.hpp"

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace leerspoor::server::http {

// Each has a default that suits one organisation, and an answer of its own when it is passed.
struct Limits {
    std::size_t header_bytes = 32u << 10;     // 431
    std::size_t connections = 4096;           // further ones are answered 503 and closed
    std::size_t connections_per_client = 512; // further ones of that address are answered 429 and closed
    std::chrono::seconds handshake_time{10};  // closed
    std::chrono::seconds header_time{15};     // from the first byte of a request to the end of its head: 408
    std::chrono::seconds body_time{60};       // from the head to the end of the body: 408
    std::chrono::seconds idle_time{75};       // between requests: closed
    std::chrono::seconds stop_time{30};       // for requests under way when the server stops
};

struct Options {
    std::string address = "127.0.0.1"; // an IP address to listen on
    std::uint16_t port = 8443;         // 0: a free one
    std::size_t threads = 0;           // 0: as many as there are cores
    bool tls = true;                   // false: plain HTTP
    std::filesystem::path certificate; // PEM, with its chain
    std::filesystem::path private_key; // PEM
    Limits limits;
};

// What happens to a request once its head is known.
struct Admission {
    std::uint64_t body_limit = 0;        // a larger body is answered 413
    std::shared_ptr<const void> context; // handed on as Request::admission
    bool streamed = false;               // the handler reads the body itself, with Request::reader
};

// The application behind the server. Called from the server's threads, any number at once.
class Handler {
  public:
    virtual ~Handler() = default;
    // After the head, before the body is read (and before "100 Continue"): let it in, or answer at once.
    virtual boost::asio::awaitable<std::variant<Admission, Response>> admit(const RequestHead& head) = 0;
    virtual boost::asio::awaitable<Response> handle(Request request) = 0;
    // A refusal that the server itself makes (400, 408, 413, 417, 429, 431, 500 after an exception, 501, 503,
    // 505): turn it into a response with a body and the headers every response has. `head` is null when there
    // is none to speak of; of a malformed one it holds what could be read, and the id.
    virtual Response refuse(int status, const Error& error, const RequestHead* head) = 0;
    // Every response that was sent, or would have been had the client stayed: for logs and metrics. `seconds`
    // from the end of the request's head to the response's first byte written. `head` is never null; its
    // method is "-" when no head could be read, and its fields are empty when handle() took them. Must not
    // block.
    virtual void answered(const RequestHead& head, const Response& response, double seconds,
                          std::uint64_t bytes_in, std::uint64_t bytes_out) = 0;
};

class Server {
  public:
    // Binds and listens. Errors: tls_unusable (certificate or key), address_unusable.
    static Result<std::unique_ptr<Server>> listen(const Options& options, Handler& handler);
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
    // Runs `work` on one of the server's threads soon. Any thread.
    virtual void post(std::function<void()> work) = 0;
};

} // namespace leerspoor::server::http
