// The memory that the bodies of all requests take together, from when they are read until they are answered,
// and that answers take until they were sent.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace leerspoor::server::http {

// Bodies up to here are nobody's concern: an eighth of all memory is kept for them.
inline constexpr std::size_t small_body = 64u << 10;

// Any thread.
class BodyMemory {
  public:
    explicit BodyMemory(std::size_t most) : most_(most), most_of_large_(most - most / 8) {}

    // False: there would be more than the most. Nothing is taken then.
    bool take(std::size_t bytes, bool small) {
        const auto before = taken_.fetch_add(bytes, std::memory_order_relaxed);
        if (before + bytes <= (small ? most_ : most_of_large_)) return true;
        give_back(bytes);
        return false;
    }
    void give_back(std::size_t bytes) { taken_.fetch_sub(bytes, std::memory_order_relaxed); }

  private:
    std::size_t most_;
    std::size_t most_of_large_;
    std::atomic<std::size_t> taken_ = 0;
};

// What each client has of it for its large bodies. Any thread.
class MemoryOfClients {
  public:
    explicit MemoryOfClients(std::size_t most_of_one) : most_of_one_(most_of_one) {}

    std::shared_ptr<BodyMemory> of(const std::string& client) {
        const std::scoped_lock lock(mutex_);
        auto& known = known_[client];
        auto memory = known.lock();
        if (memory) return memory;
        // The last that held it takes it out of the list; `known` may be of a client that came since.
        memory = std::shared_ptr<BodyMemory>(new BodyMemory(most_of_one_), [this, client](BodyMemory* gone) {
            delete gone;
            const std::scoped_lock again(mutex_);
            const auto found = known_.find(client);
            if (found != known_.end() && found->second.expired()) known_.erase(found);
        });
        known = memory;
        return memory;
    }

  private:
    const std::size_t most_of_one_;
    std::mutex mutex_;
    std::unordered_map<std::string, std::weak_ptr<BodyMemory>> known_;
};

// What one request holds of it. Not longer-lived than the memory; one thread at a time.
class BodyShare {
  public:
    BodyShare() = default;
    BodyShare(const BodyShare&) = delete;
    BodyShare& operator=(const BodyShare&) = delete;
    ~BodyShare() {
        if (memory_ != nullptr) memory_->give_back(bytes_);
        if (of_client_) of_client_->give_back(bytes_);
    }

    // REQUIRES: nothing was taken yet.
    void of(BodyMemory& memory) { memory_ = &memory; }
    // And, when it is a large one, of the client's.
    void of(BodyMemory& memory, MemoryOfClients& clients, std::string_view client) {
        memory_ = &memory;
        clients_ = &clients;
        client_ = client;
    }
    // False: there is no room for so many. REQUIRES: of() was called.
    bool grow_to(std::size_t bytes) {
        if (bytes <= bytes_) return true;
        const bool small = bytes <= small_body;
        if (!memory_->take(bytes - bytes_, small)) return false;
        if (!small && clients_ != nullptr) {
            const auto held = of_client_ ? bytes_ : 0;
            auto memory = of_client_ ? of_client_ : clients_->of(std::string(client_));
            if (!memory->take(bytes - held, true)) {
                memory_->give_back(bytes - bytes_);
                return false;
            }
            of_client_ = std::move(memory);
        }
        bytes_ = bytes;
        return true;
    }

  private:
    BodyMemory* memory_ = nullptr;
    MemoryOfClients* clients_ = nullptr;
    std::string_view client_;               // valid until this goes
    std::shared_ptr<BodyMemory> of_client_; // once it is a large one
    std::size_t bytes_ = 0;
};

} // namespace leerspoor::server::http
