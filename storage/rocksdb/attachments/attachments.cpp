#include "storage/rocksdb/attachments/attachments.hpp"

#include <rocksdb/env.h>

#include <algorithm>
#include <filesystem>

namespace leerspoor::storage::engine {

namespace {

// Names come from outside: nothing but these ever becomes part of a path.
bool is_sha2(std::string_view text) {
    return (text.size() == 56 || text.size() == 64 || text.size() == 96 || text.size() == 128) &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

} // namespace

std::uint64_t Attachments::next_life() {
    static std::atomic<std::uint64_t> lives = 0;
    return ++lives;
}

void Attachments::finish() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) thread_.join();
}

Result<std::unique_ptr<AttachmentUpload>> Attachments::begin() {
    const auto name = std::to_string(life_) + "-" + std::to_string(++uploads_);
    return AttachmentFile::create(database_.env(), database_.folder().incoming_attachments() / name, life_);
}

Result<std::unique_ptr<AttachmentContent>> Attachments::open(StoreId store, std::string_view sha2) const {
    if (!is_sha2(sha2)) return std::unique_ptr<AttachmentContent>();
    return open_attachment_file(database_, path_of({store, std::string(sha2)}));
}

void Attachments::put(StoreId store, Submission submission, Callback done) {
    auto request = std::make_shared<Request>();
    request->store = store;
    request->bytes = 1024 + submission.attachments.size() * 512;
    for (const auto& statement : submission.statements) request->bytes += statement.bytes.size() + 1024;
    request->submission = std::move(submission);
    request->done = std::move(done);
    {
        const std::scoped_lock lock(mutex_);
        if (stopping_) {
            request->outcome =
                Error{"store_closed", "", "The store is being closed: send the statements again later."};
        } else if (unanswered_ > 0 && unanswered_bytes_ + request->bytes > queue_bytes_) {
            request->outcome =
                Error{"store_busy", "",
                      "More statements with attachments are waiting to be stored than fit in memory: "
                      "send them again shortly."};
        } else {
            ++unanswered_;
            unanswered_bytes_ += request->bytes;
            waiting_.push_back(std::move(request));
            changed_.notify_one();
            return;
        }
    }
    request->done(std::move(request->outcome));
}

void Attachments::run() {
    while (true) {
        std::vector<std::shared_ptr<Request>> waiting;
        std::vector<std::shared_ptr<Request>> answered;
        decltype(sweeps_) sweeps;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] {
                return !waiting_.empty() || !answered_.empty() || !sweeps_.empty() ||
                       (stopping_ && unanswered_ == 0);
            });
            waiting.swap(
                waiting_); // what was taken is this thread's alone, and so are held_ and made_folders_
            answered.swap(answered_);
            sweeps.swap(sweeps_);
        }
        if (waiting.empty() && answered.empty() && sweeps.empty()) return;
        for (const auto& request : answered) release(*request);
        if (!waiting.empty()) keep(waiting);
        for (auto& [store, done] : sweeps) done.set_value(sweep(store));
    }
}

Result<std::size_t> Attachments::remove_unused(StoreId store) {
    std::future<Result<std::size_t>> done;
    {
        const std::scoped_lock lock(mutex_);
        if (stopping_) return Error{"store_closed", "", "The store is being closed: try again later."};
        sweeps_.emplace_back(store, std::promise<Result<std::size_t>>());
        done = sweeps_.back().second.get_future();
    }
    changed_.notify_one();
    return done.get();
}

// What requests on their way hold stays.
std::size_t Attachments::sweep(StoreId store) {
    std::size_t removed = 0;
    std::error_code problem;
    const auto folder = database_.folder().attachments(store, "00").parent_path();
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder, problem)) {
        const Name name{store, file.path().filename().string()};
        if (!file.is_regular_file(problem) || !is_sha2(name.second) || held_.contains(name) ||
            is_spoken_of(name))
            continue;
        if (database_.env().DeleteFile(path_of(name)).ok()) ++removed;
    }
    return removed;
}

// Makes the files of all these requests durable under their names, then hands their statements on.
void Attachments::keep(const std::vector<std::shared_ptr<Request>>& requests) {
    std::set<std::string> folders;
    for (const auto& request : requests) {
        if (auto placed = place(*request, folders); !placed.has_value()) request->outcome = placed.error();
        request->submission.attachments.clear();
    }
    Result<void> synced;
    for (const auto& folder : folders) {
        if (synced.has_value()) synced = sync_folder(folder);
    }
    for (const auto& request : requests) {
        if (!synced.has_value() && request->outcome.has_value()) request->outcome = synced.error();
        if (!request->outcome.has_value()) {
            answered(request, request->outcome);
            continue;
        }
        request->committed = true;
        commit_(request->store, std::move(request->submission),
                [this, request](Result<void> outcome) { answered(request, std::move(outcome)); });
    }
}

