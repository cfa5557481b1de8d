#include "storage/rocksdb/documents/documents.hpp"

#include "storage/patience.hpp"
#include "storage/rocksdb/documents/document_writer.hpp"

#include <algorithm>
#include <functional>
#include <set>

namespace leerspoor::storage::engine {

namespace {

// Few, because each that writes syncs for itself.
constexpr std::size_t writers = 8;

} // namespace

Documents::Documents(Database& database, const RocksdbOptions& options) : database_(database) {
    for (std::size_t i = 0; i < writers; ++i) {
        writers_.push_back(std::make_unique<DocumentWriter>(database, options.now));
    }
}

Documents::~Documents() = default;

void Documents::finish() {
    for (auto& writer : writers_) writer->finish();
}

DocumentWriter& Documents::writer_of(StoreId store, const DocumentOwner& owner) {
    auto whose = owner;
    whose.registration.reset(); // all registrations may be asked to go at once
    return *writers_[std::hash<std::string>()(document_prefix(store, whose)) % writers_.size()];
}

void Documents::change(StoreId store, DocumentName name, DocumentChange change, Callback done) {
    auto& writer = writer_of(store, name.owner);
    writer.submit({store, std::move(name), std::move(change), std::move(done), std::optional<Document>()});
}

void Documents::remove_all(StoreId store, DocumentOwner owner, Callback done) {
    auto& writer = writer_of(store, owner);
    writer.submit({store, {std::move(owner), {}}, {}, std::move(done), std::optional<Document>()});
}

Result<std::optional<Document>> Documents::find(StoreId store, const DocumentName& name) const {
    return read_document(database_, store, name);
}

Result<DocumentList> Documents::list(StoreId store, const DocumentOwner& owner,
                                     std::optional<spec::Instant> since) const {
    const std::string prefix = document_prefix(store, owner);
    std::set<std::string> ids;
    DocumentList list;
    const std::unique_ptr<rocksdb::Iterator> entries(
        database_.db().NewIterator({}, database_.family(Family::documents)));
    for (entries->Seek(prefix); entries->Valid() && view(entries->key()).starts_with(prefix);
         entries->Next()) {
        if (!Impatient::step()) return store_error(rocksdb::Status::Incomplete());
        auto kept = decode_document_head(view(entries->value()));
        if (!kept) return store_error(rocksdb::Status::Corruption("a document cannot be read"));
        if (since && kept->document.updated <= *since) continue;
        list.newest = list.newest ? std::max(*list.newest, kept->document.updated) : kept->document.updated;
        ids.insert(std::move(kept->name.id));
    }
    if (!entries->status().ok()) return store_error(entries->status());
    list.ids.assign(ids.begin(), ids.end());
    return list;
}

} // namespace leerspoor::storage::engine
