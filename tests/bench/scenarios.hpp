// What is measured: each work by name, with its connections and its requests.
#pragma once

#include "requests.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace leerspoor::bench {

enum class WorkKind { post, get_by_id, page, ask };

struct Work {
    std::string name;
    WorkKind kind = WorkKind::page;
    std::size_t connections = 1;
    std::size_t batch = 0; // statements in a POST
};

// All works, in the order in which they run: reads first, while the store holds what was loaded and no more.
const std::vector<Work>& all_works();
// Those of these names, in the same order. Throws std::invalid_argument for a name that is none.
std::vector<Work> works_named(const std::vector<std::string>& names);

// What the requests are drawn from.
struct Stock {
    const Generator& generator;
    const StatementPool& pool;
    std::uint64_t statements = 0;                       // of the generator, in the store
    std::chrono::system_clock::time_point loaded_from;  // when the first was stored, for since
    std::chrono::system_clock::time_point loaded_until; // and the last
};

// The targets of a page's work: frequent values, values as they come, and rare ones, a third of each.
std::vector<std::string> page_targets(const Work& work, const Stock& stock);

// `run` tells the ids of this run from those of all others.
std::unique_ptr<Requests> requests_of(const Work& work, const Sender& sender, const Stock& stock,
                                      std::uint64_t run);

} // namespace leerspoor::bench
