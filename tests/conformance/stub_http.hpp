// Plain HTTP on a free port of the loopback, one thread, as simple as can be: what the stub LRS speaks.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace leerspoor::tests {

// Names of fields in lower case.
using StubFields = std::map<std::string, std::string>;

struct StubRequest {
    std::string method;
    std::string target;
    StubFields fields;
    std::string body;
};

struct StubAnswer {
    unsigned status = 200;
    StubFields fields{};
    std::string body{};
};

class StubServer {
  public:
    using Handler = std::function<StubAnswer(StubRequest)>;

    // Serves until it is destroyed. The handler is called by one thread of its own.
    explicit StubServer(Handler handler);
    ~StubServer();
    std::uint16_t port() const;

  private:
    struct Running;
    std::unique_ptr<Running> running_;
};

} // namespace leerspoor::tests
