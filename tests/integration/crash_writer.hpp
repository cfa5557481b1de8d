// Clients that write over HTTPS until their server is killed under them, and remember what they were told.
#pragma once

#include "tests/support/server_process.hpp"

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace leerspoor::tests {

// One request of a writer.
struct Written {
    std::vector<std::string> ids;
    std::vector<std::string> statements; // as sent
    bool put = false;                    // PUT of one; else POST
    bool acknowledged = false;
    std::string
        read_back; // the bytes of the first statement, read just after the acknowledgement; may be empty

    std::string body() const;
};

// Several threads, each with a connection of its own, from the start until the server is gone.
class CrashWriters {
  public:
    CrashWriters(const ServerProcess& server, std::size_t count, std::uint64_t seed,
                 std::uint64_t first_number);
    ~CrashWriters();
    CrashWriters(const CrashWriters&) = delete;
    CrashWriters& operator=(const CrashWriters&) = delete;

    // Until so many requests were acknowledged, or no writer is left.
    void wait_for(std::size_t acknowledged);
    // Once the server is gone: what they wrote, and what answers other than success they got.
    std::vector<Written> join();
    const std::vector<std::string>& wrong_answers() const { return wrong_answers_; }

  private:
    void write(const ServerProcess& server, std::uint64_t seed, std::uint64_t first_number);

    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t acknowledged_ = 0;
    std::size_t running_ = 0;
    std::vector<Written> written_;
    std::vector<std::string> wrong_answers_;
    std::vector<std::thread> threads_;
};

} // namespace leerspoor::tests
