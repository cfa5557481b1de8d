#include "storage/rocksdb/statements/indexer.hpp"

#include "spec/base/json.hpp"
#include "spec/terms.hpp"
#include "spec/walk.hpp"

#include <algorithm>
#include <set>

namespace leerspoor::storage::engine {

Result<IndexEntry> index_entry_of(StoreId store, const StoredStatement& statement, std::string* told_in) {
    const auto parsed = spec::parse_stored_json(statement.bytes);
    if (!parsed.has_value() || !parsed->is_object()) {
        return store_error(rocksdb::Status::Corruption("statement " + std::to_string(statement.sequence)));
    }
    const auto& object = parsed->get_object();
    IndexEntry entry;
    entry.store = store;
    entry.sequence = statement.sequence;
    entry.id = statement.id;
    for (const auto& term : spec::filter_terms(object)) entry.terms.push_back(term_key(store, term));
    if (const auto reference = spec::reference_of(object)) {
        entry.refers_to = reference->target;
        entry.voids = reference->voids;
    }
    if (told_in != nullptr) {
        for (const auto& telling : spec::tellings(object, *told_in)) {
            entry.tellings.push_back({telling, mark_of(store, *told_in, telling)});
        }
        entry.bytes = *told_in;
    }
    return entry;
}

Result<void> Indexer::add(const std::vector<IndexEntry>& entries) {
    for (std::size_t i = 0; i < entries.size();) {
        Segment* const segment = segment_of_(bucket_of(entries[i].sequence));
        Segment::Writer writer(*segment);
        for (const Bucket bucket = segment->bucket();
             i < entries.size() && bucket_of(entries[i].sequence) == bucket; ++i) {
            const IndexEntry& entry = entries[i];
            const Offset offset = offset_of(entry.sequence);
            writer.add_statement({entry.store, entry.id}, entry.sequence);
            writer.add_posting(all_key(entry.store), offset);
            for (const auto& term : entry.terms) writer.add_posting(term, offset);
            if (entry.refers_to) {
                writer.add_posting(referrer_key(entry.store, *entry.refers_to), offset);
                if (entry.voids) writer.add_posting(voider_key(entry.store, *entry.refers_to), offset);
            }
        }
    }
    // Only now, so that StatementRefs within one batch find each other.
    for (const auto& entry : entries) {
        if (!entry.refers_to && !entry.awaited) continue;
        auto resolved = resolve(entry);
        if (!resolved.has_value()) return resolved;
    }
    for (const auto& entry : entries) {
        for (const auto& telling : entry.tellings) {
            auto added = catalogue_.add(entry.store, entry.sequence, entry.bytes, telling);
            if (!added.has_value()) return added;
        }
    }
    catalogue_.write_to(late_);
    if (late_.Count() == 0) return {};
    // Not synced: what it holds is derived, and made again by a replay until the sealer has synced it.
    const auto status = database_.db().Write({}, &late_);
    late_.Clear();
    if (!status.ok()) return store_error(status);
    return {};
}

Result<void> Indexer::resolve(const IndexEntry& entry) {
    auto terms = inherited_terms(entry);
    if (!terms.has_value()) return terms.error();
    for (const auto& term : *terms) add_late(term, entry.sequence);

    if (entry.refers_to) {
        const auto target = find_id(view_of(database_, segments_), {entry.store, *entry.refers_to});
        if (!target.has_value()) return target.error();
        if (!*target) {
            Segment::Writer(*segment_of_(bucket_of(entry.sequence)))
                .add_awaited({entry.store, *entry.refers_to});
        } else if (**target != awaited && entry.voids) {
            const auto statement = read_statement(database_, entry.store, **target);
            if (!statement.has_value()) return statement.error();
            const auto voidable =
                *statement ? index_entry_of(entry.store, **statement) : Result<IndexEntry>(entry);
            if (!voidable.has_value()) return voidable.error();
            if (!voidable->voids) add_late(voided_key(entry.store), **target);
        }
    }
    if (!entry.awaited) return {};
    if (!entry.voids) {
        const auto voiders = referrers(voider_key(entry.store, entry.id));
        if (!voiders.has_value()) return voiders.error();
        if (!voiders->empty()) add_late(voided_key(entry.store), entry.sequence);
    }
    terms->insert(terms->end(), entry.terms.begin(), entry.terms.end());
    return give_to_referrers(entry, *terms);
}

Result<std::vector<Sequence>> Indexer::referrers(const TermKey& key) {
    const auto seen = view_of(database_, segments_);
    PostingCursor cursor(seen, key);
    std::vector<Sequence> found;
    std::vector<Offset> offsets;
    for (Bucket from = 0;; ++from) {
        const auto bucket = cursor.seek(from, true);
        if (!bucket.has_value()) return bucket.error();
        if (!*bucket) return found;
        from = **bucket;
        BucketBits bits;
        const auto read = cursor.add_to(from, bits);
        if (!read.has_value()) return read.error();
        offsets.clear();
        bits.list(true, bucket_size, offsets);
        for (const Offset offset : offsets) found.push_back(sequence_of(from, offset));
    }
}

// The terms of the chain of statements that this one refers to, whatever of it is there already.
Result<std::vector<TermKey>> Indexer::inherited_terms(const IndexEntry& entry) {
    std::vector<TermKey> terms;
    std::set<spec::Uuid> seen{entry.id};
    auto target = entry.refers_to;
    while (target && seen.insert(*target).second) {
        const auto sequence = find_id(view_of(database_, segments_), {entry.store, *target});
        if (!sequence.has_value()) return sequence.error();
        if (!*sequence || **sequence == awaited) break;
        const auto statement = read_statement(database_, entry.store, **sequence);
        if (!statement.has_value()) return statement.error();
        if (!*statement) break;
        const auto next = index_entry_of(entry.store, **statement);
        if (!next.has_value()) return next.error();
        terms.insert(terms.end(), next->terms.begin(), next->terms.end());
        target = next->refers_to;
    }
    std::sort(terms.begin(), terms.end());
    terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
    return terms;
}

// All statements that refer to this one, directly or through others, are found by its terms too.
Result<void> Indexer::give_to_referrers(const IndexEntry& entry, const std::vector<TermKey>& terms) {
    std::set<spec::Uuid> seen{entry.id};
    std::vector<spec::Uuid> targets{entry.id};
    while (!targets.empty()) {
        const spec::Uuid target = targets.back();
        targets.pop_back();
        const auto sequences = referrers(referrer_key(entry.store, target));
        if (!sequences.has_value()) return sequences.error();
        for (const Sequence sequence : *sequences) {
            for (const auto& term : terms) add_late(term, sequence);
            const auto statement = read_statement(database_, entry.store, sequence);
            if (!statement.has_value()) return statement.error();
            if (*statement && seen.insert((*statement)->id).second) targets.push_back((*statement)->id);
        }
    }
    return {};
}

void Indexer::add_late(const TermKey& term, Sequence sequence) {
    if (Segment* const segment = segment_of_(bucket_of(sequence))) {
        Segment::Writer(*segment).add_posting(term, offset_of(sequence));
        return;
    }
    late_.Merge(database_.family(Family::postings), posting_key(term, bucket_of(sequence)),
                encode(std::vector<Offset>{offset_of(sequence)}));
}

} // namespace leerspoor::storage::engine
