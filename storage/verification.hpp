// Whether a store is what it should be: everything in it read, and held against everything else.
#pragma once

#include "spec/base/error.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace leerspoor::storage {

struct Verification {
    std::uint64_t statements = 0;
    std::uint64_t postings = 0; // of terms in buckets
    std::uint64_t facts = 0;    // rows
    std::uint64_t leaves = 0;   // of the log
    std::uint64_t attachments = 0;
    std::vector<std::string> problems; // for people; the first hundred
};

class Verifiable {
  public:
    Verifiable() = default;
    Verifiable(const Verifiable&) = delete;
    Verifiable& operator=(const Verifiable&) = delete;
    virtual ~Verifiable() = default;

    // Reads all of it, as it was when it was called: every checksum, every statement and what it is found by,
    // every row of facts, every hash of the log, every attachment. Takes as long as it takes; writes go on.
    // Problems are no error. Error: verification_stopped.
    virtual Result<Verification> verify(const std::atomic<bool>& stop) = 0;
};

} // namespace leerspoor::storage
