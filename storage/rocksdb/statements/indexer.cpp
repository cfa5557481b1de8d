#include "storage/rocksdb/statements/indexer.hpp"

#include "spec/base/json.hpp"
#include "spec/terms.hpp"
#include "spec/walk.hpp"

#include <algorithm>
#include <utility>

namespace leerspoor::storage::engine {

namespace {

// However statements refer to each other, indexing one costs no more than this.
constexpr std::size_t most_links = 32;
constexpr std::size_t most_inherited_terms = 10'000;
constexpr std::size_t most_remembered_terms = 200'000;
constexpr std::size_t large_statement = 64u << 10; // whose link is kept
constexpr std::size_t cost_of_reading = 30;        // in steps

} // namespace

Result<IndexEntry> index_entry_of(StoreId store, const StoredStatement& statement, std::string* told_in,
                                  spec::Facts* facts) {
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
    entry.size = statement.bytes.size();
    entry.stored = statement.stored;
    if (facts != nullptr) {
        *facts = spec::facts_of(object);
        entry.facts = facts;
    }
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
    auto own = add_own(entries);
    if (!own.has_value()) return own;
    for (const auto& entry : entries) {
        if (entry.size > large_statement) {
            const Link link{entry.terms, entry.refers_to, entry.voids};
            const auto put = late_.Put(database_.family(Family::ids), link_key({entry.store, entry.id}),
                                       encode_link(link));
            if (!put.ok()) return store_error(put);
        }
        // Only after all of them are there, so that StatementRefs within one batch find each other.
        if (entry.refers_to || entry.awaited) {
            auto& resolution = unresolved_.emplace_back();
            resolution.id = {entry.store, entry.id};
            resolution.sequence = entry.sequence;
            resolution.segment = open_.segment();
            resolution.refers_to = entry.refers_to;
            resolution.voids = entry.voids;
            resolution.awaited = entry.awaited;
            if (entry.awaited) resolution.terms = entry.terms;
            ++referring_;
        }
        for (const auto& telling : entry.tellings) {
            auto added = catalogue_.add(entry.store, entry.sequence, entry.bytes, telling);
            if (!added.has_value()) return added;
        }
    }
    catalogue_.write_to(late_);
    return write_late();
}

Result<void> Indexer::add_own(const std::vector<IndexEntry>& entries) {
    std::vector<FactRow> rows;
    rows.reserve(entries.size());
    for (const auto& entry : entries) {
        if (entry.facts == nullptr) continue;
        auto row = dictionary_.row_of(entry.store, entry.sequence, entry.stored, *entry.facts);
        if (!row.has_value()) return row.error();
        rows.push_back(*row);
    }
    if (auto written = dictionary_.write(); !written.has_value()) return written;
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
    for (const auto& row : rows) writer.add_facts(row);
    return {};
}

Result<void> Indexer::write_late() {
    // One operand for each term and bucket, however many statements it is of.
    for (auto& [place, offsets] : late_offsets_) {
        std::sort(offsets.begin(), offsets.end());
        offsets.erase(std::unique(offsets.begin(), offsets.end()), offsets.end());
        const auto merged = late_.Merge(database_.family(Family::postings),
                                        posting_key(place.first, place.second), encode(offsets));
        if (!merged.ok()) return store_error(merged);
    }
    late_offsets_.clear();
    if (late_.Count() == 0) return {};
    // Not synced: what it holds is derived, and made again by a replay until the sealer has synced it.
    const auto status = database_.db().Write({}, &late_);
    late_.Clear();
    if (!status.ok()) return store_error(status);
    return {};
}

Result<void> Indexer::resolve(std::size_t steps) {
    while (!unresolved_.empty() && steps > 0) {
        const auto done = go_on(unresolved_.front(), steps);
        if (!done.has_value()) return done.error();
        if (*done) unresolved_.pop_front();
    }
    return write_late();
}

Result<void> Indexer::begin(Resolution& resolution, std::size_t& steps) {
    const StoreId store = resolution.id.store;
    auto chain = chain_of(resolution);
    if (!chain.has_value()) return chain.error();
    const auto inherited = terms_of(*chain, chain->size());
    for (const auto& term : inherited) add_late(*resolution.segment, term, resolution.sequence);
    steps -= std::min(steps, inherited.size() + cost_of_reading * (1 + chain->size()));

    if (resolution.refers_to) {
        const auto target = find_id(view_of(database_, segments_), {store, *resolution.refers_to});
        if (!target.has_value()) return target.error();
        if (!*target) {
            Segment::Writer(*resolution.segment).add_awaited({store, *resolution.refers_to});
        } else if ((*target)->sequence != awaited && resolution.voids) {
            const auto voidable = link_to({store, *resolution.refers_to});
            if (!voidable.has_value()) return voidable.error();
            if (*voidable && !(*voidable)->voids)
                add_late(*resolution.segment, voided_key(store), (*target)->sequence);
        }
    }
    if (!resolution.awaited) return {};
    if (!resolution.voids) {
        const auto voiders = referrers(voider_key(store, resolution.id.id));
        if (!voiders.has_value()) return voiders.error();
        if (!voiders->empty()) add_late(*resolution.segment, voided_key(store), resolution.sequence);
    }
    resolution.given.push_back(std::make_shared<const Link>(Link{std::move(resolution.terms), {}, false}));
    resolution.given.insert(resolution.given.end(), chain->begin(), chain->end());
    resolution.targets = {resolution.id.id};
    resolution.seen = {resolution.id.id};
    resolution.passed = terms_of(resolution.given, most_links);
    return {};
}

// All statements that refer to one that was waited for, directly or through others, are found by its terms
// too, and by those of what it refers to itself.
Result<bool> Indexer::go_on(Resolution& resolution, std::size_t& steps) {
    if (!std::exchange(resolution.begun, true)) {
        auto begun = begin(resolution, steps);
        if (!begun.has_value()) return begun.error();
    }
    while (!resolution.targets.empty()) {
        if (!std::exchange(resolution.looked_up, true)) {
            auto found = referrers(referrer_key(resolution.id.store, resolution.targets.back()));
            if (!found.has_value()) return found.error();
            resolution.referrers = std::move(*found);
        }
        while (!resolution.referrers.empty()) {
            if (steps == 0) return false;
            steps -= std::min(steps, resolution.passed.size() + cost_of_reading);
            auto given = give_to(resolution, resolution.referrers.back(), resolution.behind, resolution.seen);
            if (!given.has_value()) return given.error();
            resolution.referrers.pop_back();
        }
        resolution.looked_up = false;
        resolution.targets.pop_back();
        if (!resolution.targets.empty() || resolution.distance == most_links) continue;
        // What lies so many links before this statement sees so many links less of what lies behind it.
        resolution.targets = std::exchange(resolution.behind, {});
        ++resolution.distance;
        resolution.passed = terms_of(resolution.given, most_links + 1 - resolution.distance);
    }
    return true;
}

Result<void> Indexer::give_to(const Resolution& resolution, Sequence referrer,
                              std::vector<spec::Uuid>& behind, std::set<spec::Uuid>& seen) {
    for (const auto& term : resolution.passed) add_late(*resolution.segment, term, referrer);
    const auto id = read_id(database_, resolution.id.store, referrer);
    if (!id.has_value()) return id.error();
    if (*id && seen.insert(**id).second) behind.push_back(**id);
    return {};
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

Result<std::shared_ptr<const Link>> Indexer::link_to(const IdKey& id) {
    if (const auto link = links_.find(id); link != links_.end()) return link->second;
    auto read = read_link(id);
    if (!read.has_value()) return read.error();
    if (!*read) return std::shared_ptr<const Link>();
    if (links_terms_ + (*read)->terms.size() > most_remembered_terms) {
        links_.clear();
        links_terms_ = 0;
    }
    links_terms_ += (*read)->terms.size() + 1;
    const auto link = std::make_shared<const Link>(std::move(**read));
    links_.emplace(id, link);
    return link;
}

Result<std::optional<Link>> Indexer::read_link(const IdKey& id) {
    rocksdb::PinnableSlice value;
    const auto status = database_.db().Get({}, database_.family(Family::ids), link_key(id), &value);
    if (status.ok()) {
        auto link = decode_link(id.store, view(value));
        if (!link) return store_error(rocksdb::Status::Corruption("a link cannot be read"));
        return link;
    }
    if (!status.IsNotFound()) return store_error(status);
    const auto known = find_id(view_of(database_, segments_), id);
    if (!known.has_value()) return known.error();
    if (!*known || (*known)->sequence == awaited) return std::optional<Link>();
    const auto statement = read_statement(database_, id.store, (*known)->sequence);
    if (!statement.has_value()) return statement.error();
    if (!*statement) return std::optional<Link>();
    auto entry = index_entry_of(id.store, **statement);
    if (!entry.has_value()) return entry.error();
    return std::optional(Link{std::move(entry->terms), entry->refers_to, entry->voids});
}

// The statements that this one refers to, directly and through others, the nearest first, whatever of them is
// there already.
Result<Indexer::Chain> Indexer::chain_of(const Resolution& resolution) {
    Chain chain;
    std::set<spec::Uuid> seen{resolution.id.id};
    auto target = resolution.refers_to;
    while (target && chain.size() < most_links && seen.insert(*target).second) {
        auto link = link_to({resolution.id.store, *target});
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

void Indexer::add_late(Segment& of, const TermKey& term, Sequence sequence) {
    if (const Bucket bucket = bucket_of(sequence); bucket == of.bucket()) {
        Segment::Writer(of).add_posting(term, offset_of(sequence));
    } else {
        late_offsets_[{term, bucket}].push_back(offset_of(sequence));
    }
}

} // namespace leerspoor::storage::engine
