// Facts read side by side by several threads.
#pragma once

#include "server/analytics/selection.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

namespace leerspoor::server::analytics {

inline constexpr std::size_t most_threads = 4;

// What one query may use.
struct Budget {
    std::size_t threads = 2; // up to most_threads
    std::size_t memory_bytes = 256u << 20;
    std::chrono::steady_clock::time_point end;
    const std::atomic<bool>* client_left = nullptr; // then nobody wants the answer any more

    std::size_t of_thread() const { return memory_bytes / threads; }
    // Errors: analytics_query_too_long, client_left.
    Result<void> check() const;
};

// Gives each of the workers its part of the blocks: `Worker::add(const FactBlock&)` returns a Result<void>
// whose error ends it all. REQUIRES: budget.threads workers.
template <class Worker>
Result<void> scan(const Lookups& lookups, const storage::FactQuery& facts, const Budget& budget,
                  std::vector<std::unique_ptr<Worker>>& workers) {
    std::vector<Result<void>> outcomes(workers.size());
    std::atomic<bool> failed = false;
    const auto work = [&](std::size_t part) {
        auto mine = facts;
        mine.part = part;
        mine.parts = workers.size();
        Result<void> outcome;
        const auto read =
            lookups.store().scan_facts(lookups.tenant(), mine, [&](const storage::FactBlock& block) {
                outcome = budget.check();
                if (outcome) outcome = workers[part]->add(block);
                if (!outcome) failed = true;
                return outcome.has_value() && !failed;
            });
        outcomes[part] = read ? outcome : read;
    };
    {
        std::vector<std::jthread> threads;
        for (std::size_t part = 1; part < workers.size(); ++part)
            threads.emplace_back([&work, part] { work(part); });
        work(0);
    }
    for (auto& outcome : outcomes) {
        if (!outcome) return outcome;
    }
    return {};
}

} // namespace leerspoor::server::analytics
