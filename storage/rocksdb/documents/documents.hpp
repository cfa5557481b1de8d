// Documents: all changes of one owner's are made by one thread, in the order in which they came and many with
// one sync, so that a change decides by what is really there. A few threads share the owners, so that a large
// document keeps few others waiting.
#pragma once

#include "storage/rocksdb/database/database.hpp"
#include "storage/rocksdb/database/format.hpp"

#include <memory>
#include <vector>

namespace leerspoor::storage::engine {

class DocumentWriter;

class Documents {
  public:
    using Callback = RecordStore::DocumentCallback;

    Documents(Database& database, const RocksdbOptions& options);
    ~Documents();
    // Answers what waits and takes nothing more.
    void finish();

    // Any thread; what RecordStore's functions of these purposes say.
    void change(StoreId store, DocumentName name, DocumentChange change, Callback done);
    void remove_all(StoreId store, DocumentOwner owner, Callback done);
    Result<std::optional<Document>> find(StoreId store, const DocumentName& name) const;
    Result<DocumentList> list(StoreId store, const DocumentOwner& owner,
                              std::optional<spec::Instant> since) const;

  private:
    DocumentWriter& writer_of(StoreId store, const DocumentOwner& owner);

    Database& database_;
    std::vector<std::unique_ptr<DocumentWriter>> writers_;
};

} // namespace leerspoor::storage::engine
