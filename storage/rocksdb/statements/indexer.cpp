#include "storage/rocksdb/statements/indexer.hpp"

#include "spec/base/json.hpp"
#include "spec/terms.hpp"
#include "spec/walk.hpp"

#include <algorithm>
#include <set>

namespace leerspoor::storage::engine {

namespace {

// However statements refer to each other, indexing one costs no more than this.
constexpr std::size_t most_links = 32;
constexpr std::size_t most_inherited_terms = 10'000;
constexpr std::size_t most_remembered_terms = 200'000;

} // namespace

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
    entry.digest = spec::statement_digest(object);
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
    {
        Segment::Writer writer(*open_.segment());
        for (const auto& entry : entries) {
            const Offset offset = offset_of(entry.sequence);
            writer.add_statement({entry.store, entry.id}, {entry.sequence, entry.digest});
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
    const auto chain = chain_of(entry);
    if (!chain.has_value()) return chain.error();
    for (const auto& term : terms_of(*chain, chain->size())) add_late(term, entry.sequence);

    if (entry.refers_to) {
        const auto target = find_id(view_of(database_, segments_), {entry.store, *entry.refers_to});
        if (!target.has_value()) return target.error();
        if (!*target) {
            Segment::Writer(*open_.segment()).add_awaited({entry.store, *entry.refers_to});
        } else if ((*target)->sequence != awaited && entry.voids) {
            const auto voidable = link_to({entry.store, *entry.refers_to});
            if (!voidable.has_value()) return voidable.error();
            if (*voidable && !(*voidable)->voids) add_late(voided_key(entry.store), (*target)->sequence);
        }
    }
    if (!entry.awaited) return {};
    if (!entry.voids) {
        const auto voiders = referrers(voider_key(entry.store, entry.id));
        if (!voiders.has_value()) return voiders.error();
        if (!voiders->empty()) add_late(voided_key(entry.store), entry.sequence);
    }
    return give_to_referrers(entry, *chain);
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

Result<std::shared_ptr<const Indexer::Link>> Indexer::link_to(const IdKey& id) {
    if (const auto link = links_.find(id); link != links_.end()) return link->second;
    std::shared_ptr<const Link> none;
    const auto known = find_id(view_of(database_, segments_), id);
    if (!known.has_value()) return known.error();
    if (!*known || (*known)->sequence == awaited) return none;
    const auto statement = read_statement(database_, id.store, (*known)->sequence);
    if (!statement.has_value()) return statement.error();
    if (!*statement) return none;
    auto entry = index_entry_of(id.store, **statement);
    if (!entry.has_value()) return entry.error();
    if (links_terms_ + entry->terms.size() > most_remembered_terms) {
        links_.clear();
        links_terms_ = 0;
    }
    links_terms_ += entry->terms.size() + 1;
    const auto link =
        std::make_shared<const Link>(Link{std::move(entry->terms), entry->refers_to, entry->voids});
    links_.emplace(id, link);
    return link;
}

// The statements that this one refers to, directly and through others, the nearest first, whatever of them is
// there already.
Result<Indexer::Chain> Indexer::chain_of(const IndexEntry& entry) {
    Chain chain;
    std::set<spec::Uuid> seen{entry.id};
    auto target = entry.refers_to;
    while (target && chain.size() < most_links && seen.insert(*target).second) {
        auto link = link_to({entry.store, *target});
        if (!link.has_value()) return link.error();
        if (!*link) break;
        target = (*link)->refers_to;
        chain.push_back(std::move(*link));
    }
    return chain;
}

// Of the nearest links; each once.
std::vector<TermKey> Indexer::terms_of(const Chain& chain, std::size_t links) {
    std::vector<TermKey> terms;
    for (std::size_t i = 0; i < std::min(links, chain.size()) && terms.size() < most_inherited_terms; ++i) {
        const auto& of_link = chain[i]->terms;
        const auto room = std::min(of_link.size(), most_inherited_terms - terms.size());
        terms.insert(terms.end(), of_link.begin(), of_link.begin() + static_cast<std::ptrdiff_t>(room));
    }
    std::sort(terms.begin(), terms.end());
    terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
    return terms;
}

// All statements that refer to this one, directly or through others, are found by its terms too, and by those
// of what it refers to itself.
Result<void> Indexer::give_to_referrers(const IndexEntry& entry, const Chain& chain) {
    Chain given{std::make_shared<const Link>(Link{entry.terms, {}, false})};
    given.insert(given.end(), chain.begin(), chain.end());
    std::set<spec::Uuid> seen{entry.id};
    std::vector<spec::Uuid> targets{entry.id};
    // What lies so many links before this statement sees so many links less of what lies behind it.
    for (std::size_t distance = 1; distance <= most_links && !targets.empty(); ++distance) {
        const auto terms = terms_of(given, most_links + 1 - distance);
        std::vector<spec::Uuid> next;
        for (const auto& target : targets) {
            const auto sequences = referrers(referrer_key(entry.store, target));
            if (!sequences.has_value()) return sequences.error();
            for (const Sequence sequence : *sequences) {
                for (const auto& term : terms) add_late(term, sequence);
                const auto id = read_id(database_, entry.store, sequence);
                if (!id.has_value()) return id.error();
                if (*id && seen.insert(**id).second) next.push_back(**id);
            }
        }
        targets = std::move(next);
    }
    return {};
}

void Indexer::add_late(const TermKey& term, Sequence sequence) {
    if (Segment* const segment = open_.of(bucket_of(sequence))) {
        Segment::Writer(*segment).add_posting(term, offset_of(sequence));
        return;
    }
    late_.Merge(database_.family(Family::postings), posting_key(term, bucket_of(sequence)),
                encode(std::vector<Offset>{offset_of(sequence)}));
}

} // namespace leerspoor::storage::engine