Result<void> Attachments::place(Request& request, std::set<std::string>& folders) {
    for (auto& attachment : request.submission.attachments) {
        auto* const file = dynamic_cast<AttachmentFile*>(attachment.upload.get());
        if (file == nullptr || !is_sha2(attachment.sha2)) {
            return Error{"store_failed", "", "An attachment came without its bytes or its name."};
        }
        if (file->life() != life_) {
            return Error{
                "store_failed", "",
                "The data folder was opened again while an attachment came in: send the request again."};
        }
        const Name name{request.store, attachment.sha2};
        const auto folder = database_.folder().attachments(request.store, attachment.sha2);
        if (auto made = make_folder(folder); !made.has_value()) return made;
        // Also for a file that is there: what put it there may have crashed before it was durable.
        folders.insert(folder.string());
        auto& held = held_[name];
        ++held.requests;
        request.held.push_back(name);
        const auto path = path_of(name);
        if (const auto there = database_.env().FileExists(path); there.ok()) continue;
        if (auto finished = file->finish(); !finished.has_value()) return finished;
        if (auto moved = file->move_to(path); !moved.has_value()) return moved;
        held.brought = true;
    }
    return {};
}

Result<void> Attachments::make_folder(const std::filesystem::path& folder) {
    if (made_folders_.contains(folder.string())) return {};
    const auto store = folder.parent_path();
    const auto all = store.parent_path();
    for (const auto& made : {store, folder}) {
        const auto status = database_.env().CreateDirIfMissing(made.string());
        if (!status.ok()) return store_error(status);
    }
    for (const auto& changed : {all.parent_path(), all, store}) {
        if (auto synced = sync_folder(changed.string()); !synced.has_value()) return synced;
    }
    made_folders_.insert(folder.string());
    return {};
}

Result<void> Attachments::sync_folder(const std::string& folder) const {
    std::unique_ptr<rocksdb::Directory> directory;
    auto status = database_.env().NewDirectory(folder, &directory);
    if (status.ok()) status = directory->Fsync();
    if (!status.ok()) return store_error(status);
    return {};
}

void Attachments::answered(std::shared_ptr<Request> request, Result<void> outcome) {
    request->outcome = std::move(outcome);
    // Under the lock, because the thread may end as soon as the last answer is in.
    const std::scoped_lock lock(mutex_);
    answered_.push_back(std::move(request));
    changed_.notify_one();
}

// Lets go of the request's files, removes those that it or others brought for nothing, and answers.
void Attachments::release(Request& request) {
    const bool uncertain = !wrote_nothing_unseen(request);
    for (const auto& name : request.held) {
        const auto held = held_.find(name);
        held->second.needed = held->second.needed || uncertain;
        if (--held->second.requests > 0) continue;
        const bool remove = held->second.brought && !held->second.needed && !is_spoken_of(name);
        held_.erase(held);
        if (remove) database_.env().DeleteFile(path_of(name)).PermitUncheckedError();
    }
    request.done(std::move(request.outcome));
    request.done = {};
    const std::scoped_lock lock(mutex_);
    --unanswered_;
    unanswered_bytes_ -= request.bytes;
}

// Whether all that is stored of the request, now or after a restart, is visible already.
bool Attachments::wrote_nothing_unseen(const Request& request) const {
    if (request.outcome.has_value() || !request.committed) return true;
    const auto& code = request.outcome.error().code;
    return code == "statement_conflict" || code == "store_busy" || code == "store_closed" ||
           (code == "store_full" && database_.log_state().has_value());
}

// Also when that cannot be found out.
bool Attachments::is_spoken_of(const Name& name) const {
    const auto seen = view_of(database_, segments_);
    PostingCursor cursor(seen, attachment_key(name.first, name.second));
    const auto bucket = cursor.seek(0, true);
    return !bucket.has_value() || bucket->has_value();
}

std::string Attachments::path_of(const Name& name) const {
    return (database_.folder().attachments(name.first, name.second) / name.second).string();
}

} // namespace leerspoor::storage::engine
