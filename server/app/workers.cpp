#include "server/app/workers.hpp"

#include <sys/resource.h>
#include <unistd.h>

namespace leerspoor::server {
namespace {

// Of Linux: for one thread.
constexpr int behind_the_loops = 5;

} // namespace

Workers::Workers(std::size_t computing, std::size_t reading) {
    computing_.start(computing, behind_the_loops);
    reading_.start(reading, 0);
}

void Workers::stop() {
    computing_.stop();
    reading_.stop();
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
