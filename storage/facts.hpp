// Facts: what analytics counts and groups by, a column for each, read in blocks. Derived from the statements
// like their index: there as soon as a statement is visible.
#pragma once

#include "spec/base/error.hpp"
#include "spec/facts.hpp"
#include "storage/statements.hpp"
#include "storage/store_id.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace leerspoor::storage {

// Part of the store's format on disk: never renumber.
enum class FactColumn : std::uint8_t {
    timestamp,     // microseconds since 1970 UTC
    stored,        // the same
    actor,         // number of FactText::actor
    verb,          // of FactText::iri, as are all IRIs
    object,        // of FactText::iri an Activity, of FactText::actor an Agent or Group: see object_is_actor
    activity_type, // of FactText::iri
    parents,       // of FactText::list
    groupings,     // of FactText::list
    categories,    // of FactText::list
    registration,  // the first 8 bytes of the UUID, big-endian
    team,          // of FactText::actor
    instructor,    // of FactText::actor
    platform,      // of FactText::word
    language,      // of FactText::word
    success,       // 1 false, 2 true
    completion,    // 1 false, 2 true
    score_scaled,  // see fact_of
    score_raw,     // see fact_of
    duration,      // 1/100 s, and 1
    response,      // of FactText::word
    object_is_actor,  // 1
    registration_low, // the last 8 bytes of the UUID
};
inline constexpr std::size_t fact_columns = 22;

// In every column: the statement does not tell it.
inline constexpr std::int64_t no_fact = 0;

// A score as it stands in its column, and back: 0.87 is 0.87, never no_fact, and facts sort as the scores do.
std::int64_t fact_of(double score);
double score_of(std::int64_t fact);

// Texts have dense numbers from 1, each store its own, in the order in which they first came.
enum class FactText : std::uint8_t {
    actor = 1, // identity()
    iri = 2,   // of verbs, activities, their types
    list = 3,  // of numbers of FactText::iri: see list_of
    word = 4,  // platforms, languages, responses
};
using FactNumber = std::uint32_t;

// A row: a value for each column.
using FactValues = std::array<std::int64_t, fact_columns>;

// The row of a statement that was stored then; `number_of` gives texts their numbers. Error: that of
// `number_of`.
Result<FactValues>
fact_values(const spec::Facts& facts, spec::Instant stored,
            const std::function<Result<FactNumber>(FactText, std::string_view)>& number_of);

spec::Uuid registration_of(std::int64_t high, std::int64_t low);

// The numbers in the text of a FactText::list.
std::vector<FactNumber> list_of(std::string_view text);

struct FactQuery {
    std::vector<FactColumn> columns; // that are wanted
    std::vector<spec::Term> terms;   // as in Query: what all rows match
    // Rows outside may come all the same: whole blocks are left out by it. Microseconds, both inclusive.
    std::int64_t timestamp_from = std::numeric_limits<std::int64_t>::min();
    std::int64_t timestamp_to = std::numeric_limits<std::int64_t>::max();
    std::optional<Sequence> snapshot; // nothing that is stored after it
    bool statements = false;          // the statements themselves too, which takes many times as long
    std::size_t part = 0;             // of `parts` that are read side by side
    std::size_t parts = 1;
};

// Some rows, in no particular order. Only the columns that are wanted are there; valid during the call.
struct FactBlock {
    std::size_t rows = 0;
    std::array<const std::int64_t*, fact_columns> columns{};
    std::span<const StoredStatement> statements; // each row's, where they are wanted; else empty

    const std::int64_t* operator[](FactColumn column) const {
        return columns[static_cast<std::size_t>(column)];
    }
};

class FactStore {
  public:
    FactStore() = default;
    FactStore(const FactStore&) = delete;
    FactStore& operator=(const FactStore&) = delete;
    virtual ~FactStore() = default;

    // The last sequence that is visible: what changed since, changed this.
    virtual Sequence visible_through() = 0;
    // Calls `each` for blocks of rows of the store that are not voided, until all were there or it returns
    // false. Takes as long as it takes: not for an event loop. `each` must not ask the store.
    virtual Result<void> scan_facts(StoreId store, const FactQuery& query,
                                    const std::function<bool(const FactBlock&)>& each) = 0;
    // The greatest number given so far.
    virtual Result<FactNumber> last_fact_number(StoreId store, FactText kind) = 0;
    virtual Result<std::optional<FactNumber>> fact_number(StoreId store, FactText kind,
                                                          std::string_view text) = 0;
    // Nothing where no text has this number.
    virtual Result<std::optional<std::string>> fact_text(StoreId store, FactText kind, FactNumber number) = 0;
    // All texts of a kind, by their numbers, without a gap. `each` must not ask the store.
    virtual Result<void> each_fact_text(StoreId store, FactText kind,
                                        const std::function<void(FactNumber, std::string_view)>& each) = 0;
    // Between 0 and 1: how much of what lay in an older folder has its facts. 1: all of it.
    virtual double facts_ready() = 0;
};

} // namespace leerspoor::storage
