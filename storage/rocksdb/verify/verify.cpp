#include "storage/rocksdb/verify/verify.hpp"

#include "spec/base/json.hpp"
#include "spec/base/sha2.hpp"
#include "spec/facts.hpp"
#include "spec/log/tile.hpp"
#include "spec/terms.hpp"
#include "storage/rocksdb/facts/dictionary.hpp"
#include "storage/rocksdb/statements/fact_scan.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

namespace leerspoor::storage::engine {

namespace {

constexpr std::size_t most_problems = 100;
constexpr std::chrono::minutes patience_with_log{10};
constexpr std::size_t hash_size = std::tuple_size_v<spec::Hash>;

class Verifying {
  public:
    Verifying(const ReadView& seen, LogWriter& log, Sequence facts_missing_through,
              const std::atomic<bool>& stop)
        : seen_(seen), log_(log), missing_through_(facts_missing_through), stop_(stop) {}

    Result<Verification> run() {
        const auto status = seen_.database.db().VerifyChecksum();
        if (!status.ok()) problem("A file of the database does not read back: " + status.ToString() + ".");
        has_log_ = log_.await(seen_.visible,
                              std::chrono::duration_cast<std::chrono::milliseconds>(patience_with_log));
        if (!has_log_) problem("The log does not have all statements.");
        for (Bucket bucket = 0; bucket <= bucket_of(seen_.visible) && !stop_; ++bucket) check_bucket(bucket);
        for (const auto store : stores_) check_facts(store);
        check_tree();
        if (stop_) return Error{"verification_stopped", "", "It was stopped before everything was read."};
        return std::move(found_);
    }

  private:
    void problem(std::string sentence) {
        if (found_.problems.size() < most_problems) found_.problems.push_back(std::move(sentence));
    }
    void problem_of(StoreId store, Sequence sequence, const std::string& what) {
        problem("Statement " + std::to_string(sequence) + " of store " + std::to_string(store) + ": " + what +
                ".");
    }
    void problem(const Error& error) { problem(error.message); }

    // The statements of one store in a bucket.
    struct Rows {
        std::vector<Offset> all;
        std::map<TermKey, std::vector<Offset>> terms;
    };

    void check_bucket(Bucket bucket) {
        const Sequence first = std::max<Sequence>(sequence_of(bucket, 0), 1);
        const Sequence last = std::min(sequence_of(bucket, 0xffff), seen_.visible);
        rocksdb::ReadOptions once;
        once.fill_cache = false;
        const std::unique_ptr<rocksdb::Iterator> statements(
            seen_.database.db().NewIterator(once, seen_.database.family(Family::statements)));
        StoreId store = 0;
        Rows rows;
        for (statements->Seek(statement_key(store, first)); statements->Valid() && !stop_;) {
            const auto key = parse_statement_key(view(statements->key()));
            if (!key) return problem("A statement has a key that is none.");
            if (key->first != store) {
                check_rows(store, bucket, rows);
                rows = {};
                store = key->first;
                if (key->second < first) {
                    statements->Seek(statement_key(store, first));
                    continue;
                }
            }
            if (key->second > last) {
                check_rows(store, bucket, rows);
                rows = {};
                statements->Seek(statement_key(++store, first));
                continue;
            }
            check_statement(store, key->second, view(statements->value()), rows);
            statements->Next();
        }
        if (!statements->status().ok()) problem(store_error(statements->status()));
        check_rows(store, bucket, rows);
    }

    void check_statement(StoreId store, Sequence sequence, std::string_view value, Rows& rows) {
        ++found_.statements;
        stores_.insert(store);
        const auto kept = decode_statement(sequence, value);
        if (kept && kept->erased()) return check_leaf(store, sequence, kept->leaf());
        rows.all.push_back(offset_of(sequence));
        const auto parsed = spec::parse_stored_json(kept ? kept->bytes : std::string());
        if (!kept || !parsed.has_value() || !parsed->is_object())
            return problem_of(store, sequence, "it cannot be read");
        const auto& statement = parsed->get_object();
        const auto id = find_id(seen_, {store, kept->id});
        if (!id.has_value() || !*id || (*id)->sequence != sequence)
            problem_of(store, sequence, "it is not found by its id");
        const auto* told = statement.if_contains("id");
        if (!told || !told->is_string() || std::string_view(told->get_string()) != spec::to_string(kept->id))
            problem_of(store, sequence, "its id is not the one it is kept by");
        for (const auto& term : spec::filter_terms(statement))
            rows.terms[term_key(store, term)].push_back(offset_of(sequence));
        check_attachments(store, sequence, statement);
        check_leaf(store, sequence, kept->leaf());
    }

    void check_rows(StoreId store, Bucket bucket, const Rows& rows) {
        if (rows.all.empty()) return;
        BucketBits all;
        if (!add_posting(seen_, all_key(store), bucket, all).has_value())
            return problem("A posting cannot be read.");
        if (bucket == bucket_of(seen_.visible)) all.keep_range(0, offset_of(seen_.visible));
        BucketBits there;
        for (const auto offset : rows.all) there.set(offset);
        if (!(all == there))
            problem("The list of all statements of store " + std::to_string(store) +
                    " is not what there is, near statement " +
                    std::to_string(sequence_of(bucket, rows.all.front())) + ".");
        for (const auto& [term, offsets] : rows.terms) {
            ++found_.postings;
            BucketBits bits;
            const auto read = add_posting(seen_, term, bucket, bits);
            // Statements that refer to others are found by the others' terms too.
            for (const auto offset : offsets) {
                if (read.has_value() && bits.test(offset)) continue;
                problem_of(store, sequence_of(bucket, offset), "a filter that should find it does not");
                break;
            }
        }
    }

