// Zip files of one form only (APPNOTE.TXT 6.3): entries stored as they are, one after the other, ZIP64, no
// dates, no comments. So every byte of such a file follows from the names and what is in them, and none can
// be changed without being found; programs for zip files read them.
#pragma once

#include "spec/base/error.hpp"
#include "spec/base/sha2.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server::audit {

struct ZipEntry {
    std::string name;
    std::uint32_t crc = 0;
    std::uint64_t bytes = 0;
    std::uint64_t offset = 0; // of its header
    std::string sha256;       // in lower-case hex; the reader leaves it empty
};

// One thread. After an error the file is of no use.
class ZipWriter {
  public:
    // Error: file_unusable.
    static Result<ZipWriter> create(const std::filesystem::path& path);

    // Entries one after the other. REQUIRES: a name of ASCII.
    Result<void> begin(std::string name);
    Result<void> append(std::string_view bytes);
    Result<void> end();
    // The whole file is on the disk. Its entries, in order.
    Result<std::vector<ZipEntry>> finish();
    // The last that was ended. REQUIRES: there is one.
    const ZipEntry& last() const { return entries_.back(); }

  private:
    ZipWriter(std::filesystem::path path, std::fstream file)
        : path_(std::move(path)), file_(std::move(file)) {}
    Result<void> write(std::string_view bytes);

    std::filesystem::path path_;
    std::fstream file_;
    std::uint64_t at_ = 0;
    std::vector<ZipEntry> entries_;
    spec::Sha2 digest_{256};
};

// The entries of a file that such a writer has written. Errors: file_unusable; bundle_damaged: it is no such
// file, or not a byte of it is where it was.
Result<std::vector<ZipEntry>> read_zip(const std::filesystem::path& path);
// Of more bytes, after those that have given `crc`.
std::uint32_t crc32_of(std::string_view bytes, std::uint32_t crc);
// Where an entry's content begins.
std::uint64_t content_offset(const ZipEntry& entry);

} // namespace leerspoor::server::audit
