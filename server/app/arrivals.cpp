#include "server/app/arrivals.hpp"

#include "server/support/await.hpp"

#include <algorithm>
#include <iterator>

namespace leerspoor::server {
namespace {

constexpr auto between_looks = std::chrono::milliseconds(100);

} // namespace

boost::asio::awaitable<bool> Arrivals::after(storage::Sequence seen, Clock::time_point end,
                                             const std::atomic<bool>& client_left) {
    co_return co_await completion_of<bool>([&](auto done) {
        wait({seen, end, &client_left, std::move(done)});
    });
}

void Arrivals::wait(Waiting waiting) {
    {
        const std::lock_guard lock(mutex_);
        if (!stopped_) {
            waiting_.push_back(std::move(waiting));
            if (!thread_.joinable()) thread_ = std::thread([this] { look(); });
            changed_.notify_one();
            return;
        }
    }
    waiting.go_on(false);
}

void Arrivals::look() {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
        changed_.wait(lock, [this] { return stopped_ || !waiting_.empty(); });
        changed_.wait_for(lock, between_looks, [this] { return stopped_; });
        if (stopped_) return;
        const auto visible = store_.visible_through();
        const auto now = Clock::now();
        const auto woken = std::partition(waiting_.begin(), waiting_.end(), [&](const Waiting& one) {
            return visible <= one.seen && now < one.end && !*one.client_left;
        });
        std::vector<Waiting> go_on(std::make_move_iterator(woken), std::make_move_iterator(waiting_.end()));
        waiting_.erase(woken, waiting_.end());
        lock.unlock();
        for (const auto& one : go_on) one.go_on(!*one.client_left);
        lock.lock();
    }
}

void Arrivals::stop() {
    std::vector<Waiting> all;
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        all.swap(waiting_);
        changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
    for (const auto& one : all) one.go_on(false);
}

} // namespace leerspoor::server
