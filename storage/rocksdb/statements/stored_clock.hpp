// The times of storing: strictly rising, and what can be promised of them
// (X-Experience-API-Consistent-Through, xAPI 1.0.3 Part Three 2.1.3; IEEE 9274.1.1 4.1.6.1).
//
// A promise holds over a crash and a clock that was set back: it is given only up to the last statement that
// is visible, which is on the disk, or up to a *lease*, an instant that the promise keeper has put there.
#pragma once

#include "spec/base/timestamp.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <set>

namespace leerspoor::storage::engine {

class StoredClock {
  public:
    // `last_stored`: of the last statement; `lease`: as it is on the disk.
    StoredClock(std::function<spec::Instant()> now, spec::Instant last_stored, spec::Instant lease)
        : now_(std::move(now)), last_(std::max(last_stored, lease)), visible_(last_stored), lease_(lease) {}

    // The committer's thread: the `stored` of a group's first statement. Until end(start) the group counts as
    // not visible.
    spec::Instant begin();
    // The committer's thread: the group has used all times before `next`.
    void used_before(spec::Instant next);
    // Any thread: the group is visible, its last statement stored at `last`; or will never be, without.
    void end(spec::Instant start, std::optional<spec::Instant> last = {});

    // Any thread; never waits for the disk. Everything stored at or before this instant is visible, and
    // nothing will be added there. The present, unless something is being stored, or the lease has run out.
    spec::Instant consistent_through();

    // The promise keeper's thread: waits until the lease runs short, and says how far it is to reach. Nothing
    // after stop().
    std::optional<spec::Instant> next_lease();
    // That is on the disk now. Any thread.
    void grant(spec::Instant lease);
    void stop(); // nothing is promised beyond what was, but for what is stored
    // Nothing beyond it was promised.
    spec::Instant promised() const;

  private:
    static constexpr std::chrono::seconds lease_length{2};

    const std::function<spec::Instant()> now_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    spec::Instant last_;    // given out, or promised
    spec::Instant visible_; // of the last statement that is
    spec::Instant lease_;
    spec::Instant promised_{};
    std::set<spec::Instant> open_;
    bool lease_is_short_ = false;
    bool stopping_ = false;
};

} // namespace leerspoor::storage::engine
