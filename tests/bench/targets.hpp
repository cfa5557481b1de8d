// What the server is held to, on two cores, load generator included.
#pragma once

#include "measure.hpp"

#include <string>
#include <vector>

namespace leerspoor::bench {

struct Verdict {
    std::string target;
    double wanted = 0;
    double measured = 0;
    bool at_most = false; // else at least

    bool met() const { return at_most ? measured <= wanted : measured >= wanted; }
};

// Of what was measured; the memory target counts from a million statements on.
std::vector<Verdict> verdicts(const std::vector<WorkResult>& works, const LoadingResult* loading);

} // namespace leerspoor::bench
