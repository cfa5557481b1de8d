#include "server/app/workers.hpp"

#include <sys/resource.h>
#include <unistd.h>

namespace leerspoor::server {
namespace {

// Of Linux: for one thread.
constexpr int behind_the_loops = 5;
constexpr std::size_t analysing = 2;

// A disk whose reads take longer is waited for by threads of their own; until it is known to be quicker it is
// slow.
constexpr std::chrono::nanoseconds quick = std::chrono::milliseconds(1);
constexpr std::chrono::nanoseconds slow = std::chrono::milliseconds(2);

} // namespace

Workers::Workers(std::size_t computing, std::size_t reading) : mean_time_ns_(slow.count()) {
    computing_.start(computing, behind_the_loops);
    analysing_.start(analysing, behind_the_loops);
    reading_.start(reading, 0);
}

void Workers::stop() {
    computing_.stop();
    analysing_.stop();
    reading_.stop();
}

void Workers::note_time(std::chrono::nanoseconds took) {
    const auto before = mean_time_ns_.load(std::memory_order_relaxed);
    // The usual case is not worth that the loops' processors tell each other of it.
    if (took < quick / 4 && before < quick.count() / 4) return;
    // Up at once, down slowly: one long read is a warning, many short ones are proof.
    const auto share = took.count() > before ? 4 : 32;
    mean_time_ns_.store(before + (took.count() - before) / share, std::memory_order_relaxed);
}

bool Workers::disk_is_quick() const {
    return mean_time_ns_.load(std::memory_order_relaxed) < quick.count();
}

void Workers::Pool::start(std::size_t count, int niceness) {
    for (std::size_t i = 0; i < count; ++i) {
        threads.emplace_back([this, niceness] {
            if (niceness != 0) ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), niceness);
            context.run();
        });
    }
}

void Workers::Pool::stop() {
    work.reset();
    for (auto& thread : threads) thread.join();
    threads.clear();
}

} // namespace leerspoor::server
