// What clients may take of the HTTP server.
#pragma once

#include "server/http/proxies.hpp"

#include <chrono>
#include <cstddef>

namespace leerspoor::server::http {

// Each has a default that suits one organisation, and an answer of its own when it is passed.
struct Limits {
    std::size_t header_bytes = 32u << 10;          // 431
    std::size_t connections = 4096;                // further ones are answered 503 and closed
    std::size_t connections_per_client = 512;      // further ones of that address are answered 429 and closed
    std::size_t body_memory = 256u << 20;          // bodies that are not streamed, all together: 503
    std::size_t strangers_body_memory = 32u << 20; // of clients whom nobody knows yet, besides: 503
    std::size_t client_body_memory = 64u << 20;    // of those, bodies beyond 64 KiB of one client: 503
    std::size_t answer_memory = 256u << 20;        // answers beyond 64 KiB that are being sent: 503
    std::size_t client_answer_memory = 64u << 20;  // of those, of one client: 503
    TrustedProxies trusted_proxies = {};
    std::chrono::seconds handshake_time{10}; // closed
    std::chrono::seconds header_time{15};    // from the first byte of a request to the end of its head: 408
    std::chrono::seconds body_time{60};      // from the head to the end of the body: 408
    std::chrono::seconds idle_time{75};      // between requests: closed
    std::chrono::seconds stop_time{30};      // for requests under way when the server stops
};

} // namespace leerspoor::server::http
