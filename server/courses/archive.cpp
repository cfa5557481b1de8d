#include "server/courses/archive.hpp"

#include "spec/base/ascii.hpp"
#include "spec/courses/package_files.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <zip.h>

namespace leerspoor::server::courses {
namespace {

constexpr std::uint64_t mebibyte = 1u << 20;
constexpr std::uint64_t most_directory_bytes = 32 * mebibyte;

// APPNOTE.TXT 4.3.12 to 4.3.16: where the list of the files is, which libzip reads into memory.
struct Directory {
    std::uint64_t entries = 0;
    std::uint64_t bytes = 0;
    std::uint64_t begins = 0;
};

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint64_t number = 0;
    for (std::size_t i = size; i-- > 0;) number = number << 8u | static_cast<unsigned char>(bytes[at + i]);
    return number;
}

std::optional<std::string> bytes_at(int file, std::uint64_t begins, std::size_t size) {
    std::string bytes(size, '\0');
    const auto got = ::pread(file, bytes.data(), size, static_cast<off_t>(begins));
    if (got < 0 || static_cast<std::size_t>(got) != size) return std::nullopt;
    return bytes;
}

constexpr std::string_view end_mark = "PK\x05\x06";
constexpr std::string_view far_end_mark = "PK\x06\x06";
constexpr std::string_view far_locator_mark = "PK\x06\x07";
constexpr std::string_view entry_mark = "PK\x01\x02";
constexpr std::size_t end_size = 22;
constexpr std::size_t far_end_size = 56;
constexpr std::size_t far_locator_size = 20;

// Every place at the file's end that could be taken for the directory's end.
std::vector<Directory> directories_of(int file, std::uint64_t size) {
    constexpr std::size_t longest_comment = 65'535;
    const auto tail_size = static_cast<std::size_t>(
        std::min<std::uint64_t>(size, longest_comment + end_size + far_locator_size + far_end_size));
    const auto tail = bytes_at(file, size - tail_size, tail_size);
    std::vector<Directory> found;
    if (!tail) return found;
    const std::string_view bytes = *tail;
    for (auto at = bytes.find(end_mark); at != std::string_view::npos; at = bytes.find(end_mark, at + 1)) {
        if (at + end_size > bytes.size()) continue;
        found.push_back(
            {number_at(bytes, at + 10, 2), number_at(bytes, at + 12, 4), number_at(bytes, at + 16, 4)});
        if (at < far_locator_size || bytes.substr(at - far_locator_size, 4) != far_locator_mark) continue;
        const auto far = bytes_at(file, number_at(bytes, at - far_locator_size + 8, 8), far_end_size);
        if (!far || !far->starts_with(far_end_mark)) continue;
        found.back() = {number_at(*far, 32, 8), number_at(*far, 40, 8), number_at(*far, 48, 8)};
    }
    return found;
}

// What libzip would read as a shorter name.
bool has_nul_in_names(int file, const Directory& directory) {
    constexpr std::size_t fixed = 46;
    auto at = directory.begins;
    for (std::uint64_t entry = 0; entry < directory.entries; ++entry) {
        const auto head = bytes_at(file, at, fixed);
        if (!head || !head->starts_with(entry_mark)) return false;
        const auto name_size = static_cast<std::size_t>(number_at(*head, 28, 2));
        const auto name = bytes_at(file, at + fixed, name_size);
        if (!name) return false;
        if (name->find('\0') != std::string::npos) return true;
        at += fixed + name_size + number_at(*head, 30, 2) + number_at(*head, 32, 2);
    }
    return false;
}

Error too_many(std::uint64_t files, const ArchiveLimits& limits) {
    return {"package_too_many_files", "",
            "The package has " + std::to_string(files) + " files; there may be " +
                std::to_string(limits.files) + "."};
}

Result<void> check_directory(int file, const ArchiveLimits& limits) {
    struct stat about {};
    if (::fstat(file, &about) != 0 || about.st_size < static_cast<off_t>(end_size))
        return Error{"package_not_zip", "", "This is no zip file."};
    const auto directories = directories_of(file, static_cast<std::uint64_t>(about.st_size));
    if (directories.empty())
        return Error{"package_not_zip", "", "This is no zip file, or its end is missing."};
    for (const auto& directory : directories) {
        if (directory.entries > 2 * limits.files) return too_many(directory.entries, limits);
        if (directory.bytes > most_directory_bytes)
            return Error{"package_too_many_files", "", "The zip file's list of files is larger than 32 MiB."};
        if (has_nul_in_names(file, directory))
            return Error{"package_entry_name", "", "The name of an entry of the zip file has a NUL."};
    }
    return {};
}

bool is_left_behind(std::string_view path) {
    const auto name = path.substr(path.rfind('/') + 1);
    return path.starts_with("__MACOSX/") || name == ".DS_Store" ||
           spec::equal_but_for_case(name, "thumbs.db") || spec::equal_but_for_case(name, "desktop.ini");
}

// A link, a device: what is no file and no folder.
bool is_special(zip* archive, std::uint64_t index) {
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    if (zip_file_get_external_attributes(archive, index, 0, &system, &attributes) != 0) return false;
    if (system != ZIP_OPSYS_UNIX && system != ZIP_OPSYS_OS_X) return false;
    const auto kind = (attributes >> 16u) & static_cast<unsigned>(S_IFMT);
    return kind != 0 && kind != static_cast<unsigned>(S_IFREG) && kind != static_cast<unsigned>(S_IFDIR);
}

std::string megabytes(std::uint64_t bytes) {
    return std::to_string(bytes / mebibyte) + " MiB";
}

} // namespace

