// The index as one thing: sealed files and the segments in memory, read through one view.
#pragma once

#include "storage/rocksdb/database/database.hpp"
#include "storage/rocksdb/database/format.hpp"
#include "storage/rocksdb/statements/segment.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace leerspoor::storage::engine {

using Segments =
    std::vector<std::shared_ptr<Segment>>; // by bucket, ascending; more than one may share a bucket

// The segments of the moment. A segment leaves the list only after its files are in the database, so whoever
// takes the list first and reads the database second misses nothing (and may see a thing twice, which does no
// harm).
class SegmentList {
  public:
    std::shared_ptr<const Segments> take() const;
    void add(std::shared_ptr<Segment> segment);
    void remove(const std::shared_ptr<Segment>& segment);

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<const Segments> segments_ = std::make_shared<const Segments>();
};

// What a reader sees, taken in one place. Any thread; shorter-lived than the database.
struct ReadView {
    Database& database;
    std::shared_ptr<const Segments> segments;
    Sequence visible; // the last one that this reader may see
};

// `visible` first, then the list of segments, the database last: that misses nothing. A thread that writes
// the index sees all of it.
ReadView view_of(Database& database, const SegmentList& segments, Sequence visible = ~Sequence{0});

// Walks the buckets in which one term occurs. One thread; shorter-lived than the view.
class PostingCursor {
  public:
    PostingCursor(const ReadView& seen, const TermKey& term);

    // The nearest bucket at or beyond `from` (in the direction asked for) in which the term occurs.
    Result<std::optional<Bucket>> seek(Bucket from, bool ascending);
    // bits |= the posting in that bucket, from wherever it is kept.
    Result<void> add_to(Bucket bucket, BucketBits& bits);

  private:
    const Segments& segments_;
    TermKey term_;
    std::string first_key_;
    std::string end_key_;
    rocksdb::Slice end_slice_;
    std::unique_ptr<rocksdb::Iterator> sealed_;
};

// The posting of one term in one bucket, without a walk.
Result<void> add_posting(const ReadView& seen, const TermKey& term, Bucket bucket, BucketBits& bits);

// What is known of an id, which may be that it is awaited; or nothing.
Result<std::optional<IdEntry>> find_id(const ReadView& seen, const IdKey& id);

// The id of a statement, without reading more of it; nothing when there is none.
Result<std::optional<spec::Uuid>> read_id(Database& database, StoreId store, Sequence sequence);

// Reads a statement; nothing when there is none.
Result<std::optional<StoredStatement>> read_statement(Database& database, StoreId store, Sequence sequence);
// From the first on, until they have come to `limit_bytes`.
Result<std::vector<StoredStatement>> read_statements(Database& database, StoreId store,
                                                     const std::vector<Sequence>& sequences,
                                                     std::size_t limit_bytes);

} // namespace leerspoor::storage::engine
