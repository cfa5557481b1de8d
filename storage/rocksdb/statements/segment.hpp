// The index of the newest statements, in memory until it is sealed into sorted files: at most one bucket of
// sequence numbers, with their ids and postings.
#pragma once

#include "storage/rocksdb/database/bucket_bits.hpp"
#include "storage/rocksdb/database/format.hpp"
#include "storage/rocksdb/facts/fact_row.hpp"

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <vector>

namespace leerspoor::storage::engine {

// Threads: one writer (the committer) and any number of readers at a time. Nothing is written any more once
// it was handed to the sealer.
class Segment {
  public:
    explicit Segment(Bucket bucket) : bucket_(bucket) {}

    Bucket bucket() const { return bucket_; }
    Sequence last() const { return last_; }
    std::size_t statements() const { return statements_; }
    std::size_t memory_bytes() const { return memory_bytes_; } // a fair estimate

    // The writer adds under one lock for many statements, then lets the readers in.
    class Writer {
      public:
        explicit Writer(Segment& segment) : segment_(segment), lock_(segment.mutex_) {}
        void add_statement(const IdKey& id, const IdEntry& entry);
        void add_awaited(const IdKey& id);
        void add_posting(const TermKey& term, Offset offset);
        void add_facts(const FactRow& row);

      private:
        Segment& segment_;
        std::unique_lock<std::shared_mutex> lock_;
    };

    std::optional<IdEntry> find_id(const IdKey& id) const;
    bool contains(const TermKey& term) const;
    // Without a lock: readers may see rows of statements that are not visible yet.
    const FactRows& facts() const { return facts_; }
    // bits |= the term's posting.
    void add_to(const TermKey& term, BucketBits& bits) const;

    // For the sealer: everything, sorted by key. No lock is taken: REQUIRES that nothing is written any more.
    std::vector<std::pair<IdKey, IdEntry>> sorted_ids() const;
    std::vector<std::pair<TermKey, std::string>> sorted_postings() const;

  private:
    // Few offsets as a sorted list, many as bits.
    struct Posting {
        boost::container::small_vector<Offset, 4> few;
        std::unique_ptr<BucketBits> many;
    };
    static constexpr std::size_t few_limit = 1024;

    const Bucket bucket_;
    std::atomic<Sequence> last_ = 0;
    std::atomic<std::size_t> statements_ = 0;
    std::atomic<std::size_t> memory_bytes_ = 0;
    mutable std::shared_mutex mutex_;
    boost::unordered_flat_map<IdKey, IdEntry, IdKeyHash> ids_;
    boost::unordered_flat_map<TermKey, Posting, TermKeyHash> postings_;
    FactRows facts_;
};

} // namespace leerspoor::storage::engine
