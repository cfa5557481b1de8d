// The real server, started as an operator would start it, in a data folder of its own.
#pragma once

#include "process.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace leerspoor::bench {

struct ServerSettings {
    std::filesystem::path program;
    std::filesystem::path folder; // where data, port file and log go
    std::string key;
    std::string secret;
    std::size_t threads = 0;
    std::vector<std::string> options; // more of them for "leerspoor serve"
};

class ServerProcess {
  public:
    // Returns when it serves. Throws std::runtime_error.
    explicit ServerProcess(const ServerSettings& settings);

    const Process& process() const { return process_; }
    std::uint16_t port() const { return port_; }
    // Made by the server itself.
    std::filesystem::path certificate() const { return data_ / "tls" / "cert.pem"; }
    std::filesystem::path private_key() const { return data_ / "tls" / "key.pem"; }
    // Throws std::runtime_error when it did not end well.
    void stop();

  private:
    std::filesystem::path data_;
    Process process_;
    std::uint16_t port_ = 0;
};

} // namespace leerspoor::bench
