#include "storage/rocksdb/statements/stored_clock.hpp"

#include <algorithm>

namespace leerspoor::storage::engine {

spec::Instant StoredClock::begin() {
    const spec::Instant now = now_();
    const std::scoped_lock lock(mutex_);
    const spec::Instant start = std::max(now, last_ + std::chrono::microseconds(1));
    open_.insert(start);
    last_ = start;
    return start;
}

void StoredClock::used_before(spec::Instant next) {
    const std::scoped_lock lock(mutex_);
    last_ = std::max(last_, next);
}

void StoredClock::end(spec::Instant start, std::optional<spec::Instant> last) {
    const std::scoped_lock lock(mutex_);
    open_.erase(start);
    if (last) visible_ = std::max(visible_, *last);
}

spec::Instant StoredClock::consistent_through() {
    const spec::Instant now = now_();
    std::unique_lock lock(mutex_);
    const spec::Instant wanted =
        open_.empty() ? std::max(last_, now) : *open_.begin() - std::chrono::microseconds(1);
    promised_ = std::max(promised_, std::min(wanted, std::max(visible_, lease_)));
    last_ = std::max(last_, promised_);
    const auto promised = promised_;
    if (!lease_is_short_ && now + lease_length / 2 > lease_) {
        lease_is_short_ = true;
        lock.unlock();
        changed_.notify_all();
    }
    return promised;
}

std::optional<spec::Instant> StoredClock::next_lease() {
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return stopping_ || lease_is_short_; });
        if (stopping_) return std::nullopt;
        lease_is_short_ = false;
    }
    return now_() + lease_length;
}

void StoredClock::grant(spec::Instant lease) {
    const std::scoped_lock lock(mutex_);
    lease_ = std::max(lease_, lease);
}

void StoredClock::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
        lease_ = std::min(lease_, promised_);
    }
    changed_.notify_all();
}

spec::Instant StoredClock::promised() const {
    const std::scoped_lock lock(mutex_);
    return promised_;
}

} // namespace leerspoor::storage::engine
