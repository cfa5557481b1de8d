// A blocking HTTPS client with one keep-alive connection, that trusts one given certificate. It can also send
// the bytes of a request piece by piece. Every wait ends after two minutes with std::runtime_error.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leerspoor::tests {

using HttpFields = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
    std::string method = "GET";
    std::string target = "/";
    HttpFields fields; // Host and Content-Length are added
    std::string body;
};

struct HttpResponse {
    int status = 0;
    HttpFields fields;
    std::string body;
    bool keep_alive = true;

    // The first field of that name, in any case; empty when there is none.
    std::string field(std::string_view name) const;
    bool has(std::string_view name) const;
};

std::string to_bytes(const HttpRequest& request);
std::string basic_authorization(std::string_view key, std::string_view secret);
// Everything but RFC 3986's unreserved characters.
std::string percent_encode(std::string_view text);

// Threads: one at a time.
class HttpsClient {
  public:
    // To 127.0.0.1. `trusted`: the certificate, PEM; empty: plain HTTP. Throws std::runtime_error when the
    // connection or the handshake fails.
    HttpsClient(std::uint16_t port, const std::filesystem::path& trusted);
    ~HttpsClient();
    HttpsClient(HttpsClient&& other) noexcept;
    HttpsClient& operator=(HttpsClient&& other) noexcept;

    // Throws std::runtime_error when the connection ends before the whole response came.
    HttpResponse exchange(const HttpRequest& request);
    void send(std::string_view bytes);
    // `head`: the response to a HEAD request, which has no body.
    HttpResponse receive(bool head = false);
    // Whether the server ends the connection without another byte.
    bool closed_by_server();
    // Its SHA-256, in hexadecimal.
    std::string peer_certificate_digest() const;

  private:
    struct Connection;
    std::unique_ptr<Connection> connection_;
};

} // namespace leerspoor::tests
