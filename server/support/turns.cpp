#include "server/support/turns.hpp"

#include "server/support/await.hpp"

namespace leerspoor::server {

boost::asio::awaitable<Turns::Turn> Turns::take(std::string name) {
    auto start = [this, &name](std::function<void(bool)> done) {
        {
            const std::lock_guard lock(mutex_);
            const auto [entry, is_free] = waiting_.try_emplace(name);
            if (!is_free) {
                entry->second.push_back(std::move(done));
                return;
            }
        }
        done(true);
    };
    co_await completion_of<bool>(start);
    co_return Turn(this, std::move(name));
}

void Turns::pass_on(const std::string& name) {
    std::function<void(bool)> next;
    {
        const std::lock_guard lock(mutex_);
        const auto entry = waiting_.find(name);
        if (entry->second.empty()) {
            waiting_.erase(entry);
            return;
        }
        next = std::move(entry->second.front());
        entry->second.pop_front();
    }
    next(true);
}

} // namespace leerspoor::server
