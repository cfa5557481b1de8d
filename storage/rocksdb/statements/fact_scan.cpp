#include "storage/rocksdb/statements/fact_scan.hpp"

#include "storage/rocksdb/facts/column.hpp"

#include <rocksdb/snapshot.h>

#include <algorithm>
#include <memory>
#include <set>

namespace leerspoor::storage::engine {

namespace {

// Rows that are given at a time: their columns stay in the processor's cache.
constexpr std::size_t rows_at_a_time = 4096;
constexpr std::size_t bytes_at_a_time = 4u << 20; // of statements
// Fewer than this share of a block's rows are read one by one.
constexpr std::size_t sparse = 8;

rocksdb::Status damaged_facts() {
    return rocksdb::Status::Corruption("a column of facts");
}

class Scan {
  public:
    Scan(const ReadView& seen, StoreId store, const FactQuery& query,
         const std::function<bool(const FactBlock&)>& each)
        : seen_(seen), store_(store), query_(query), each_(each) {
        for (const auto& term : query.terms) terms_.push_back(term_key(store, term));
        for (auto& column : values_) column.reserve(rows_at_a_time);
        // Columns of one moment: rows may be erased meanwhile.
        options_.snapshot = moment_.snapshot();
    }

    Result<void> run() {
        std::set<FactChunk> in_memory;
        std::vector<const Segment*> segments;
        for (const auto& segment : *seen_.segments) {
            if (const auto first = first_row(*segment)) {
                in_memory.insert({segment->bucket(), *first});
                segments.push_back(segment.get());
            }
        }
        auto chunks = sealed_chunks();
        if (!chunks.has_value()) return chunks.error();
        std::size_t number = 0;
        for (const auto& [chunk, offsets] : *chunks) {
            // Sealed while this began: its rows are read in memory.
            if (in_memory.contains(chunk)) continue;
            if (number++ % query_.parts != query_.part) continue;
            auto read = read_sealed(chunk, offsets);
            if (!read.has_value()) return read;
            if (stopped_) return {};
        }
        for (const auto* segment : segments) {
            if (number++ % query_.parts != query_.part) continue;
            auto read = read_segment(*segment);
            if (!read.has_value()) return read;
            if (stopped_) return {};
        }
        return {};
    }

  private:
    std::optional<Offset> first_row(const Segment& segment) const {
        const auto& rows = segment.facts();
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (rows[i].store == store_) return rows[i].offset;
        }
        return std::nullopt;
    }

    Result<std::vector<std::pair<FactChunk, std::string>>> sealed_chunks() {
        std::vector<std::pair<FactChunk, std::string>> chunks;
        const auto prefix = fact_prefix(store_, std::nullopt);
        const std::unique_ptr<rocksdb::Iterator> rows(
            seen_.database.db().NewIterator(options_, seen_.database.family(Family::facts)));
        for (rows->Seek(prefix); rows->Valid() && view(rows->key()).starts_with(prefix); rows->Next())
            chunks.emplace_back(parse_fact_key(view(rows->key())), rows->value().ToString());
        if (!rows->status().ok()) return store_error(rows->status());
        return chunks;
    }

    // Of this bucket's statements, those that are wanted and not voided. Nothing: none is.
    Result<bool> wanted(Bucket bucket, BucketBits& bits) {
        for (std::size_t i = 0; i < terms_.size(); ++i) {
            BucketBits one;
            auto read = add_posting(seen_, terms_[i], bucket, one);
            if (!read.has_value()) return read.error();
            if (i == 0) {
                bits = one;
            } else {
                bits &= one;
            }
            if (!bits.any()) return false;
        }
        if (terms_.empty()) bits.set_range(0, 0xffff);
        BucketBits voided;
        auto read = add_posting(seen_, voided_key(store_), bucket, voided);
        if (!read.has_value()) return read.error();
        bits -= voided;
        const auto last = std::min(query_.snapshot.value_or(seen_.visible), seen_.visible);
        if (bucket_of(last) < bucket) return false;
        if (bucket_of(last) == bucket) bits.keep_range(0, offset_of(last));
        return bits.any();
    }

