// One keep-alive connection to the LRS under test, over HTTP or HTTPS. Requests go out exactly as given, so
// that checks can also send what no decent client would.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leerspoor::conformance {

using Fields = std::vector<std::pair<std::string, std::string>>;

// The first value of that name, in any case.
std::optional<std::string_view> find_field(const Fields& fields, std::string_view name);

struct Request {
    std::string method = "GET";
    std::string target = "/";
    Fields fields; // Host and Content-Length are added
    std::string body;
};

struct Response {
    unsigned status = 0;
    Fields fields;
    std::string body;
};

// Where the LRS is, and whom its certificate has to come from.
struct Server {
    bool tls = false;
    std::string host;
    std::string port;
    std::string base; // path before "/statements", without a slash at its end
    std::string ca_file{};
    bool insecure = false; // any certificate will do
};

// http[s]://host[:port][/path]. Nothing for anything else.
std::optional<Server> parse_endpoint(std::string_view url);

// Everything but RFC 3986's unreserved characters.
std::string percent_encode(std::string_view text);
std::string basic_authorization(std::string_view key, std::string_view secret);

// The LRS could not be talked to at all: this says nothing about its conformance.
class Unreachable : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// Threads: one at a time.
class Client {
  public:
    explicit Client(const Server& server);
    ~Client();
    Client(Client&& other) noexcept;
    Client& operator=(Client&&) = delete;

    // Connects when there is no connection, once more when the LRS has closed an idle one. Throws
    // Unreachable, after 30 seconds of silence too.
    Response exchange(const Request& request);

  private:
    struct Connection;
    const Server* server_;
    std::unique_ptr<Connection> connection_;
};

} // namespace leerspoor::conformance
