// Who signs for the log, and what was signed last.
#pragma once

#include "spec/log/note.hpp"
#include "storage/record_store.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace leerspoor::server::audit {

// A key of the log, and since when it signs.
struct LogKey {
    spec::VerifierKey verifier;
    spec::Instant since;
};

// Any thread.
class Checkpoints {
  public:
    // Makes the first key where there is none. Error: the store's.
    static Result<std::unique_ptr<Checkpoints>> load(storage::RecordStore& store);

    // A signed note (C2SP tlog-checkpoint) of the log as it is, no older than a second. Its size never goes
    // back, not even after a crash: until the log is as long again, it is the one that was signed last. Reads
    // and perhaps writes the store. Error: the store's.
    Result<std::string> newest();
    // The same, at least through that statement; waits for the log. Errors: log_behind, the store's.
    Result<std::string> through(storage::Sequence sequence, std::chrono::milliseconds patience);

    // A signed note that says of a text, by its SHA-256 in hex, that it is of this log: "export" of a
    // manifest, "erasure" of a certificate.
    std::string sign(std::string_view what, const std::string& sha256) const;

    // The one that signs now is the last.
    std::vector<LogKey> keys() const;
    // From now on another key signs; what the earlier ones signed stays verifiable with them. Error: the
    // store's.
    Result<spec::VerifierKey> rotate();
    // What checkpoints say of whose log it is.
    std::string origin() const;

    storage::RecordStore& store() const { return store_; }

  private:
    struct Signer {
        spec::SigningKey key;
        spec::Instant since;
    };

    explicit Checkpoints(storage::RecordStore& store) : store_(store) {}
    Result<void> add_key(const std::string& name);
    Result<std::string> sign_tree(std::uint64_t size);

    storage::RecordStore& store_;
    mutable std::mutex mutex_; // for what follows
    std::vector<Signer> signers_;
    std::string last_; // the note that was signed last
    std::uint64_t last_size_ = 0;
    std::chrono::steady_clock::time_point signed_at_;
};

} // namespace leerspoor::server::audit
