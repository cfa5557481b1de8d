// A blocking HTTP client that can also misbehave: it sends exactly the bytes it is given. Every wait ends
// after twenty seconds, so that a broken server fails a test and does not hang it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <openssl/ssl.h>
#include <string>
#include <string_view>

namespace leerspoor::tests {

struct Reply {
    int status = 0;                            // 0: the connection ended before a whole reply
    std::map<std::string, std::string> fields; // names in lower case
    std::string body;
};

struct TlsChoice {
    int max_version = 0;            // 0: the newest
    SSL_SESSION* session = nullptr; // to resume
    const char* protocols = "";     // ALPN, in wire format
};

class Client {
  public:
    static Client plain(std::uint16_t port);
    // Check connected(): the handshake may fail.
    static Client tls(std::uint16_t port, TlsChoice choice = {});
    // TCP only; handshake() makes TLS of it.
    static Client raw(std::uint16_t port) { return plain(port); }
    bool handshake(TlsChoice choice = {});

    Client(Client&& other) noexcept;
    Client& operator=(Client&&) = delete;
    ~Client();

    bool connected() const { return connected_; }
    void send(std::string_view bytes);
    Reply reply(bool to_head = false);
    // GET with Host, and its reply.
    Reply get(const std::string& target);
    // Discards what comes until the server closes. False: it did not in time.
    bool closed_by_server();
    // All that comes until the server closes.
    std::string rest();
    // Says in TCP that nothing more will be sent.
    void finish_sending();
    SSL* ssl() { return ssl_.get(); }

  private:
    struct SslFree {
        void operator()(SSL* ssl) const { SSL_free(ssl); }
        void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    };

    Client() = default;
    std::size_t receive(char* data, std::size_t size); // 0: ended
    bool fill();
    bool read_chunks(std::string& body);

    int socket_ = -1;
    bool connected_ = false;
    bool timed_out_ = false;
    std::unique_ptr<SSL_CTX, SslFree> context_;
    std::unique_ptr<SSL, SslFree> ssl_;
    std::string input_;
};

} // namespace leerspoor::tests
