// Takes statements back, from everywhere that they were written to. While nothing else writes the index: see
// Publisher::at_rest.
#pragma once

#include "storage/erasure.hpp"
#include "storage/rocksdb/database/database.hpp"
#include "storage/rocksdb/facts/dictionary.hpp"

namespace leerspoor::storage::engine {

// What ErasureStore says of these; in addition they REQUIRE that all that is visible is sealed.
Result<std::size_t> alter_statements(Database& database, Dictionary& dictionary, StoreId store,
                                     const std::vector<Alteration>& alterations, spec::Instant now);
Result<void> rename_actor(Database& database, Dictionary& dictionary, StoreId store, std::string_view from,
                          std::string_view to);
Result<void> forget_unused_texts(Database& database, Dictionary& dictionary, StoreId store);

// Any time.
Result<void> purge_files(Database& database);
Result<void> each_document(Database& database, StoreId store,
                           const std::function<bool(const DocumentName&, const Document&)>& each);

} // namespace leerspoor::storage::engine
