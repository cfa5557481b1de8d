#include "server/support/files.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace leerspoor::server {
namespace {

Error unusable(const std::filesystem::path& path, std::string_view what, int number) {
    return {"file_unusable", "",
            path.string() + " cannot be " + std::string(what) + ": " +
                std::generic_category().message(number) + "."};
}

bool write_all(int file, std::string_view content) {
    while (!content.empty()) {
        const ::ssize_t written = ::write(file, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fsync(file) == 0;
}

} // namespace

Result<void> write_file(const std::filesystem::path& path, std::string_view content, ::mode_t mode) {
    const std::filesystem::path beside = path.string() + ".new";
    ::unlink(beside.c_str());
    const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (file < 0) return unusable(path, "written", errno);
    // The mode as asked for, whatever the umask takes away.
    const bool good = ::fchmod(file, mode) == 0 && write_all(file, content);
    const int number = errno;
    ::close(file);
    if (!good || ::rename(beside.c_str(), path.c_str()) != 0) {
        const int reason = good ? errno : number;
        ::unlink(beside.c_str());
        return unusable(path, "written", reason);
    }
    return {};
}

Result<void> make_private_folder(const std::filesystem::path& folder) {
    std::error_code ec;
    if (std::filesystem::is_directory(folder, ec)) return {};
    if (folder.has_parent_path()) {
        std::filesystem::create_directories(folder.parent_path(), ec);
        if (ec) return unusable(folder.parent_path(), "made", ec.value());
    }
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return unusable(folder, "made", errno);
    return {};
}

} // namespace leerspoor::server
