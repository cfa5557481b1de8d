#include "storage/rocksdb/attachments/content_files.hpp"

#include "storage/rocksdb/attachments/attachment_file.hpp"

#include <algorithm>
#include <filesystem>
#include <rocksdb/env.h>

namespace leerspoor::storage::engine {
namespace {

// Names come from outside: nothing but these ever becomes part of a path.
bool is_sha256(std::string_view text) {
    constexpr std::size_t digits = 64;
    return text.size() == digits && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

Result<void> sync_folder(rocksdb::Env& env, const std::filesystem::path& folder) {
    std::unique_ptr<rocksdb::Directory> directory;
    auto status = env.NewDirectory(folder.string(), &directory);
    if (status.ok()) status = directory->Fsync();
    if (!status.ok()) return store_error(status);
    return {};
}

} // namespace

Result<std::unique_ptr<AttachmentUpload>> ContentFiles::begin() {
    const auto name = "content-" + std::to_string(++begun_);
    return AttachmentFile::create(database_.env(), database_.folder().incoming_attachments() / name, 0);
}

Result<void> ContentFiles::keep(StoreId store, std::vector<NewAttachment> files) {
    auto& env = database_.env();
    std::set<std::filesystem::path> changed;
    const auto root = database_.folder().content();
    for (auto& file : files) {
        auto* const upload = dynamic_cast<AttachmentFile*>(file.upload.get());
        if (upload == nullptr || !is_sha256(file.sha2))
            return Error{"store_failed", "", "A file of a course came without its bytes or its name."};
        const auto folder = database_.folder().content(store, file.sha2);
        for (const auto& made : {root, folder.parent_path(), folder}) {
            const auto status = env.CreateDirIfMissing(made.string());
            if (!status.ok()) return store_error(status);
            changed.insert(made);
        }
        const auto path = path_of(store, file.sha2);
        if (env.FileExists(path).ok()) continue;
        if (auto finished = upload->finish(); !finished.has_value()) return finished;
        if (auto moved = upload->move_to(path); !moved.has_value()) return moved;
    }
    if (!changed.empty()) changed.insert(root.parent_path());
    for (const auto& folder : changed) {
        if (auto synced = sync_folder(env, folder); !synced.has_value()) return synced;
    }
    return {};
}

Result<std::unique_ptr<AttachmentContent>> ContentFiles::open(StoreId store, std::string_view sha2) const {
    if (!is_sha256(sha2)) return std::unique_ptr<AttachmentContent>();
    return open_attachment_file(database_, path_of(store, sha2));
}

Result<std::size_t> ContentFiles::remove(StoreId store, const std::set<std::string>& used) {
    std::size_t removed = 0;
    std::error_code problem;
    const auto folder = database_.folder().content() / std::to_string(store);
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder, problem)) {
        const auto name = file.path().filename().string();
        if (!file.is_regular_file(problem) || !is_sha256(name) || used.contains(name)) continue;
        const auto status = database_.env().DeleteFile(path_of(store, name));
        if (!status.ok()) return store_error(status);
        ++removed;
    }
    return removed;
}

std::string ContentFiles::path_of(StoreId store, std::string_view sha2) const {
    return (database_.folder().content(store, sha2) / sha2).string();
}

} // namespace leerspoor::storage::engine
