// The numbers of texts in facts, each store its own, in the order in which they first came. Written without a
// sync of its own, before the facts that use them: a replay gives the same numbers again.
#pragma once

#include "spec/facts.hpp"
#include "storage/facts.hpp"
#include "storage/rocksdb/database/database.hpp"
#include "storage/rocksdb/facts/fact_row.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <rocksdb/write_batch.h>

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leerspoor::storage::engine {

// Gives numbers; any thread, one at a time.
class Dictionary {
  public:
    explicit Dictionary(Database& database) : database_(database) {}

    // The row of a statement. Its numbers are there for others once write() was called. Errors of both: the
    // database's; then rows that were not written must not be used.
    Result<FactRow> row_of(StoreId store, Sequence sequence, spec::Instant stored, const spec::Facts& facts);

    Result<void> write();

    // What was this text is that one from now on: under its number, unless that one has a number already.
    // Durable.
    Result<void> rename(StoreId store, FactText kind, std::string_view from, std::string_view to);
    // Numbers stay, their texts become "". Durable.
    Result<void> forget(StoreId store, FactText kind,
                        const std::vector<std::pair<FactNumber, std::string>>& texts);

  private:
    Result<void> write_news();
    void forget();
    using Key = std::pair<StoreId, FactText>;
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept;
    };
    using Known = boost::unordered_flat_map<std::string, FactNumber, TextHash, std::equal_to<>>;

    Result<FactNumber> number_of(StoreId store, FactText kind, std::string_view text);
    Result<FactNumber> next_number(const Key& key);

    Database& database_;
    std::mutex mutex_;
    std::map<Key, Known> known_; // lately used
    std::size_t known_bytes_ = 0;
    std::map<Key, FactNumber> last_;
    rocksdb::WriteBatch news_;
};

// As FactStore says.
Result<FactNumber> last_number(Database& database, StoreId store, FactText kind);
Result<std::optional<FactNumber>> find_number(Database& database, StoreId store, FactText kind,
                                              std::string_view text);
Result<std::optional<std::string>> read_text(Database& database, StoreId store, FactText kind,
                                             FactNumber number);
Result<void> each_text(Database& database, StoreId store, FactText kind,
                       const std::function<void(FactNumber, std::string_view)>& each);

} // namespace leerspoor::storage::engine
