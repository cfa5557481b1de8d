// One at a time, for each name: coroutines that change one thing wait for each other, in order.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace leerspoor::server {

// Any thread. REQUIRES: lives longer than the turns that it gives.
class Turns {
  public:
    // As long as it lives nobody else has the name's turn.
    class Turn {
      public:
        Turn(Turn&& other) noexcept
            : turns_(std::exchange(other.turns_, nullptr)), name_(std::move(other.name_)) {}
        Turn& operator=(Turn&&) = delete;
        ~Turn() {
            if (turns_) turns_->pass_on(name_);
        }

      private:
        friend class Turns;
        Turn(Turns* turns, std::string name) : turns_(turns), name_(std::move(name)) {}
        Turns* turns_;
        std::string name_;
    };

    boost::asio::awaitable<Turn> take(std::string name);

  private:
    void pass_on(const std::string& name);

    std::mutex mutex_;
    std::map<std::string, std::deque<std::function<void(bool)>>> waiting_; // an entry: somebody has the turn
};

} // namespace leerspoor::server
