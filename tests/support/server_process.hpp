// The real program, started as an operator starts it: `leerspoor serve` with TLS on a free port of 127.0.0.1.
#pragma once

#include "tests/support/https_client.hpp"
#include "tests/support/process.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace leerspoor::tests {

inline constexpr const char* first_key = "first";
inline constexpr const char* first_secret = "a secret of the tests";

// The program under test.
std::string leerspoor_program();

struct ServerOptions {
    std::filesystem::path data;           // may be new; becomes the data folder
    std::vector<std::string> arguments{}; // further ones of `serve`
    Environment environment{{"LEERSPOOR_KEY", first_key}, {"LEERSPOOR_SECRET", first_secret}};
    bool http = false;                   // plain HTTP
    std::uint16_t port = 0;              // 0: a free one
    std::filesystem::path certificate{}; // with private_key: instead of the one it makes itself
    std::filesystem::path private_key{};
};

// Threads: clients may be made on any; everything else on the thread that made it.
class ServerProcess {
  public:
    // Returns when it says that it is ready. Throws std::runtime_error with its log when it ends instead.
    explicit ServerProcess(ServerOptions options);

    std::uint16_t port() const { return port_; }
    int pid() const { return process_->id(); }
    // What clients trust.
    const std::filesystem::path& certificate() const { return options_.certificate; }
    HttpsClient client() const { return {port_, options_.certificate}; }

    void hang_up() const;   // SIGHUP
    void terminate() const; // SIGTERM, without waiting
    int wait() { return process_->wait(); }
    int stop();  // SIGTERM, and its exit status
    void kill(); // SIGKILL, and waits
    std::string log() const { return process_->errors(); }

  private:
    ServerOptions options_;
    std::unique_ptr<Process> process_;
    std::uint16_t port_ = 0;
};

// `serve` on a folder that it should refuse: until it ends by itself.
Outcome serve_to_the_end(const std::filesystem::path& data);

} // namespace leerspoor::tests
