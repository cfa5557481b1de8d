// How long a thread lets a read take: threads that serve others meanwhile have no time to wait for the disk.
#pragma once

#include <cstddef>

namespace leerspoor::storage {

// While one is alive, reads of a store by its thread give up with the error store_would_wait rather than wait
// for the disk or take more than `steps` steps (a bucket of a query, an entry of a list). Nothing has
// happened then: ask again on a thread that has time. One at a time on a thread.
class Impatient {
  public:
    explicit Impatient(std::size_t steps = 64) {
        steps_left_ = steps;
        on_ = true;
    }
    ~Impatient() { on_ = false; }
    Impatient(const Impatient&) = delete;
    Impatient& operator=(const Impatient&) = delete;

    // For who implements a store. Is this thread impatient?
    static bool now() { return on_; }
    // Takes a step; false when it must not be taken. Always true on other threads.
    static bool step() { return !on_ || (steps_left_ > 0 && steps_left_-- > 0); }

  private:
    static inline thread_local bool on_ = false;
    static inline thread_local std::size_t steps_left_ = 0;
};

} // namespace leerspoor::storage
