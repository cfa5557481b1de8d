// What was stored, taken back: statements erased or altered, people's identifiers and files forgotten (GDPR,
// articles 17 and 4(5)). The Merkle log keeps the leaf of what was there, which tells nothing without its
// salt.
#pragma once

#include "storage/documents.hpp"
#include "storage/statements.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::storage {

struct Alteration {
    Sequence sequence = 0;
    std::optional<std::string>
        bytes; // that take the place of those there, with the same id; nothing: it is erased
};

class ErasureStore {
  public:
    ErasureStore() = default;
    ErasureStore(const ErasureStore&) = delete;
    ErasureStore& operator=(const ErasureStore&) = delete;
    virtual ~ErasureStore() = default;

    // These write, wait for what is being written, and take as long as they take: not for an event loop.
    // Durable when they return. Errors of all: store_busy (analytics is still being made of an older folder:
    // try again later), store_closed, those of writing.

    // All or nothing: index, columns and ids too. Those that are not there, or are erased already, change
    // nothing; gives how many did. What another statement says of an erased one stays, a StatementRef to it
    // included. REQUIRES: visible statements of the store; bytes that were made of valid statements.
    virtual Result<std::size_t> alter_statements(StoreId store,
                                                 const std::vector<Alteration>& alterations) = 0;
    // From now on, statements and analytics know this identity() by the other one, and nobody is called
    // anything under it. The statements themselves stay as they are until they are altered.
    virtual Result<void> rename_actor(StoreId store, std::string_view from, std::string_view to) = 0;
    // Texts of analytics that no statement has any more, and attachments that none speaks of. Gives how many
    // attachments.
    virtual Result<std::size_t> forget_unused(StoreId store) = 0;
    // Everything overwritten or removed before this call leaves the disk's files, as far as the store wrote
    // them.
    virtual Result<void> purge() = 0;

    // All documents of the store, each with its bytes, until `each` returns false. `each` must not ask the
    // store.
    virtual Result<void>
    each_document(StoreId store, const std::function<bool(const DocumentName&, const Document&)>& each) = 0;
};

} // namespace leerspoor::storage
