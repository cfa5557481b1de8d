// A zip file of a stranger: what is in it is looked at before anything of it is taken.
#pragma once

#include "spec/base/error.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct zip; // libzip's

namespace leerspoor::server::courses {

struct ArchiveLimits {
    std::uint64_t files = 50'000;
    std::uint64_t file_bytes = 4ull << 30;   // of one, inflated
    std::uint64_t total_bytes = 16ull << 30; // of all, inflated
    std::uint64_t ratio = 300;               // inflated to deflated, of what inflates to more than a MiB
};

// A file in it. Folders, and what systems leave behind (__MACOSX, .DS_Store, Thumbs.db), are none.
struct ArchiveEntry {
    std::uint64_t index = 0;
    std::string path; // spec::courses::package_path
    std::uint64_t size = 0;
};

// One thread at a time.
class Archive {
  public:
    // `file` is read, and stays the caller's. Errors: package_not_zip, package_broken,
    // package_too_many_files, package_file_too_large, package_too_large, package_ratio, package_encrypted,
    // package_entry_link, package_entry_name.
    static Result<Archive> open(int file, const ArchiveLimits& limits);

    const std::vector<ArchiveEntry>& entries() const { return entries_; }
    // Its bytes, inflated, piece by piece; checked against what the zip file says of them. Errors:
    // package_broken, package_method, and those that `each` gives.
    Result<void> read(const ArchiveEntry& entry, const std::function<Result<void>(std::string_view)>& each);

  private:
    struct Close {
        void operator()(zip* archive) const;
    };
    explicit Archive(zip* archive) : zip_(archive) {}
    Result<void> list(const ArchiveLimits& limits);

    std::unique_ptr<zip, Close> zip_;
    std::vector<ArchiveEntry> entries_;
};

} // namespace leerspoor::server::courses
