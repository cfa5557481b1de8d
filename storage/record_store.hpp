// The seam between what a learning record store means and how an engine keeps it: one interface in the
// specification's terms. Nothing above this header knows an engine's keys, files or types.
//
// Threads: every function may be called from any thread at any time. Reads block for the time of a disk read
// and never wait for writers. Writes are handed over and answered through a callback.
#pragma once

#include "spec/error.hpp"
#include "spec/prepare.hpp"
#include "spec/terms.hpp"
#include "spec/timestamp.hpp"
#include "spec/uuid.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace leerspoor::storage {

// A store is a tenant: its statements and documents are seen by nobody else.
using StoreId = std::uint32_t;
inline constexpr StoreId first_store = 1;

// The place of a statement in the order of storing: over all stores, strictly increasing, from 1, without
// meaning otherwise. Whoever has seen number N has seen all visible statements of its store before N.
using Sequence = std::uint64_t;

struct StoredStatement {
    Sequence sequence = 0;
    spec::Uuid id;
    spec::Instant stored;
    std::string bytes; // the JSON that format=exact returns
};

// The filters of GET statements, all of them optional and combined by AND.
struct Query {
    std::vector<spec::Term> terms;
    std::optional<spec::Instant> since; // exclusive, on `stored`
    std::optional<spec::Instant> until; // inclusive, on `stored`
    bool ascending = false;
    std::size_t limit = 100; // REQUIRES: at least 1

    // Where a `more` chain goes on: statements strictly after this one in the query's order, and none stored
    // after the chain's first page was answered.
    std::optional<Sequence> after;
    std::optional<Sequence> snapshot;
};

struct Page {
    std::vector<StoredStatement> statements;
    bool more = false;     // there was at least one further match
    Sequence snapshot = 0; // give this back in Query::snapshot for the next page
};

// What a page costs if only the number is wanted: no statement is read.
struct Count {
    std::uint64_t matches = 0;
};

// A request's statements were stored, or were there already and equal.
struct PutReceipt {
    std::size_t stored = 0; // how many were new
    spec::Instant at;       // `stored` of the last of them
};

// A key that may use a store. The secret itself is never kept.
struct Credential {
    std::string key;
    std::string secret_hash; // Argon2id, encoded
    std::string name;        // for people; also names the authority
    std::vector<std::string> scopes;
    StoreId store = first_store;
    spec::Instant created;
    std::optional<spec::Instant> revoked;
};

// A document (xAPI 1.0.3 Part Three 2.2): bytes under a name, with what HTTP says of them.
struct Document {
    std::string content_type;
    std::string bytes;
    std::string etag; // without quotes
    spec::Instant updated;
};

struct Statistics {
    std::uint64_t statements = 0;        // over all stores
    std::uint64_t open_segment_size = 0; // statements not yet sealed
    std::uint64_t memory_bytes = 0;      // open and sealing segments
    std::uint64_t disk_bytes = 0;
    std::uint64_t queued_bytes = 0; // waiting for the committer
    std::uint64_t groups = 0;       // commits since the start
    std::uint64_t replayed = 0;     // statements indexed again at the start
};

class RecordStore {
  public:
    // Called exactly once, from a thread of the engine, after the statements are durable and visible, or with
    // why not, and then nothing of the request was stored. Must return quickly and not throw. Errors:
    // statement_conflict (an id is taken by a different statement; pointer "/n" its place in the batch),
    // store_busy (too much is waiting: try again later), store_full (the disk), store_failed, store_closed.
    using PutCallback = std::function<void(Result<PutReceipt>)>;

    RecordStore() = default;
    RecordStore(const RecordStore&) = delete;
    RecordStore& operator=(const RecordStore&) = delete;
    virtual ~RecordStore() = default; // finishes what was handed over

    // All or nothing. An id that is there already with an equal statement changes nothing; see
    // spec::equivalent.
    virtual void put_statements(StoreId store, std::vector<spec::PreparedStatement> batch,
                                PutCallback done) = 0;

    // The statement with this id. `voided` false: nothing when it is voided; true: nothing unless it is.
    virtual Result<std::optional<StoredStatement>> find_statement(StoreId store, const spec::Uuid& id,
                                                                  bool voided) = 0;
    virtual Result<Page> query_statements(StoreId store, const Query& query) = 0;
    // Ignores limit and after.
    virtual Result<Count> count_statements(StoreId store, const Query& query) = 0;

    // X-Experience-API-Consistent-Through: every statement stored at or before this instant is visible now,
    // and none will be added there any more.
    virtual spec::Instant consistent_through() = 0;

    // Documents by full name: the resource and the parts of its key (activity, agent, registration, id).
    virtual Result<std::optional<Document>> find_document(StoreId store, const std::string& name) = 0;
    virtual Result<void> put_document(StoreId store, const std::string& name, const Document& document) = 0;

    // Durable when it returns. Replaces the credential of the same key.
    virtual Result<void> save_credential(const Credential& credential) = 0;
    virtual Result<std::vector<Credential>> credentials() = 0;

    // Error: why writes are refused at present (store_full, store_failed). Reads may still work.
    virtual Result<void> writable() = 0;
    virtual Statistics statistics() = 0;
};

} // namespace leerspoor::storage
