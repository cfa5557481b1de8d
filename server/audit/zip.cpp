#include "server/audit/zip.hpp"

#include <array>
#include <zlib.h>

namespace leerspoor::server::audit {
namespace {

constexpr std::uint16_t version = 45; // that knows ZIP64
constexpr std::uint16_t utf8_names = 0x0800;
constexpr std::uint16_t first_date = 0x0021; // 1980-01-01: zip has no "none"
constexpr std::uint32_t in_extra = 0xffffffff;
constexpr std::size_t local_header_size = 30 + 20; // and the name
constexpr std::size_t end_size = 56 + 20 + 22;
constexpr std::size_t most_entries = 100;
constexpr std::size_t longest_name = 100;

void put(std::string& out, std::uint64_t number, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>(number >> (8 * i) & 0xff);
}

std::uint64_t get(std::string_view bytes, std::size_t at, std::size_t count) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < count; ++i)
        number |= std::uint64_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
    return number;
}

void put_common(std::string& out, const ZipEntry& entry, std::uint16_t extra) {
    put(out, version, 2);
    put(out, utf8_names, 2);
    put(out, 0, 2); // stored
    put(out, 0, 2); // midnight
    put(out, first_date, 2);
    put(out, entry.crc, 4);
    put(out, in_extra, 4);
    put(out, in_extra, 4);
    put(out, entry.name.size(), 2);
    put(out, extra, 2);
}

std::string local_header(const ZipEntry& entry) {
    std::string out;
    put(out, 0x04034b50, 4);
    put_common(out, entry, 20);
    out += entry.name;
    put(out, 1, 2); // ZIP64
    put(out, 16, 2);
    put(out, entry.bytes, 8);
    put(out, entry.bytes, 8);
    return out;
}

std::string central_header(const ZipEntry& entry) {
    std::string out;
    put(out, 0x02014b50, 4);
    put(out, version, 2);
    put_common(out, entry, 28);
    put(out, 0, 2); // no comment
    put(out, 0, 2); // the first disk
    put(out, 0, 2);
    put(out, 0, 4);
    put(out, in_extra, 4);
    out += entry.name;
    put(out, 1, 2);
    put(out, 24, 2);
    put(out, entry.bytes, 8);
    put(out, entry.bytes, 8);
    put(out, entry.offset, 8);
    return out;
}

// All that follows the last entry, which ends there.
std::string directory(const std::vector<ZipEntry>& entries, std::uint64_t begin) {
    std::string out;
    for (const auto& entry : entries) out += central_header(entry);
    const std::uint64_t size = out.size();
    put(out, 0x06064b50, 4);
    put(out, 44, 8);
    put(out, version, 2);
    put(out, version, 2);
    put(out, 0, 4);
    put(out, 0, 4);
    put(out, entries.size(), 8);
    put(out, entries.size(), 8);
    put(out, size, 8);
    put(out, begin, 8);
    put(out, 0x07064b50, 4);
    put(out, 0, 4);
    put(out, begin + size, 8);
    put(out, 1, 4);
    put(out, 0x06054b50, 4);
    put(out, 0, 2);
    put(out, 0, 2);
    put(out, 0xffff, 2);
    put(out, 0xffff, 2);
    put(out, in_extra, 4);
    put(out, in_extra, 4);
    put(out, 0, 2);
    return out;
}

Error unusable(const std::filesystem::path& path, std::string_view what) {
    return {"file_unusable", "", path.string() + " cannot be " + std::string(what) + "."};
}

Error damaged() {
    return {"bundle_damaged", "",
            "This is no bundle of Leerspoor, or it was changed: its files do not lie where they belong."};
}

Result<std::string> bytes_at(std::ifstream& file, const std::filesystem::path& path, std::uint64_t at,
                             std::uint64_t count) {
    std::string bytes(count, '\0');
    file.seekg(static_cast<std::streamoff>(at));
    file.read(bytes.data(), static_cast<std::streamsize>(count));
    if (!file) return unusable(path, "read");
    return Result<std::string>(boost::system::in_place_value, std::move(bytes));
}

} // namespace

