// Limit (b): an empty Beast HTTPS handler. It reads a request with its body and answers always the same: what
// TLS, HTTP and the kernel cost before a learning record store has done anything.
#pragma once

#include <cstddef>
#include <filesystem>

namespace leerspoor::bench {

struct EmptyServerOptions {
    std::filesystem::path certificate; // PEM
    std::filesystem::path private_key; // PEM
    std::filesystem::path answer;      // a whole HTTP/1.1 response, head and body
    std::filesystem::path port_file;   // written once listening on 127.0.0.1
    std::size_t threads = 0;           // 0: one for each core
};

// Until SIGTERM or SIGINT. Throws std::exception.
void serve_empty(const EmptyServerOptions& options);

} // namespace leerspoor::bench
