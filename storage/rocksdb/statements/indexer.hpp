// What a stored statement adds to the index, at commit and again at replay: its own terms, those of the
// statement it refers to (xAPI 1.0.3 Part Three 2.1.3, "Filter Conditions for StatementRefs"), voiding
// (Part Two 2.3.2), and what it tells about activities and agents. A statement inherits along 32
// StatementRefs and up to 10,000 terms, the nearest first; what lies further away is not worth what it would
// cost all others.
#pragma once

#include "storage/rocksdb/catalogue/catalogue.hpp"
#include "storage/rocksdb/statements/index.hpp"
#include "storage/rocksdb/statements/open_segment.hpp"

#include <rocksdb/write_batch.h>

#include <memory>
#include <unordered_map>
#include <vector>

namespace leerspoor::storage::engine {

// What the index needs to know of one statement.
struct IndexEntry {
    StoreId store = 0;
    Sequence sequence = 0;
    spec::Uuid id;
    std::optional<spec::StatementDigest> digest;
    std::vector<TermKey> terms;
    std::optional<spec::Uuid> refers_to;
    bool voids = false;
    bool awaited = false; // StatementRefs may be waiting for it
    std::vector<MarkedTelling> tellings;
    std::string_view bytes; // what they are told in
};

// One thread: the committer's, or the one that replays. Every step can be repeated without harm.
class Indexer {
  public:
    Indexer(Database& database, const SegmentList& segments, const OpenSegment& open)
        : database_(database), segments_(segments), open_(open), catalogue_(database) {}

    // Indexes statements of the open segment's bucket, in sequence order. They must be readable in the
    // database already. Error: the database's; then the index in memory is incomplete and must not be used
    // for writing any more.
    Result<void> add(const std::vector<IndexEntry>& entries);

  private:
    // What a StatementRef leads to. Statements never change, so it stays true.
    struct Link {
        std::vector<TermKey> terms;
        std::optional<spec::Uuid> refers_to;
        bool voids = false;
    };
    using Chain = std::vector<std::shared_ptr<const Link>>;

    Result<void> resolve(const IndexEntry& entry);
    Result<std::vector<Sequence>> referrers(const TermKey& key);
    Result<std::shared_ptr<const Link>> link_to(const IdKey& id); // null when it is not there yet
    Result<Chain> chain_of(const IndexEntry& entry);
    static std::vector<TermKey> terms_of(const Chain& chain, std::size_t links);
    Result<void> give_to_referrers(const IndexEntry& entry, const Chain& chain);
    void add_late(const TermKey& term, Sequence sequence);

    Database& database_;
    const SegmentList& segments_;
    const OpenSegment& open_;
    Catalogue catalogue_;
    std::unordered_map<IdKey, std::shared_ptr<const Link>, IdKeyHash> links_; // read before
    std::size_t links_terms_ = 0;                                             // that these hold
    rocksdb::WriteBatch late_; // for buckets that are sealed, and for the catalogue
};

// The entry of a statement that was read back; with what it tells if there is a text to hold that.
Result<IndexEntry> index_entry_of(StoreId store, const StoredStatement& statement,
                                  std::string* told_in = nullptr);

} // namespace leerspoor::storage::engine
