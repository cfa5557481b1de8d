// leerspoor-bench run: starts a server, loads it, measures it beside its limits, reports.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace leerspoor::bench {

struct RunOptions {
    std::uint64_t statements = 100'000;
    std::uint64_t seed = 1;
    std::vector<std::string> works; // empty: all
    double seconds = 5;             // of each work, and of each of its limits
    std::size_t threads = 0;        // of the server and of the empty handler; 0: one for each core
    std::filesystem::path json;     // empty: none
    std::filesystem::path work_dir; // a folder is made in it and removed
    std::filesystem::path server;   // the leerspoor program
    std::vector<std::string> server_options;

    std::string url;                   // of a server that is there already; then `server` is not started
    std::filesystem::path certificate; // that vouches for it
    bool load = true;                  // `statements` into it first; else they are there already
    std::string key = "bench";
    std::string secret; // empty: one is made up
};

// Throws std::exception, or Interrupted.
void run(const RunOptions& options);

} // namespace leerspoor::bench
