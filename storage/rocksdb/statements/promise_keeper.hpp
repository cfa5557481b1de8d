// Puts on the disk how far may be promised (StoredClock), ahead of the promises and only while somebody asks:
// one small synced write a second.
#pragma once

#include "storage/rocksdb/database/database.hpp"
#include "storage/rocksdb/statements/stored_clock.hpp"

#include <thread>

namespace leerspoor::storage::engine {

// The instant that is on the disk; the epoch when there is none.
Result<spec::Instant> kept_lease(Database& database);

class PromiseKeeper {
  public:
    PromiseKeeper(Database& database, StoredClock& clock);
    ~PromiseKeeper() { stop(); }
    // Takes back what of the lease was not promised, so that the next start has nothing to wait for.
    void stop();

  private:
    void run();
    bool keep(spec::Instant lease);

    Database& database_;
    StoredClock& clock_;
    bool kept_ = false;  // anything since the start
    std::thread thread_; // last: it uses all of the above
};

} // namespace leerspoor::storage::engine
