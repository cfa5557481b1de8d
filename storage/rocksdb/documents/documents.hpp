// Documents: one thread makes all changes of them, in the order in which they came and many with one sync,
// so that a change decides by what is really there.
#pragma once

#include "storage/rocksdb/database/database.hpp"
#include "storage/rocksdb/database/format.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace leerspoor::storage::engine {

class Documents {
  public:
    using Callback = RecordStore::DocumentCallback;

    Documents(Database& database, const RocksdbOptions& options)
        : database_(database), now_(options.now), thread_([this] { run(); }) {}
    ~Documents() { finish(); }
    // Answers what waits and takes nothing more.
    void finish();

    // Any thread; what RecordStore's functions of these purposes say.
    void change(StoreId store, DocumentName name, DocumentChange change, Callback done);
    void remove_all(StoreId store, DocumentOwner owner, Callback done);
    Result<std::optional<Document>> find(StoreId store, const DocumentName& name) const;
    Result<DocumentList> list(StoreId store, const DocumentOwner& owner,
                              std::optional<spec::Instant> since) const;

  private:
    struct Request {
        StoreId store = 0;
        DocumentName name;
        DocumentChange change; // empty: all documents of the owner go
        Callback done;
        Result<std::optional<Document>> outcome = std::optional<Document>();
    };
    // A document as a group leaves it; nothing: deleted.
    struct Changed {
        DocumentName name;
        std::optional<Document> document;
    };
    // What a group changes, by key, and about how large that is.
    struct Group {
        std::map<std::string, Changed> changes;
        std::size_t bytes = 0;
    };

    void submit(Request request);
    void run();
    std::size_t commit(std::vector<Request>& requests, std::size_t first);
    void apply(Request& request, Group& group);
    Result<std::optional<Document>> apply_change(Request& request, Group& group);
    Result<void> apply_removal(const Request& request, Group& group);
    Result<void> write(const Group& group);

    Database& database_;
    const std::function<spec::Instant()> now_;
    spec::Instant last_updated_{};
    bool failed_before_ = false;

    std::mutex mutex_;
    std::condition_variable waiting_;
    std::vector<Request> queue_;
    bool stopping_ = false;
    std::thread thread_; // last: it uses all of the above
};

} // namespace leerspoor::storage::engine
