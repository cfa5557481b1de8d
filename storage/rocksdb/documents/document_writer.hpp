// One of the threads that change documents: groups what waits, applies it to an overlay on the database,
// writes that with one sync, and answers.
#pragma once

#include "storage/rocksdb/database/database.hpp"
#include "storage/rocksdb/database/format.hpp"

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace leerspoor::storage::engine {

// Nothing when there is none. Any thread.
Result<std::optional<Document>> read_document(Database& database, StoreId store, const DocumentName& name);

class DocumentWriter {
  public:
    struct Request {
        StoreId store = 0;
        DocumentName name;
        DocumentChange change; // empty: all documents of the owner go
        RecordStore::DocumentCallback done;
        Result<std::optional<Document>> outcome = std::optional<Document>();
    };

    DocumentWriter(Database& database, std::function<spec::Instant()> now)
        : database_(database), now_(std::move(now)), thread_([this] { run(); }) {}
    ~DocumentWriter() { finish(); }
    // Answers what waits and takes nothing more.
    void finish();

    // Any thread. REQUIRES: all of one owner come to one writer.
    void submit(Request request);

  private:
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
