#include "storage/rocksdb/database/data_folder.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace leerspoor::storage::engine {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view marker_name = "LEERSPOOR";
constexpr std::string_view lock_name = "lock";
constexpr std::string_view marker_start = "leerspoor data folder, format ";
constexpr int current_format = 6;
constexpr int oldest_format = 2; // read as it is; what is written is current
// In the marker while the database is made for the first time.
constexpr std::string_view unfinished = "being created";

// What a folder may hold before the store is made in it: the server's certificate, a file system's own
// folder.
constexpr std::array<std::string_view, 4> harmless{"tls", "control.sock", "lost+found", lock_name};

Error unusable(const fs::path& path, std::string_view doing, int number) {
    return {"data_folder_unusable", "",
            "Cannot " + std::string(doing) + " " + path.string() + ": " + std::strerror(number) +
                ". Check that the folder is on a disk with free space and belongs to this user."};
}

// Makes names in the folder durable.
Result<void> sync_folder(const fs::path& folder) {
    const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return unusable(folder, "open", errno);
    const bool synced = ::fsync(directory) == 0;
    const int problem = errno;
    ::close(directory);
    // A file system that cannot sync a folder does not need it.
    if (!synced && problem != EINVAL && problem != ENOTSUP) return unusable(folder, "sync", problem);
    return {};
}

// Makes the folder and those above it that are missing, each durable in the one that it is in.
Result<void> make_folders(const fs::path& path) {
    std::error_code problem;
    const fs::path parent = path.has_parent_path() ? path.parent_path() : fs::path(".");
    if (!fs::exists(parent, problem)) {
        if (parent == path) return unusable(path, "create", ENOENT);
        if (auto made = make_folders(parent); !made.has_value()) return made;
    }
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return unusable(path, "create", errno);
    return sync_folder(parent);
}

// Written whole or not at all, and durable.
Result<void> write_marker(const fs::path& folder, std::string_view state) {
    const fs::path next = folder / (std::string(marker_name) + ".new");
    const int file = ::open(next.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0) return unusable(next, "create", errno);
    const std::string text = std::string(marker_start) + std::string(state) + "\n";
    const bool written =
        ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
    const int problem = errno;
    ::close(file);
    if (!written) return unusable(next, "write", problem);
    if (::rename(next.c_str(), (folder / marker_name).c_str()) != 0) return unusable(next, "rename", errno);
    return sync_folder(folder);
}

Error foreign(const fs::path& folder, const std::string& why) {
    return {"data_folder_foreign", "",
            folder.string() + " " + why +
                ", so Leerspoor leaves it alone. Give --data an empty or new folder, or "
                "one that Leerspoor made."};
}

// True: a finished database is meant to be here.
Result<bool> read_marker(const fs::path& folder) {
    std::ifstream file(folder / marker_name);
    std::string line;
    if (!std::getline(file, line)) {
        return foreign(folder, "has a file " + std::string(marker_name) + " that cannot be read");
    }
    if (!line.starts_with(marker_start)) {
        return foreign(folder, "has a file " + std::string(marker_name) + " that Leerspoor did not write");
    }
    const std::string state = line.substr(marker_start.size());
    if (state == unfinished) return false;
    if (state == std::to_string(current_format)) return true;
    bool older = false;
    for (int format = oldest_format; format < current_format; ++format)
        older = older || state == std::to_string(format);
    if (older) {
        // An older program must not come by what is written from now on.
        const auto raised = write_marker(folder, std::to_string(current_format));
        if (!raised.has_value()) return raised.error();
        return true;
    }
    return Error{"data_folder_newer", "",
                 folder.string() + " has data of format \"" + state + "\"; this program reads format " +
                     std::to_string(current_format) +
                     ". Use the version of Leerspoor that wrote it, or a later one."};
}

Result<void> refuse_foreign_files(const fs::path& folder) {
    std::error_code problem;
    for (const auto& entry : fs::directory_iterator(folder, problem)) {
        const std::string name = entry.path().filename().string();
        bool known = false;
        for (const std::string_view allowed : harmless) known = known || name == allowed;
        if (!known) return foreign(folder, "holds \"" + name + "\" and no Leerspoor data");
    }
    if (problem) return unusable(folder, "list", problem.value());
    return {};
}

} // namespace

Result<DataFolder> DataFolder::claim(const fs::path& path) {
    std::error_code problem;
    const bool existed = fs::exists(path, problem);
    if (existed && !fs::is_directory(path, problem)) return foreign(path, "is not a folder");
    if (!existed) {
        if (auto made = make_folders(path); !made.has_value()) return made.error();
    }
    const bool marked = fs::exists(path / marker_name, problem);
    if (!marked) {
        const auto checked = refuse_foreign_files(path);
        if (!checked.has_value()) return checked.error();
    }
    const fs::path lock_path = path / lock_name;
    const int lock = ::open(lock_path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (lock < 0) return unusable(lock_path, "open", errno);
    DataFolder folder(path, lock);
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return unusable(lock_path, "lock", errno);
        return Error{"data_folder_in_use", "",
                     path.string() +
                         " is in use by another Leerspoor process. Stop that one first, or give --data "
                         "another folder."};
    }
    if (marked) {
        const auto finished = read_marker(path);
        if (!finished.has_value()) return finished.error();
        folder.established_ = *finished;
    } else {
        const auto written = write_marker(path, unfinished);
        if (!written.has_value()) return written.error();
    }
    for (const auto& passing : {folder.sealing(), folder.incoming_attachments()}) {
        fs::remove_all(passing, problem);
        if (!problem) fs::create_directories(passing, problem);
        if (problem) return unusable(passing, "empty", problem.value());
    }
    return folder;
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)), established_(other.established_) {
}

DataFolder& DataFolder::operator=(DataFolder&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(lock_, other.lock_);
    std::swap(established_, other.established_);
    return *this;
}

DataFolder::~DataFolder() {
    if (lock_ >= 0) ::close(lock_);
}

fs::path DataFolder::attachments(StoreId store, std::string_view sha2) const {
    return attachments() / std::to_string(store) / sha2.substr(0, 2);
}

fs::path DataFolder::content(StoreId store, std::string_view sha2) const {
    return content() / std::to_string(store) / sha2.substr(0, 2);
}

Result<void> DataFolder::establish() {
    auto written = write_marker(path_, std::to_string(current_format));
    if (written.has_value()) established_ = true;
    return written;
}

} // namespace leerspoor::storage::engine
