// Runs checks over several connections at a time and keeps what came of each.
#pragma once

#include "conformance/probe/context.hpp"

#include <cstddef>
#include <functional>
#include <vector>

namespace leerspoor::conformance {

struct Result {
    const Requirement* requirement = nullptr;
    std::vector<Finding> findings; // none: passed
    std::chrono::microseconds took{};
};

struct Run {
    std::vector<Result> results; // in the order of the requirements
    std::chrono::milliseconds took{};

    std::size_t failed() const;
};

// Called after each check, by one thread at a time.
using Progress = std::function<void(std::size_t done, std::size_t all, std::size_t failed)>;

// `jobs` threads with a connection each. Throws Unreachable when the LRS cannot be talked to at all; a check
// that loses its connection, or an LRS that stops answering, is a finding. `requirements` must outlive the
// run.
Run run(const Requirements& requirements, const Settings& settings, unsigned jobs,
        const Progress& progress = {});

} // namespace leerspoor::conformance
