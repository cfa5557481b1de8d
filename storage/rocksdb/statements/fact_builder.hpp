// Facts of statements that were sealed before there were facts: made in the background, bucket by bucket, the
// newest first, while the store serves.
#pragma once

#include "storage/rocksdb/database/database.hpp"
#include "storage/rocksdb/facts/dictionary.hpp"

#include <atomic>
#include <mutex>
#include <thread>

namespace leerspoor::storage::engine {

class FactBuilder {
  public:
    FactBuilder(Database& database, Dictionary& dictionary) : database_(database), dictionary_(dictionary) {}
    ~FactBuilder() { stop(); }

    // Once, before statements are written: finds out what is missing, and begins. `fresh`: the database was
    // made just now, so that nothing is. Error: the database's.
    Result<void> start(bool fresh);
    void stop();

    // Everything up to this sequence has no facts yet. Any thread.
    Sequence missing_through() const { return missing_; }

  private:
    void run();
    Result<void> build(Sequence through);

    Database& database_;
    Dictionary& dictionary_;
    std::atomic<Sequence> missing_ = 0;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

} // namespace leerspoor::storage::engine
