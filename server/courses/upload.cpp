#include "server/courses/upload.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace leerspoor::server::courses {
namespace {

Error failed(int number) {
    const bool full = number == ENOSPC || number == EDQUOT;
    return {full ? "store_full" : "store_failed", "",
            full ? "There is no space on the disk for this package."
                 : "The package cannot be written to the disk: " + std::string(std::strerror(number)) + "."};
}

} // namespace

Result<Upload> Upload::create(const std::filesystem::path& folder) {
    int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file < 0) { // a file system that has no files without a name
        auto path = (folder / "upload-XXXXXX").string();
        file = ::mkostemp(path.data(), O_CLOEXEC);
        if (file >= 0) ::unlink(path.c_str());
    }
    if (file < 0) return failed(errno);
    return Upload(file);
}

Upload::~Upload() {
    if (file_ >= 0) ::close(file_);
}

Result<void> Upload::append(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(file_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return failed(errno);
        size_ += static_cast<std::uint64_t>(written);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

Result<std::string> Upload::text(std::size_t limit) const {
    if (size_ > limit) return Error{"manifest_too_large", "", "The manifest is larger than 16 MiB."};
    std::string text(static_cast<std::size_t>(size_), '\0');
    const auto got = ::pread(file_, text.data(), text.size(), 0);
    if (got < 0 || static_cast<std::size_t>(got) != text.size()) return failed(got < 0 ? errno : EIO);
    return {boost::system::in_place_value, std::move(text)};
}

boost::asio::awaitable<Result<void>> Upload::take(http::BodyReader& body) {
    for (;;) {
        const auto piece = co_await body.next();
        if (!piece) co_return piece.error();
        if (piece->empty()) co_return Result<void>();
        if (auto appended = append(*piece); !appended) co_return appended;
    }
}

} // namespace leerspoor::server::courses