Result<ZipWriter> ZipWriter::create(const std::filesystem::path& path) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary | std::ios::trunc);
    if (!file) return unusable(path, "written");
    return Result<ZipWriter>(boost::system::in_place_value, ZipWriter(path, std::move(file)));
}

Result<void> ZipWriter::write(std::string_view bytes) {
    file_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!file_) return unusable(path_, "written: is the disk full?");
    at_ += bytes.size();
    return {};
}

Result<void> ZipWriter::begin(std::string name) {
    ZipEntry entry;
    entry.name = std::move(name);
    entry.offset = at_;
    entries_.push_back(std::move(entry));
    digest_ = spec::Sha2(256);
    return write(local_header(entries_.back()));
}

Result<void> ZipWriter::append(std::string_view bytes) {
    auto& entry = entries_.back();
    entry.crc = crc32_of(bytes, entry.crc);
    entry.bytes += bytes.size();
    digest_.update(bytes);
    return write(bytes);
}

// Its header is written again, now that it is known.
Result<void> ZipWriter::end() {
    auto& entry = entries_.back();
    entry.sha256 = digest_.finish();
    const auto end = at_;
    file_.seekp(static_cast<std::streamoff>(entry.offset));
    auto written = write(local_header(entry));
    if (!written) return written;
    at_ = end;
    file_.seekp(static_cast<std::streamoff>(end));
    return file_ ? Result<void>() : unusable(path_, "written");
}

Result<std::vector<ZipEntry>> ZipWriter::finish() {
    auto written = write(directory(entries_, at_));
    if (!written) return written.error();
    file_.close();
    if (!file_) return unusable(path_, "written: is the disk full?");
    return std::move(entries_);
}

std::uint32_t crc32_of(std::string_view bytes, std::uint32_t crc) {
    return static_cast<std::uint32_t>(
        ::crc32_z(crc, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

std::uint64_t content_offset(const ZipEntry& entry) {
    return entry.offset + local_header_size + entry.name.size();
}

Result<std::vector<ZipEntry>> read_zip(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::error_code problem;
    const auto size = std::filesystem::file_size(path, problem);
    if (!file || problem) return unusable(path, "read");
    if (size < end_size) return damaged();
    const auto end = bytes_at(file, path, size - end_size, end_size);
    if (!end) return end.error();
    const auto count = get(*end, 24, 8);
    const auto directory_size = get(*end, 40, 8);
    const auto begin = get(*end, 48, 8);
    if (count > most_entries || directory_size > most_entries * (46 + 28 + longest_name) ||
        begin > size - end_size || begin + directory_size + end_size != size)
        return damaged();
    const auto rest = bytes_at(file, path, begin, size - begin);
    if (!rest) return rest.error();
    std::vector<ZipEntry> entries;
    std::uint64_t offset = 0;
    for (std::size_t at = 0; entries.size() < count;) {
        if (at + 46 > directory_size) return damaged();
        const auto name_size = get(*rest, at + 28, 2);
        if (name_size > longest_name || at + 46 + name_size + 28 > directory_size) return damaged();
        ZipEntry entry;
        entry.name = rest->substr(at + 46, name_size);
        entry.crc = static_cast<std::uint32_t>(get(*rest, at + 16, 4));
        entry.bytes = get(*rest, at + 46 + name_size + 4, 8);
        entry.offset = offset;
        if (entry.bytes > size) return damaged();
        offset = content_offset(entry) + entry.bytes;
        at += 46 + name_size + 28;
        entries.push_back(std::move(entry));
    }
    // What a writer would have written around these.
    if (offset != begin || *rest != directory(entries, begin)) return damaged();
    for (const auto& entry : entries) {
        const auto header = bytes_at(file, path, entry.offset, local_header_size + entry.name.size());
        if (!header) return header.error();
        if (*header != local_header(entry)) return damaged();
    }
    return entries;
}

} // namespace leerspoor::server::audit
