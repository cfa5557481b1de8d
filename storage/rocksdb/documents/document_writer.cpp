#include "storage/rocksdb/documents/document_writer.hpp"

#include <algorithm>
#include <exception>

namespace leerspoor::storage::engine {

namespace {

// More than this waiting is store_busy. What each holds was limited where it came in.
constexpr std::size_t max_waiting = 1024;
// A group that has come to this size is written before more is added to it.
constexpr std::size_t group_bytes = 16u << 20;

} // namespace

Result<std::optional<Document>> read_document(Database& database, StoreId store, const DocumentName& name) {
    rocksdb::PinnableSlice value;
    const auto status =
        database.db().Get({}, database.family(Family::documents), document_key(store, name), &value);
    if (status.IsNotFound()) return std::optional<Document>();
    if (!status.ok()) return store_error(status);
    auto kept = decode_document(view(value));
    if (!kept) return store_error(rocksdb::Status::Corruption("a document cannot be read"));
    return std::optional<Document>(std::move(kept->document));
}

void DocumentWriter::finish() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    waiting_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void DocumentWriter::submit(Request request) {
    {
        const std::scoped_lock lock(mutex_);
        if (stopping_) {
            request.outcome = Error{"store_closed", "", "The store is being closed: try again later."};
        } else if (queue_.size() >= max_waiting) {
            request.outcome = Error{
                "store_busy", "", "Too many changes of documents are waiting: send this one again shortly."};
        } else {
            queue_.push_back(std::move(request));
            waiting_.notify_one();
            return;
        }
    }
    request.done(std::move(request.outcome));
}

void DocumentWriter::run() {
    while (true) {
        std::vector<Request> requests;
        {
            std::unique_lock lock(mutex_);
            waiting_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
            if (queue_.empty()) return;
            requests.swap(queue_); // from here on this thread's alone
        }
        for (std::size_t first = 0; first < requests.size();) first = commit(requests, first);
    }
}

// Makes the changes from `first` on that fit in a group, and answers them. Returns where the next begins.
std::size_t DocumentWriter::commit(std::vector<Request>& requests, std::size_t first) {
    Group group;
    std::size_t end = first;
    while (end < requests.size() && group.bytes < group_bytes) apply(requests[end++], group);
    // When the log could not be written, what is there may be other than what will be after a restart: not
    // even that there is nothing to delete can be said for sure.
    auto written = database_.log_state();
    if (written.has_value() && !group.changes.empty()) {
        written = write(group);
        failed_before_ = !written.has_value();
    }
    for (std::size_t i = first; i < end; ++i) {
        // Refusals too: they were decided by what is not going to be.
        if (!written.has_value()) requests[i].outcome = written.error();
        requests[i].done(std::move(requests[i].outcome));
        requests[i] = {};
    }
    return end;
}

void DocumentWriter::apply(Request& request, Group& group) {
    try {
        if (request.change) {
            request.outcome = apply_change(request, group);
        } else if (const auto removed = apply_removal(request, group); !removed.has_value()) {
            request.outcome = removed.error();
        }
    } catch (const std::exception& problem) {
        request.outcome =
            Error{"store_failed", "", std::string("The document could not be changed: ") + problem.what()};
    }
}

Result<std::optional<Document>> DocumentWriter::apply_change(Request& request, Group& group) {
    std::string key = document_key(request.store, request.name);
    const auto changed = group.changes.find(key);
    const auto present = changed == group.changes.end()
                             ? read_document(database_, request.store, request.name)
                             : Result<std::optional<Document>>(changed->second.document);
    if (!present.has_value()) return present.error();
    auto next = request.change(*present);
    if (!next.has_value()) return next.error();
    if (!*next && !*present) return std::optional<Document>();
    if (*next) {
        constexpr std::chrono::microseconds tick(1);
        last_updated_ = std::max(now_(), last_updated_ + tick);
        if (*present) last_updated_ = std::max(last_updated_, (*present)->updated + tick);
        (*next)->updated = last_updated_;
        group.bytes += (*next)->bytes.size();
    }
    group.bytes += key.size();
    group.changes.insert_or_assign(std::move(key), Changed{std::move(request.name), *next});
    return next;
}

Result<void> DocumentWriter::apply_removal(const Request& request, Group& group) {
    const std::string prefix = document_prefix(request.store, request.name.owner);
    for (auto changed = group.changes.lower_bound(prefix);
         changed != group.changes.end() && changed->first.starts_with(prefix); ++changed) {
        changed->second.document.reset();
    }
    const std::unique_ptr<rocksdb::Iterator> entries(
        database_.db().NewIterator({}, database_.family(Family::documents)));
    for (entries->Seek(prefix); entries->Valid() && view(entries->key()).starts_with(prefix);
         entries->Next()) {
        group.bytes += entries->key().size();
        group.changes.insert_or_assign(entries->key().ToString(), Changed{});
    }
    if (!entries->status().ok()) return store_error(entries->status());
    return {};
}

Result<void> DocumentWriter::write(const Group& group) {
    auto ready = database_.room_for(group.bytes);
    if (ready.has_value() && failed_before_) ready = database_.resume();
    if (!ready.has_value()) return ready;
    rocksdb::WriteBatch batch;
    for (const auto& [key, changed] : group.changes) {
        rocksdb::Status added;
        if (changed.document) {
            added = batch.Put(database_.family(Family::documents), key,
                              encode_document(changed.name, *changed.document));
        } else {
            added = batch.Delete(database_.family(Family::documents), key);
        }
        if (!added.ok()) return store_error(added);
    }
    rocksdb::WriteOptions durable;
    durable.sync = true;
    const auto status = database_.db().Write(durable, &batch);
    if (!status.ok()) return store_error(status);
    return {};
}

} // namespace leerspoor::storage::engine
