#include "storage/rocksdb/facts/fact_chunk.hpp"

#include "storage/rocksdb/facts/column.hpp"

#include <map>

namespace leerspoor::storage::engine {

std::vector<std::pair<std::string, std::string>> encode_facts(const FactRows& rows, Bucket bucket) {
    std::map<StoreId, std::vector<const FactRow*>> of_stores;
    for (std::size_t i = 0; i < rows.size(); ++i) of_stores[rows[i].store].push_back(&rows[i]);
    std::vector<std::pair<std::string, std::string>> encoded;
    for (const auto& [store, of_store] : of_stores) {
        const FactChunk chunk{bucket, of_store.front()->offset};
        std::vector<Offset> offsets;
        offsets.reserve(of_store.size());
        for (const auto* row : of_store) offsets.push_back(row->offset);
        encoded.emplace_back(fact_key(store, std::nullopt, chunk), encode(offsets));
        std::vector<std::int64_t> values(of_store.size());
        for (std::size_t column = 0; column < fact_columns; ++column) {
            for (std::size_t i = 0; i < values.size(); ++i) values[i] = of_store[i]->values[column];
            encoded.emplace_back(fact_key(store, static_cast<FactColumn>(column), chunk),
                                 encode_column(values));
        }
    }
    return encoded;
}

} // namespace leerspoor::storage::engine
