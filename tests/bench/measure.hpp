// One work, measured beside its limits: in rounds of limit, server, limit, so that what else the machine does
// falls on all of them alike.
#pragma once

#include "limit_rocksdb.hpp"
#include "load_client.hpp"
#include "process.hpp"
#include "scenarios.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace leerspoor::bench {

// The server under load, and what is needed to set up its limits.
struct Site {
    Target target;
    Sender sender;
    const Process* process = nullptr; // null: it was started by somebody else
    std::filesystem::path folder;     // on the disk that the server writes to
    std::filesystem::path certificate;
    std::filesystem::path private_key;
    std::size_t threads = 0; // of the server; 0: one for each core
    std::chrono::duration<double> seconds{5};
    std::uint64_t run = 0; // tells this run's ids from those of all others
};

struct Round {
    double server = 0; // statements/s of a POST, requests/s of a GET; and so the limits
    double rocksdb = 0;
    double https = 0;
};

struct WorkResult {
    Work work;
    Load server;
    Load https;            // limit (b)
    GroupWrites rocksdb;   // limit (a); of a POST
    double group_size = 0; // statements in a group that the server wrote
    double server_cpu_seconds = 0;
    std::uint64_t peak_memory = 0; // bytes
    std::vector<Round> rounds;

    // What the work is counted in for each request: its statements, or itself.
    double each() const { return work.kind == WorkKind::post ? static_cast<double>(work.batch) : 1; }
    double server_rate() const { return server.per_second() * each(); }
    double https_rate() const { return https.per_second() * each(); }
    double rocksdb_rate() const { return rocksdb.per_second(); }
    // Server over limit; 0 when the limit was not measured.
    double ratio_to_rocksdb() const { return rocksdb_rate() > 0 ? server_rate() / rocksdb_rate() : 0; }
    double ratio_to_https() const { return https_rate() > 0 ? server_rate() / https_rate() : 0; }
    double ratio_to_lower() const { return std::max(ratio_to_rocksdb(), ratio_to_https()); }
};

// Throws std::runtime_error.
WorkResult measure(const Work& work, const Site& site, const Stock& stock);

struct LoadingResult {
    std::uint64_t statements = 0;
    Load load;
    double server_cpu_seconds = 0;
    std::uint64_t peak_memory = 0;
    std::chrono::system_clock::time_point from;
    std::chrono::system_clock::time_point until;
};

// Loads the generator's first `statements`, in batches of 500 on four connections.
LoadingResult load_store(const Site& site, const Generator& generator, std::uint64_t statements);

} // namespace leerspoor::bench
