// Statements: stored, found by id, queried (xAPI 1.0.3 Part Three 2.1; IEEE 9274.1.1 4.1.6.1).
#pragma once

#include "spec/base/error.hpp"
#include "spec/base/timestamp.hpp"
#include "spec/base/uuid.hpp"
#include "spec/base/version.hpp"
#include "spec/log/merkle.hpp"
#include "spec/prepare.hpp"
#include "spec/terms.hpp"
#include "storage/attachments.hpp"
#include "storage/store_id.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace leerspoor::storage {

// The place of a statement in the order of storing: over all stores, strictly increasing, from 1, without
// meaning otherwise. Whoever has seen number N has seen all visible statements of its store before N.
using Sequence = std::uint64_t;

// What is kept of a statement as it was stored, once it is not that any more (storage/erasure.hpp).
struct Altered {
    spec::Hash leaf{}; // of the log: of the bytes and the salt as they were
    spec::Instant at;
};

struct StoredStatement {
    Sequence sequence = 0;
    spec::Uuid id;
    spec::Instant stored;
    spec::Version version = spec::Version::v2_0_0; // whose rules it was accepted by
    std::string bytes;                             // the JSON that format=exact returns
    spec::Salt salt{};                             // of its leaf in the log
    std::optional<Altered> altered;                // then the salt is gone; without bytes: erased

    bool erased() const { return altered && bytes.empty(); }
    spec::Hash leaf() const { return altered ? altered->leaf : spec::leaf_hash(salt, bytes); }
};

// The filters of GET statements, all of them optional and combined by AND.
struct Query {
    std::vector<spec::Term> terms;
    std::optional<spec::Instant> since; // exclusive, on `stored`
    std::optional<spec::Instant> until; // inclusive, on `stored`
    bool ascending = false;
    bool voided_too = false;            // what was voided is not left out
    std::size_t limit = 100;            // REQUIRES: at least 1
    std::size_t limit_bytes = 8u << 20; // a page ends with the statement that reaches this, if not before

    // Where a `more` chain goes on: statements strictly after this one in the query's order, and none stored
    // after the chain's first page was answered.
    std::optional<Sequence> after;
    std::optional<Sequence> snapshot;
};

struct Page {
    std::vector<StoredStatement> statements;
    std::optional<Sequence> next; // there are further matches: give this to Query::after for the next page
    Sequence snapshot = 0;        // and this to Query::snapshot
};

// What a page costs if only the number is wanted: no statement is read.
struct Count {
    std::uint64_t matches = 0;
};

// What one request brings.
struct Submission {
    std::vector<spec::PreparedStatement> statements;
    std::vector<NewAttachment> attachments; // bytes that the statements speak of
    bool may_define = true; // what the statements tell of activities and agents is taken (scope `define`)
};

class StatementStore {
  public:
    StatementStore() = default;
    StatementStore(const StatementStore&) = delete;
    StatementStore& operator=(const StatementStore&) = delete;
    virtual ~StatementStore() = default;

    // Called exactly once, from a thread of the engine, after the statements are durable and visible, or with
    // why not, and then nothing of the request was stored. Must return quickly and not throw. Errors:
    // statement_conflict (an id is taken by a different statement; pointer "/n" its place in the request),
    // store_busy (too much is waiting: try again later), store_full (the disk), store_failed, store_closed.
    using PutCallback = std::function<void(Result<void>)>;

    // All or nothing, the attachments' bytes included. An id that is there already with an equal statement
    // changes nothing; see spec::equivalent.
    virtual void put_statements(StoreId store, Submission submission, PutCallback done) = 0;

    // The statement with this id. `voided` false: nothing when it is voided; true: nothing unless it is.
    virtual Result<std::optional<StoredStatement>> find_statement(StoreId store, const spec::Uuid& id,
                                                                  bool voided) = 0;
    virtual Result<Page> query_statements(StoreId store, const Query& query) = 0;
    // Ignores limit and after.
    virtual Result<Count> count_statements(StoreId store, const Query& query) = 0;

    // X-Experience-API-Consistent-Through: every statement stored at or before this instant is visible now,
    // and none will be added there any more.
    virtual spec::Instant consistent_through() = 0;
};

} // namespace leerspoor::storage
