// The Merkle log of all statements of all stores, in the order of storing: RFC 9162's tree, whose leaves are
// of spec::leaf_hash(). Derived from the statements; a statement's leaf stays when the statement is erased.
#pragma once

#include "spec/log/merkle.hpp"
#include "storage/statements.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace leerspoor::storage {

struct LogState {
    std::uint64_t size = 0; // leaves
    Sequence through = 0;   // the last statement that is one
};

class LogStore {
  public:
    LogStore() = default;
    LogStore(const LogStore&) = delete;
    LogStore& operator=(const LogStore&) = delete;
    virtual ~LogStore() = default;

    // The log follows what is visible some tenths of a second later; an older data folder gets its log from
    // the first statement on. It never goes back while the store is open, but may after a crash, until it has
    // followed again: to the same hashes.
    virtual LogState log_state() = 0;
    // Waits until this statement is in the log. False: it took longer than that. Not for an event loop.
    virtual bool await_log(Sequence through, std::chrono::milliseconds patience) = 0;
    // The hashes of a tile (spec/log/tile.hpp), 32 bytes each, as many as there are now, perhaps none.
    virtual Result<std::string> log_tile(unsigned level, std::uint64_t index) = 0;
    // Which leaf a statement is, from 0. Nothing: none, or not yet.
    virtual Result<std::optional<std::uint64_t>> log_index(Sequence sequence) = 0;
};

// Subtrees of what lies in the store. One thread.
class LogHashes final : public spec::HashSource {
  public:
    explicit LogHashes(LogStore& store) : store_(store) {}

    // Errors: the store's; store_damaged where a hash is missing.
    Result<spec::Hash> subtree(unsigned level, std::uint64_t index) override;

  private:
    LogStore& store_;
    std::map<std::pair<unsigned, std::uint64_t>, std::string> tiles_; // read lately
};

} // namespace leerspoor::storage
