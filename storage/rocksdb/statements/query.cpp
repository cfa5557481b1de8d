#include "storage/rocksdb/statements/query.hpp"

#include "storage/patience.hpp"

#include <algorithm>

namespace leerspoor::storage::engine {

namespace {

struct Range {
    Sequence first = 1;
    Sequence last = 0;

    bool empty() const { return first > last; }
};

// The first sequence of the store, at or after `from`, whose statement exists; its `stored` time with it.
Result<std::optional<std::pair<Sequence, spec::Instant>>> statement_from(rocksdb::Iterator& statements,
                                                                         StoreId store, Sequence from) {
    using Found = std::optional<std::pair<Sequence, spec::Instant>>;
    statements.Seek(statement_key(store, from));
    if (!statements.Valid()) {
        if (!statements.status().ok()) return store_error(statements.status());
        return Found();
    }
    const auto key = parse_statement_key(view(statements.key()));
    if (!key || key->first != store) return Found();
    const auto header = decode_statement_header(view(statements.value()));
    if (!header) return store_error(rocksdb::Status::Corruption("a statement's header"));
    return Found(std::pair{key->second, header->stored});
}

// The first sequence whose statement was stored after `instant`, or visible + 1. `stored` rises with the
// sequence, so this is a bisection.
Result<Sequence> first_after(Database& database, StoreId store, spec::Instant instant, Sequence visible) {
    const std::unique_ptr<rocksdb::Iterator> statements(
        database.db().NewIterator({}, database.family(Family::statements)));
    Sequence low = 1; // everything before low was stored at or before the instant
    Sequence high = visible + 1;
    while (low < high) {
        const Sequence middle = low + (high - low) / 2;
        const auto found = statement_from(*statements, store, middle);
        if (!found.has_value()) return found.error();
        if (!*found || (*found)->first >= high || (*found)->second > instant) {
            high = middle;
        } else {
            low = (*found)->first + 1;
        }
    }
    return low;
}

Result<Range> range_of(Database& database, StoreId store, const Query& query, Sequence last) {
    Range range{1, last};
    if (query.since) {
        const auto after = first_after(database, store, *query.since, range.last);
        if (!after.has_value()) return after.error();
        range.first = *after;
    }
    if (query.until) {
        const auto after = first_after(database, store, *query.until, range.last);
        if (!after.has_value()) return after.error();
        range.last = *after - 1;
    }
    return range;
}

void go_on_after(Sequence after, bool ascending, Range& range) {
    if (ascending ? after >= range.last : after <= range.first) {
        range = {};
    } else if (ascending) {
        range.first = std::max(range.first, after + 1);
    } else {
        range.last = std::min(range.last, after - 1);
    }
}

// Calls `each(bucket, bits)` for the buckets with matches in the query's order until it returns false.
template <class Each>
Result<void> walk(const ReadView& seen, StoreId store, const Query& query, const Range& range, Each each) {
    if (range.empty()) return {};
    std::vector<PostingCursor> cursors;
    cursors.reserve(query.terms.size() + 1);
    for (const auto& term : query.terms) cursors.emplace_back(seen, term_key(store, term));
    if (cursors.empty()) cursors.emplace_back(seen, all_key(store));

    const bool ascending = query.ascending;
    const Bucket end = bucket_of(ascending ? range.last : range.first);
    Bucket bucket = bucket_of(ascending ? range.first : range.last);
    while (true) {
        if (!Impatient::step()) return store_error(rocksdb::Status::Incomplete());
        // Leapfrog: go on until all terms occur in one bucket.
        for (std::size_t agreed = 0; agreed < cursors.size();) {
            const auto next = cursors[agreed].seek(bucket, ascending);
            if (!next.has_value()) return next.error();
            if (!*next || (ascending ? **next > end : **next < end)) return {};
            agreed = **next == bucket || agreed == 0 ? agreed + 1 : 0;
            bucket = **next;
        }
        BucketBits bits;
        for (std::size_t i = 0; i < cursors.size(); ++i) {
            BucketBits one;
            const auto read = cursors[i].add_to(bucket, one);
            if (!read.has_value()) return read.error();
            if (i == 0) {
                bits = one;
            } else {
                bits &= one;
            }
        }
        if (bits.any()) {
            BucketBits voided;
            if (!query.voided_too) {
                const auto read = add_posting(seen, voided_key(store), bucket, voided);
                if (!read.has_value()) return read.error();
            }
            bits -= voided;
            bits.keep_range(bucket == bucket_of(range.first) ? offset_of(range.first) : Offset{0},
                            bucket == bucket_of(range.last) ? offset_of(range.last) : Offset{0xffff});
            if (!each(bucket, bits)) return {};
        }
        if (bucket == end) return {};
        bucket = ascending ? bucket + 1 : bucket - 1;
    }
}

} // namespace

Result<Page> query_page(const ReadView& seen, StoreId store, const Query& query) {
    Page page;
    page.snapshot = std::min(query.snapshot.value_or(seen.visible), seen.visible);
    auto range = range_of(seen.database, store, query, page.snapshot);
    if (!range.has_value()) return range.error();
    if (query.after) go_on_after(*query.after, query.ascending, *range);

    std::vector<Sequence> sequences;
    std::vector<Offset> offsets;
    const auto walked = walk(seen, store, query, *range, [&](Bucket bucket, const BucketBits& bits) {
        offsets.clear();
        bits.list(query.ascending, query.limit + 1 - sequences.size(), offsets);
        for (const Offset offset : offsets) sequences.push_back(sequence_of(bucket, offset));
        return sequences.size() <= query.limit;
    });
    if (!walked.has_value()) return walked.error();
    const std::size_t matches = sequences.size();
    sequences.resize(std::min(matches, query.limit));
    auto statements = read_statements(seen.database, store, sequences, query.limit_bytes);
    if (!statements.has_value()) return statements.error();
    page.statements = std::move(*statements);
    if (page.statements.size() < matches) page.next = page.statements.back().sequence;
    // Erased since the postings were read.
    std::erase_if(page.statements, [](const StoredStatement& statement) { return statement.erased(); });
    return page;
}

Result<Count> count_matches(const ReadView& seen, StoreId store, const Query& query) {
    const auto last = std::min(query.snapshot.value_or(seen.visible), seen.visible);
    const auto range = range_of(seen.database, store, query, last);
    if (!range.has_value()) return range.error();
    Count count;
    const auto walked = walk(seen, store, query, *range, [&](Bucket, const BucketBits& bits) {
        count.matches += bits.count();
        return true;
    });
    if (!walked.has_value()) return walked.error();
    return count;
}

} // namespace leerspoor::storage::engine
