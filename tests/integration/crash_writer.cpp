#include "tests/integration/crash_writer.hpp"

#include "tests/integration/lrs_client.hpp"
#include "tests/integration/statements.hpp"

#include <stdexcept>

namespace leerspoor::tests {
namespace {

constexpr std::uint64_t numbers_of_a_thread = 1'000'000;
constexpr std::size_t largest_batch = 40;

Written make(std::mt19937_64& random, std::uint64_t& number) {
    Written request;
    const auto kind = random() % 4;
    const std::size_t count = kind < 2 ? 1 : 2 + random() % (largest_batch - 1);
    request.put = kind == 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto id = uuid(number++);
        // Of different sizes, so that writes end at different places of the log's blocks.
        const std::string text(random() % 3000, 'x');
        const auto further = R"("result":{"response":")" + text +
                             R"(","extensions":{"https://example.org/n":)" + std::to_string(number) + "}}";
        request.statements.push_back(statement({.id = id,
                                                .actor = agent("learner-" + std::to_string(random() % 50)),
                                                .activity = std::to_string(random() % 20),
                                                .further = further}));
        request.ids.push_back(id);
    }
    return request;
}

} // namespace

std::string Written::body() const {
    return statements.size() == 1 ? statements.front() : array_of(statements);
}

CrashWriters::CrashWriters(const ServerProcess& server, std::size_t count, std::uint64_t seed,
                           std::uint64_t first_number)
    : running_(count) {
    for (std::size_t i = 0; i < count; ++i) {
        threads_.emplace_back(
            [this, &server, own_seed = seed + i, first = first_number + i * numbers_of_a_thread] {
                write(server, own_seed, first);
                const std::lock_guard lock(mutex_);
                --running_;
                changed_.notify_all();
            });
    }
}

CrashWriters::~CrashWriters() {
    for (auto& thread : threads_) {
        if (thread.joinable()) thread.join();
    }
}

void CrashWriters::write(const ServerProcess& server, std::uint64_t seed, std::uint64_t first_number) {
    std::mt19937_64 random(seed);
    std::uint64_t number = first_number;
    Written request;
    try {
        LrsClient lrs(server);
        for (;;) {
            request = make(random, number);
            const auto response =
                request.put ? lrs.put(request.ids.front(), request.body()) : lrs.post(request.body());
            request.acknowledged = response.status == (request.put ? 204 : 200);
            std::size_t place = 0;
            {
                const std::lock_guard lock(mutex_);
                place = written_.size();
                if (request.acknowledged) {
                    ++acknowledged_;
                } else {
                    wrong_answers_.push_back(std::to_string(response.status) + " " + response.body);
                }
                written_.push_back(request);
                changed_.notify_all();
            }
            if (!request.acknowledged || random() % 3 != 0) continue;
            const auto found = lrs.get_id(request.ids.front());
            const std::lock_guard lock(mutex_);
            if (found.status == 200) {
                written_[place].read_back = found.body;
            } else {
                wrong_answers_.push_back("an acknowledged statement: " + std::to_string(found.status));
            }
        }
    } catch (const std::runtime_error&) {
        // The server is gone; what became of the last request is not known.
        const std::lock_guard lock(mutex_);
        if (!request.acknowledged && !request.ids.empty()) written_.push_back(std::move(request));
    }
}

void CrashWriters::wait_for(std::size_t acknowledged) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return acknowledged_ >= acknowledged || running_ == 0; });
}

std::vector<Written> CrashWriters::join() {
    for (auto& thread : threads_) thread.join();
    return std::move(written_);
}

} // namespace leerspoor::tests