    Result<void> read_sealed(const FactChunk& chunk, const std::string& encoded_offsets) {
        BucketBits bits;
        const auto any = wanted(chunk.bucket, bits);
        if (!any.has_value()) return any.error();
        if (!*any) return {};
        BucketBits all;
        if (!decode_into(encoded_offsets, all)) return store_error(damaged_facts());
        const std::size_t rows = all.count();
        BucketBits there = all;
        there &= bits;
        const std::size_t selected = there.count();
        if (selected == 0) return {};

        std::array<std::optional<Column>, fact_columns> columns;
        std::array<rocksdb::PinnableSlice, fact_columns> bytes;
        const auto load = [&](FactColumn column) -> Result<void> {
            const auto at = static_cast<std::size_t>(column);
            if (columns[at]) return {};
            const auto status = seen_.database.db().Get(options_, seen_.database.family(Family::facts),
                                                        fact_key(store_, column, chunk), &bytes[at]);
            if (!status.ok()) return store_error(status.IsNotFound() ? damaged_facts() : status);
            columns[at] = Column::read(view(bytes[at]));
            if (!columns[at] || columns[at]->rows() != rows) return store_error(damaged_facts());
            return {};
        };
        if (is_bounded()) {
            auto loaded = load(FactColumn::timestamp);
            if (!loaded.has_value()) return loaded;
            const auto& times = *columns[static_cast<std::size_t>(FactColumn::timestamp)];
            if (times.greatest() < query_.timestamp_from || times.least() > query_.timestamp_to) return {};
        }
        for (const auto column : query_.columns) {
            auto loaded = load(column);
            if (!loaded.has_value()) return loaded;
        }
        if (selected == rows && !query_.statements) {
            for (std::size_t first = 0; first < rows && !stopped_; first += rows_at_a_time) {
                const std::size_t count = std::min(rows_at_a_time, rows - first);
                for (const auto column : query_.columns) {
                    auto& values = values_of(column, count);
                    columns[static_cast<std::size_t>(column)]->copy(first, count, values.data());
                }
                auto given = give(count);
                if (!given.has_value()) return given;
            }
            return {};
        }
        ranks_.clear();
        all.list_ranks(there, ranks_);
        offsets_.clear();
        if (query_.statements) there.list(true, bucket_size, offsets_);
        for (std::size_t at = 0; at < ranks_.size() && !stopped_;) {
            const std::size_t first = ranks_[at] / rows_at_a_time * rows_at_a_time;
            const std::size_t count = std::min(rows_at_a_time, rows - first);
            const auto next = std::find_if(ranks_.begin() + static_cast<std::ptrdiff_t>(at), ranks_.end(),
                                           [&](auto rank) { return rank >= first + count; });
            const auto end = static_cast<std::size_t>(next - ranks_.begin());
            const std::span<const std::uint16_t> places(ranks_.data() + at, end - at);
            for (; at < end; ++at)
                if (query_.statements) add_sequence(chunk.bucket, offsets_[at]);
            for (const auto column : query_.columns) {
                const auto& from = *columns[static_cast<std::size_t>(column)];
                auto& values = values_of(column, places.size());
                if (places.size() * sparse < count) {
                    from.gather(places, values.data());
                } else {
                    whole_.resize(count);
                    from.copy(first, count, whole_.data());
                    for (std::size_t i = 0; i < places.size(); ++i) values[i] = whole_[places[i] - first];
                }
            }
            auto given = give(places.size());
            if (!given.has_value()) return given;
        }
        return {};
    }

    Result<void> read_segment(const Segment& segment) {
        BucketBits bits;
        const auto any = wanted(segment.bucket(), bits);
        if (!any.has_value()) return any.error();
        if (!*any) return {};
        const auto& rows = segment.facts();
        const std::size_t end = rows.size();
        for (std::size_t at = 0; at < end && !stopped_;) {
            std::size_t count = 0;
            for (const auto column : query_.columns) values_of(column, rows_at_a_time);
            for (; at < end && count < rows_at_a_time; ++at) {
                const auto& row = rows[at];
                if (row.store != store_ || !bits.test(row.offset)) continue;
                for (const auto column : query_.columns) {
                    const auto place = static_cast<std::size_t>(column);
                    values_[place][count] = row.values[place];
                }
                add_sequence(segment.bucket(), row.offset);
                ++count;
            }
            if (count == 0) continue;
            auto given = give(count);
            if (!given.has_value()) return given;
        }
        return {};
    }

    bool is_bounded() const {
        return query_.timestamp_from != std::numeric_limits<std::int64_t>::min() ||
               query_.timestamp_to != std::numeric_limits<std::int64_t>::max();
    }

    std::vector<std::int64_t>& values_of(FactColumn column, std::size_t count) {
        auto& values = values_[static_cast<std::size_t>(column)];
        values.resize(count);
        return values;
    }

    void add_sequence(Bucket bucket, Offset offset) {
        if (query_.statements) sequences_.push_back(sequence_of(bucket, offset));
    }

    Result<void> give(std::size_t rows) {
        if (!query_.statements) {
            give(0, rows, {});
            return {};
        }
        while (!sequences_.empty() && !stopped_) {
            const auto read = read_statements(seen_.database, store_, sequences_, bytes_at_a_time);
            if (!read.has_value()) return read.error();
            give(rows - sequences_.size(), read->size(), *read);
            sequences_.erase(sequences_.begin(),
                             sequences_.begin() + static_cast<std::ptrdiff_t>(read->size()));
        }
        return {};
    }

    void give(std::size_t first, std::size_t rows, std::span<const StoredStatement> statements) {
        FactBlock block;
        block.rows = rows;
        block.statements = statements;
        for (const auto column : query_.columns) {
            const auto place = static_cast<std::size_t>(column);
            block.columns[place] = values_[place].data() + first;
        }
        stopped_ = !each_(block);
    }

    const ReadView& seen_;
    rocksdb::ManagedSnapshot moment_{&seen_.database.db()};
    rocksdb::ReadOptions options_;
    const StoreId store_;
    const FactQuery& query_;
    const std::function<bool(const FactBlock&)>& each_;
    std::vector<TermKey> terms_;
    std::array<std::vector<std::int64_t>, fact_columns> values_;
    std::vector<std::int64_t> whole_;
    std::vector<std::uint16_t> ranks_; // among the rows that are there, of those that are wanted
    std::vector<Offset> offsets_;      // theirs, where their statements are wanted
    std::vector<Sequence> sequences_;  // of the rows that are given next, where their statements are wanted
    bool stopped_ = false;
};

} // namespace

Result<void> scan_facts(const ReadView& seen, StoreId store, const FactQuery& query,
                        const std::function<bool(const FactBlock&)>& each) {
    return Scan(seen, store, query, each).run();
}

} // namespace leerspoor::storage::engine
