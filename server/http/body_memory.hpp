// The memory that the bodies of all requests take together, from when they are read until they are answered.
#pragma once

#include <atomic>
#include <cstddef>

namespace leerspoor::server::http {

// Any thread.
class BodyMemory {
  public:
    explicit BodyMemory(std::size_t most) : most_(most) {}

    // False: there would be more than the most. Nothing is taken then.
    bool take(std::size_t bytes) {
        if (taken_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= most_) return true;
        give_back(bytes);
        return false;
    }
    void give_back(std::size_t bytes) { taken_.fetch_sub(bytes, std::memory_order_relaxed); }

  private:
    std::size_t most_;
    std::atomic<std::size_t> taken_ = 0;
};

// What one request holds of it. Not longer-lived than the memory; one thread at a time.
class BodyShare {
  public:
    BodyShare() = default;
    BodyShare(const BodyShare&) = delete;
    BodyShare& operator=(const BodyShare&) = delete;
    ~BodyShare() {
        if (memory_ != nullptr) memory_->give_back(bytes_);
    }

    // REQUIRES: nothing was taken yet.
    void of(BodyMemory& memory) { memory_ = &memory; }
    // False: there is no room for so many. REQUIRES: of() was called.
    bool grow_to(std::size_t bytes) {
        if (bytes <= bytes_) return true;
        if (!memory_->take(bytes - bytes_)) return false;
        bytes_ = bytes;
        return true;
    }

  private:
    BodyMemory* memory_ = nullptr;
    std::size_t bytes_ = 0;
};

} // namespace leerspoor::server::http
