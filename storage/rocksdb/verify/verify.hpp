// Reads everything and says what does not fit.
#pragma once

#include "storage/rocksdb/log/log_writer.hpp"
#include "storage/rocksdb/statements/index.hpp"
#include "storage/verification.hpp"

namespace leerspoor::storage::engine {

// What Verifiable::verify() says, of what `seen` sees. Statements up to `facts_missing_through` have no
// facts yet.
Result<Verification> verify_store(const ReadView& seen, LogWriter& log, Sequence facts_missing_through,
                                  const std::atomic<bool>& stop);

} // namespace leerspoor::storage::engine
