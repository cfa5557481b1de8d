// A disk that breaks when a test says so: the n-th change to a file fails, once or from then on, and a power
// cut takes away what was not synced: bytes of files, and names in folders.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace leerspoor::tests {

enum class Fault { no_space, io_error };

// Threads: any. Must outlive the stores on it. What it holds is in the real file system; synced is only
// noted.
class BreakableDisk {
  public:
    BreakableDisk();
    ~BreakableDisk();

    rocksdb::Env* env() { return env_.get(); }

    // The n-th change from now on fails, n counting from 1; with `stays_broken` all later ones do too.
    void fail_at(std::uint64_t n, Fault fault, bool stays_broken);
    // Changes since fail_at(), and whether one of them failed.
    std::uint64_t changes() const;
    bool failed() const;
    void heal();
    // No file whose name has `part` in it can be made, until heal().
    void refuse_new(std::string part);
    // Says that no byte is free, or again what is true.
    void set_full(bool full);
    // Cuts off what was written and not synced; takes back, the last first, what was made, renamed, linked
    // and removed in folders that were not synced since. No store may be open.
    void cut_power();

  private:
    class Files;
    std::shared_ptr<Files> files_;
    std::unique_ptr<rocksdb::Env> env_;
};

} // namespace leerspoor::tests
