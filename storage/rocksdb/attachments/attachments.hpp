// Attachments: files beside the database, named by the SHA-2 of their bytes, one for each store and content.
// One thread makes them durable and gives them their names before the statements that speak of them are
// committed, and takes away what a refused request brought.
#pragma once

#include "storage/rocksdb/attachments/attachment_file.hpp"
#include "storage/rocksdb/statements/index.hpp"

#include <atomic>
#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace leerspoor::storage::engine {

class Attachments {
  public:
    using Callback = RecordStore::PutCallback;
    // Hands statements to the committer.
    using Commit = std::function<void(StoreId, Submission, Callback)>;

    Attachments(Database& database, const SegmentList& segments, const RocksdbOptions& options, Commit commit)
        : database_(database), segments_(segments), life_(next_life()), queue_bytes_(options.queue_bytes),
          commit_(std::move(commit)), thread_([this] { run(); }) {}
    ~Attachments() { finish(); }
    // Answers what waits and takes nothing more. While `commit` still answers.
    void finish();

    // Any thread; what RecordStore's functions of these purposes say.
    Result<std::unique_ptr<AttachmentUpload>> begin();
    Result<std::unique_ptr<AttachmentContent>> open(StoreId store, std::string_view sha2) const;
    void put(StoreId store, Submission submission, Callback done);
    // Removes what no statement speaks of any more; gives how many. Error: store_closed, store_failed.
    Result<std::size_t> remove_unused(StoreId store);

  private:
    using Name = std::pair<StoreId, std::string>; // of a file: the store and the sha2
    struct Request {
        StoreId store = 0;
        Submission submission;
        Callback done;
        std::size_t bytes = 0;
        std::vector<Name> held;
        bool committed = false; // or tried to
        Result<void> outcome;
    };
    // A file that requests on their way hold.
    struct Held {
        std::size_t requests = 0;
        bool brought = false; // by one of them
        bool needed = false;  // by one of which nobody knows whether it is stored
    };

    static std::uint64_t next_life();
    void run();
    void keep(const std::vector<std::shared_ptr<Request>>& requests);
    Result<void> place(Request& request, std::set<std::string>& folders);
    Result<void> make_folder(const std::filesystem::path& folder);
    Result<void> sync_folder(const std::string& folder) const;
    void answered(std::shared_ptr<Request> request, Result<void> outcome);
    void release(Request& request);
    bool wrote_nothing_unseen(const Request& request) const;
    std::size_t sweep(StoreId store);
    bool is_spoken_of(const Name& name) const;
    std::string path_of(const Name& name) const;

    Database& database_;
    const SegmentList& segments_;
    const std::uint64_t life_; // of the engine: what was begun in an earlier one is gone
    const std::size_t queue_bytes_;
    const Commit commit_;
    std::atomic<std::uint64_t> uploads_ = 0;

    // Of the thread alone.
    std::map<Name, Held> held_;
    std::set<std::string> made_folders_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::shared_ptr<Request>> waiting_;
    std::vector<std::shared_ptr<Request>> answered_; // by the committer
    std::vector<std::pair<StoreId, std::promise<Result<std::size_t>>>> sweeps_;
    std::size_t unanswered_ = 0;
    std::size_t unanswered_bytes_ = 0;
    bool stopping_ = false;
    std::thread thread_; // last: it uses all of the above
};

} // namespace leerspoor::storage::engine
