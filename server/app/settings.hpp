// Everything an operator can set. Read from a file, the environment and the command line by
// server/cli/options.hpp; the rest of the program sees only these values.
#pragma once

#include "server/http/limits.hpp"
#include "server/support/log.hpp"
#include "spec/base/error.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server {

struct Settings {
    std::filesystem::path data;
    std::string listen = "127.0.0.1:8443";
    std::filesystem::path port_file;
    std::filesystem::path tls_cert;
    std::filesystem::path tls_key;
    bool http = false;
    bool strict_transport = false; // by the program: the certificate is the operator's own (RFC 6797)
    bool http_anywhere = false;
    std::size_t threads = 0;

    std::vector<std::string> trusted_proxies;
    http::ForwardedField trusted_proxy_field = http::ForwardedField::x_forwarded_for;

    std::vector<std::string> cors_origins{"*"};
    std::string authority_home_page = "https://leerspoor.local";
    bool metrics_anywhere = false;
    std::string public_url; // "https://academy.example"; "": as it is asked for
    std::string own_url;    // where this server listens; known once it does
    // "*.NAME": each version of a course has a name of its own below it; "NAME": all have this one.
    std::string content_host = "*.content.localhost";
    std::size_t max_package_bytes = 4ul << 30; // of an upload
    std::size_t package_unpacked_bytes = 16ul << 30;
    std::size_t package_files = 50'000;
    std::filesystem::path export_folder; // of scheduled exports; "": there are none

    LogFormat log_format = LogFormat::text;
    std::string log_level = "info";

    std::size_t max_body_bytes = 16u << 20;
    std::size_t max_attachments_bytes = 2ul << 30; // of a request with them, as a whole
    std::size_t max_batch_statements = 5000;
    std::size_t max_json_depth = 64;
    std::size_t max_json_values = 1'000'000; // of a body of statements
    std::size_t max_statement_terms = 10'000;
    std::size_t max_batch_terms = 250'000;
    std::size_t default_page_statements = 100;
    std::size_t max_page_statements = 1000;
    std::size_t max_page_bytes = 8u << 20;
    http::Limits http_limits;

    std::size_t auth_failures = 10;          // of one key from one client address within the window
    std::size_t auth_address_failures = 100; // of one client address, with whatever keys
    std::size_t auth_window_seconds = 60;
    std::uint32_t argon2_memory_kib = 19u << 10;
    std::uint32_t argon2_passes = 2;

    std::chrono::seconds analytics_time{30};         // of one query
    std::size_t analytics_memory_bytes = 256u << 20; // of one query

    std::size_t store_cache_bytes = 96u << 20;
    std::size_t store_queue_bytes = 64u << 20;
    std::size_t read_threads = 16;
    std::size_t store_segment_bytes = 64u << 20;
    bool allow_future_stored = false;
};

struct Endpoint {
    std::string address;
    std::uint16_t port = 0;
    bool loopback = false;
};

// "127.0.0.1:8443", "[::1]:0", "localhost:8443". Error: listen_invalid.
Result<Endpoint> parse_listen(std::string_view text);

// What settings cannot have together or as a value: each with the setting's name in its sentence. Empty: all
// right.
std::vector<Error> check(const Settings& settings);

} // namespace leerspoor::server
