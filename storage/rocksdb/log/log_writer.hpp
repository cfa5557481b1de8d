// Writes the Merkle log behind what is visible: reads statements as they were stored, hashes them, and keeps
// the tiles. Beside the write-ahead log: after a crash it goes on where its own family ends.
#pragma once

#include "storage/log.hpp"
#include "storage/rocksdb/database/database.hpp"

#include <array>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace leerspoor::storage::engine {

class LogWriter {
  public:
    // `visible`: the last statement that is to be in the log; any thread.
    LogWriter(Database& database, std::function<Sequence()> visible)
        : database_(database), visible_(std::move(visible)) {}
    ~LogWriter() { stop(); }

    // Once. Errors: store_damaged, the database's.
    Result<void> start();
    void stop();

    // Any thread, all of them.
    LogState state() const;
    bool await(Sequence through, std::chrono::milliseconds patience);
    Result<std::string> tile(unsigned level, std::uint64_t index) const;
    std::optional<std::uint64_t> index_of(Sequence sequence) const;

  private:
    // Statements whose sequences follow each other are leaves that do.
    struct Run {
        std::uint64_t first_index = 0;
        Sequence first_sequence = 0;
    };
    struct Leaf {
        Sequence sequence = 0;
        spec::Hash hash{};
    };

    using Rows = std::vector<std::pair<std::string, std::string>>; // keys and values

    void run();
    Result<void> follow(Sequence through);
    Result<std::vector<Leaf>> leaves_between(Sequence first, Sequence last) const;
    void append(const spec::Hash& hash, unsigned level, std::uint64_t index, Rows& rows);

    Database& database_;
    const std::function<Sequence()> visible_;
    std::array<std::string, 8> edge_; // of each level of tiles, the last one; the writer's thread only

    mutable std::mutex mutex_; // for what follows
    std::condition_variable changed_;
    LogState state_;
    std::vector<Run> runs_;
    bool wanted_ = false; // somebody waits
    bool stopping_ = false;

    std::thread thread_;
};

} // namespace leerspoor::storage::engine
