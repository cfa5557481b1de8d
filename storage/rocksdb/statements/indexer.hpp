// What a stored statement adds to the index, at commit and again at replay: its own terms, those of the
// statement it refers to (xAPI 1.0.3 Part Three 2.1.3, "Filter Conditions for StatementRefs"), voiding
// (Part Two 2.3.2), and what it tells about activities and agents. A statement inherits along 32
// StatementRefs and up to 10,000 terms, the nearest first; what lies further away is not worth what it would
// cost all others. What follows from StatementRefs is done in slices, so that nobody waits for all of it.
#pragma once

#include "storage/rocksdb/catalogue/catalogue.hpp"
#include "storage/rocksdb/facts/dictionary.hpp"
#include "storage/rocksdb/statements/index.hpp"
#include "storage/rocksdb/statements/open_segment.hpp"

#include <rocksdb/write_batch.h>

#include <deque>
#include <map>
#include <memory>
#include <set>
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
    std::size_t size = 0;   // of the statement
    spec::Instant stored;
    const spec::Facts* facts = nullptr; // valid until it was added; null: only its terms are wanted
};

// One thread: the committer's, or the one that replays. Every step can be repeated without harm.
class Indexer {
  public:
    Indexer(Database& database, const SegmentList& segments, const OpenSegment& open, Dictionary& dictionary)
        : database_(database), segments_(segments), open_(open), dictionary_(dictionary),
          catalogue_(database) {}

    // Indexes statements of the open segment's bucket, in sequence order. They must be readable in the
    // database already. What follows from StatementRefs waits for resolve(). Error: the database's; then the
    // index in memory is incomplete and must not be used for writing any more.
    Result<void> add(const std::vector<IndexEntry>& entries);

    // Does about `steps` steps (a term given to a statement) of what waits. Errors as above.
    Result<void> resolve(std::size_t steps);
    // What was read before may have changed since.
    void forget() {
        links_.clear();
        links_terms_ = 0;
    }

    // References and targets that were added so far, and those of them that are resolved, in the same order.
    std::uint64_t referring() const { return referring_; }
    std::uint64_t resolved() const { return referring_ - unresolved_.size(); }

  private:
    using Chain = std::vector<std::shared_ptr<const Link>>;

    // What a statement that refers, or that was waited for, changes; and how far that has come.
    struct Resolution {
        IdKey id;
        Sequence sequence = 0;
        std::shared_ptr<Segment> segment; // that it is in: not sealed before this is done
        std::optional<spec::Uuid> refers_to;
        bool voids = false;
        bool awaited = false;
        std::vector<TermKey> terms;

        bool begun = false;
        Chain given;                     // its own and what it inherits, for those that refer to it
        std::size_t distance = 1;        // how many links these lie before it
        std::vector<spec::Uuid> targets; // whose referrers are next
        std::vector<spec::Uuid> behind;  // and after those
        std::set<spec::Uuid> seen;
        std::vector<TermKey> passed;     // what is given at this distance
        std::vector<Sequence> referrers; // of the last of the targets that are left
        bool looked_up = false;
    };

    Result<void> add_own(const std::vector<IndexEntry>& entries);
    Result<bool> go_on(Resolution& resolution, std::size_t& steps); // true: it is done
    Result<void> begin(Resolution& resolution, std::size_t& steps);
    Result<void> give_to(const Resolution& resolution, Sequence referrer, std::vector<spec::Uuid>& behind,
                         std::set<spec::Uuid>& seen);
    Result<std::vector<Sequence>> referrers(const TermKey& key);
    Result<std::shared_ptr<const Link>> link_to(const IdKey& id); // null when it is not there yet
    Result<std::optional<Link>> read_link(const IdKey& id);
    Result<Chain> chain_of(const Resolution& resolution);
    static std::vector<TermKey> terms_of(const Chain& chain, std::size_t links);
    // What a resolution changes lies in its own segment or in the database: once the segment is sealed,
    // nothing would make it again.
    void add_late(Segment& of, const TermKey& term, Sequence sequence);
    Result<void> write_late();

    Database& database_;
    const SegmentList& segments_;
    const OpenSegment& open_;
    Dictionary& dictionary_;
    Catalogue catalogue_;
    std::unordered_map<IdKey, std::shared_ptr<const Link>, IdKeyHash> links_; // read before
    std::size_t links_terms_ = 0;                                             // that these hold
    std::deque<Resolution> unresolved_;
    std::uint64_t referring_ = 0;
    std::map<std::pair<TermKey, Bucket>, std::vector<Offset>> late_offsets_; // for buckets that are sealed
    rocksdb::WriteBatch late_;                                               // and for the catalogue
};

// The entry of a statement that was read back; with what it tells if there is a text to hold that,
// and its facts if there is a place for them. Both must live until it was added.
Result<IndexEntry> index_entry_of(StoreId store, const StoredStatement& statement,
                                  std::string* told_in = nullptr, spec::Facts* facts = nullptr);

} // namespace leerspoor::storage::engine
