// The times of storing: strictly rising, and what can be promised of them
// (X-Experience-API-Consistent-Through, xAPI 1.0.3 Part Three 2.1.3; IEEE 9274.1.1 4.1.6.1).
#pragma once

#include "spec/base/timestamp.hpp"

#include <functional>
#include <mutex>
#include <set>

namespace leerspoor::storage::engine {

class StoredClock {
  public:
    StoredClock(std::function<spec::Instant()> now, spec::Instant last_stored)
        : now_(std::move(now)), last_(last_stored) {}

    // The committer's thread: the `stored` of a group's first statement. Until end(start) the group counts as
    // not visible.
    spec::Instant begin() {
        const spec::Instant now = now_();
        const std::scoped_lock lock(mutex_);
        const spec::Instant start = std::max(now, last_ + std::chrono::microseconds(1));
        open_.insert(start);
        last_ = start;
        return start;
    }
    // The committer's thread: the group has used all times before `next`.
    void used_before(spec::Instant next) {
        const std::scoped_lock lock(mutex_);
        last_ = std::max(last_, next);
    }
    // Any thread: the group is visible, or will never be.
    void end(spec::Instant start) {
        const std::scoped_lock lock(mutex_);
        open_.erase(start);
    }

    // Any thread. Everything stored at or before this instant is visible, and nothing will be added there.
    spec::Instant consistent_through() {
        const spec::Instant now = now_();
        const std::scoped_lock lock(mutex_);
        if (!open_.empty()) return *open_.begin() - std::chrono::microseconds(1);
        last_ = std::max(last_, now); // from here on a promise
        return last_;
    }

  private:
    const std::function<spec::Instant()> now_;
    std::mutex mutex_;
    spec::Instant last_;
    std::set<spec::Instant> open_;
};

} // namespace leerspoor::storage::engine
