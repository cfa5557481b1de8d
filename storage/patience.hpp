// How long a thread lets a read take: threads that serve others meanwhile have no time to wait for the disk.
#pragma once

#include <cstddef>

namespace leerspoor::storage {

// While one is alive, reads of a store by its thread give up with the error store_would_wait rather than wait
// for the disk (unless they may) or take more than `steps` steps (a bucket of a query, an entry of a list).
// Nothing has happened then: ask again on a thread that has time. One at a time on a thread.
class Impatient {
  public:
    explicit Impatient(std::size_t steps = 64, bool waits_for_disk = false) {
        waits_for_disk_ = waits_for_disk;
        steps_left_ = steps;
        on_ = true;
    }
    ~Impatient() { on_ = false; }
    Impatient(const Impatient&) = delete;
    Impatient& operator=(const Impatient&) = delete;

    // Is this thread impatient?
    static bool now() { return on_; }
    // For who implements a store: may this thread wait for the disk?
    static bool waits_for_disk() { return !on_ || waits_for_disk_; }
    // Takes a step; false when it must not be taken. Always true on other threads.
    static bool step() {
        if (!on_) return true;
        if (steps_left_ == 0) return false;
        --steps_left_;
        return true;
    }

  private:
    static inline thread_local bool on_ = false;
    static inline thread_local std::size_t steps_left_ = 0;
    static inline thread_local bool waits_for_disk_ = false;
};

} // namespace leerspoor::storage