    void check_attachments(StoreId store, Sequence sequence, const boost::json::object& statement) {
        const auto* attachments = statement.if_contains("attachments");
        if (!attachments || !attachments->is_array()) return;
        for (const auto& one : attachments->get_array()) {
            const auto* sha2 = one.is_object() ? one.get_object().if_contains("sha2") : nullptr;
            if (!sha2 || !sha2->is_string()) continue;
            std::string name(sha2->get_string());
            std::transform(name.begin(), name.end(), name.begin(),
                           [](unsigned char c) { return std::tolower(c); });
            if (!attachments_.insert({store, name}).second) continue;
            const auto path = seen_.database.folder().attachments(store, name) / name;
            std::ifstream file(path, std::ios::binary);
            if (!file) {
                if (!one.get_object().contains("fileUrl"))
                    problem_of(store, sequence, "the bytes of an attachment are not there");
                continue;
            }
            ++found_.attachments;
            auto digest = spec::Sha2::for_hex_length(name.size());
            std::string piece(1u << 20, '\0');
            while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())).gcount() > 0)
                if (digest)
                    digest->update(
                        std::string_view(piece).substr(0, static_cast<std::size_t>(file.gcount())));
            if (!digest || digest->finish() != name)
                problem_of(store, sequence, "the bytes of an attachment are not those that were stored");
        }
    }

    void check_leaf(StoreId store, Sequence sequence, const spec::Hash& leaf) {
        if (!has_log_) return;
        const auto index = log_.index_of(sequence);
        if (!index) return problem_of(store, sequence, "it is not in the log");
        if (!tile_ || *index / spec::tile_width != tile_->first) {
            auto read = log_.tile(0, *index / spec::tile_width);
            if (!read.has_value()) return problem(read.error());
            tile_.emplace(*index / spec::tile_width, std::move(*read));
        }
        const auto at = *index % spec::tile_width * hash_size;
        if (at + hash_size > tile_->second.size() ||
            !std::equal(leaf.begin(), leaf.end(), tile_->second.begin() + static_cast<std::ptrdiff_t>(at),
                        [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); }))
            return problem_of(store, sequence, "the log says that it was another");
        ++found_.leaves;
    }

    // Every full tile is a hash of the row above.
    void check_tree() {
        const auto size = log_.state().size;
        for (unsigned level = 0; level + 1 < spec::most_tile_levels && !stop_; ++level) {
            const auto full = size >> (spec::tile_height * (level + 1));
            std::string above;
            for (std::uint64_t index = 0; index < full && !stop_; ++index) {
                const auto tile = log_.tile(level, index);
                if (index % spec::tile_width == 0) {
                    auto read = log_.tile(level + 1, index / spec::tile_width);
                    above = read.has_value() ? std::move(*read) : std::string();
                }
                const auto at = index % spec::tile_width * hash_size;
                const auto whole =
                    tile.has_value()
                        ? spec::subtree_in({.tile = {}, .first = 0, .count = spec::tile_width}, *tile)
                        : std::nullopt;
                if (whole && at + hash_size <= above.size() &&
                    std::equal(whole->begin(), whole->end(), above.begin() + static_cast<std::ptrdiff_t>(at),
                               [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); }))
                    continue;
                problem("A tile of the log does not fit the one above it: level " + std::to_string(level) +
                        ", number " + std::to_string(index) + ".");
            }
        }
    }

    void check_facts(StoreId store) {
        FactQuery query;
        query.statements = true;
        query.snapshot = seen_.visible;
        for (std::size_t column = 0; column < fact_columns; ++column)
            query.columns.push_back(static_cast<FactColumn>(column));
        const auto number_of = [&](FactText kind, std::string_view text) -> Result<FactNumber> {
            const auto number = find_number(seen_.database, store, kind, text);
            if (!number.has_value()) return number.error();
            return number->value_or(0);
        };
        const auto scanned = scan_facts(seen_, store, query, [&](const FactBlock& block) {
            for (std::size_t row = 0; row < block.rows; ++row) {
                const auto& statement = block.statements[row];
                if (statement.sequence <= missing_through_) continue;
                const auto parsed = spec::parse_stored_json(statement.bytes);
                if (!parsed.has_value() || !parsed->is_object()) continue; // said already
                const auto expected =
                    fact_values(spec::facts_of(parsed->get_object()), statement.stored, number_of);
                ++found_.facts;
                bool same = expected.has_value();
                for (std::size_t column = 0; same && column < fact_columns; ++column)
                    same = block.columns[column][row] == (*expected)[column];
                if (!same)
                    problem_of(store, statement.sequence, "what analytics counts of it is not what it tells");
            }
            return !stop_;
        });
        if (!scanned.has_value()) problem(scanned.error());
    }

    const ReadView& seen_;
    LogWriter& log_;
    const Sequence missing_through_;
    const std::atomic<bool>& stop_;
    bool has_log_ = false;
    std::set<StoreId> stores_;
    std::set<std::pair<StoreId, std::string>> attachments_; // read already
    std::optional<std::pair<std::uint64_t, std::string>> tile_;
    Verification found_;
};

} // namespace

Result<Verification> verify_store(const ReadView& seen, LogWriter& log, Sequence facts_missing_through,
                                  const std::atomic<bool>& stop) {
    return Verifying(seen, log, facts_missing_through, stop).run();
}

} // namespace leerspoor::storage::engine