void Archive::Close::operator()(zip* archive) const {
    zip_discard(archive);
}

Result<Archive> Archive::open(int file, const ArchiveLimits& limits) {
    if (auto checked = check_directory(file, limits); !checked) return checked.error();
    const int own = ::dup(file);
    int problem = 0;
    zip* const opened = own < 0 ? nullptr : zip_fdopen(own, 0, &problem);
    if (!opened) {
        if (own >= 0) ::close(own);
        zip_error_t error;
        zip_error_init_with_code(&error, problem);
        const std::string why = zip_error_strerror(&error);
        zip_error_fini(&error);
        return Error{problem == ZIP_ER_NOZIP ? "package_not_zip" : "package_broken", "",
                     "The zip file cannot be read: " + spec::lower_case(why) + "."};
    }
    Archive archive(opened);
    if (auto listed = archive.list(limits); !listed) return listed.error();
    return archive;
}

Result<void> Archive::list(const ArchiveLimits& limits) {
    const auto count =
        static_cast<std::uint64_t>(std::max<zip_int64_t>(0, zip_get_num_entries(zip_.get(), 0)));
    std::uint64_t total = 0;
    for (std::uint64_t index = 0; index < count; ++index) {
        const char* const name = zip_get_name(zip_.get(), index, ZIP_FL_ENC_GUESS);
        zip_stat_t about;
        if (!name || zip_stat_index(zip_.get(), index, 0, &about) != 0)
            return Error{"package_broken", "", "The zip file's list of files cannot be read."};
        const std::string_view raw = name;
        if (is_special(zip_.get(), index))
            return Error{"package_entry_link", std::string(raw.substr(0, 200)),
                         "An entry of the zip file is a link or a device: there may be files only."};
        auto path = spec::courses::package_path(raw);
        if (!path) return path.error();
        const bool is_folder = raw.ends_with('/') || raw.ends_with('\\');
        if (is_folder || is_left_behind(*path)) continue;
        if ((about.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && about.encryption_method != ZIP_EM_NONE)
            return Error{"package_encrypted", *path, "A file in the package is encrypted."};
        if (about.size > limits.file_bytes)
            return Error{"package_file_too_large", *path,
                         "This file has " + megabytes(about.size) + "; one may have " +
                             megabytes(limits.file_bytes) + "."};
        total += about.size;
        if (total > limits.total_bytes)
            return Error{"package_too_large", "",
                         "Unpacked the package has more than " + megabytes(limits.total_bytes) + "."};
        if (about.size > mebibyte && about.size / limits.ratio > about.comp_size)
            return Error{"package_ratio", *path,
                         "This file is " +
                             std::to_string(about.size / std::max<std::uint64_t>(1, about.comp_size)) +
                             " times as large unpacked: that is no learning material."};
        entries_.push_back({index, std::move(*path), about.size});
        if (entries_.size() > limits.files) return too_many(count, limits);
    }
    return {};
}

Result<void> Archive::read(const ArchiveEntry& entry,
                           const std::function<Result<void>(std::string_view)>& each) {
    struct CloseFile {
        void operator()(zip_file* file) const { zip_fclose(file); }
    };
    const Error broken{"package_broken", entry.path,
                       "This file in the zip file is damaged: its bytes are not what the list says of them."};
    const std::unique_ptr<zip_file, CloseFile> file(zip_fopen_index(zip_.get(), entry.index, 0));
    if (!file) {
        const auto code = zip_error_code_zip(zip_get_error(zip_.get()));
        if (code == ZIP_ER_COMPNOTSUPP)
            return Error{"package_method", entry.path,
                         "This file is packed in a way that is not known here: use deflate, as zip does."};
        return broken;
    }
    thread_local std::array<char, 256u << 10> piece;
    std::uint64_t taken = 0;
    for (;;) {
        const auto got = zip_fread(file.get(), piece.data(), piece.size());
        if (got < 0) return broken;
        if (got == 0) break;
        taken += static_cast<std::uint64_t>(got);
        if (taken > entry.size) return broken;
        if (auto done = each({piece.data(), static_cast<std::size_t>(got)}); !done) return done;
    }
    if (taken != entry.size) return broken;
    return {};
}

} // namespace leerspoor::server::courses
