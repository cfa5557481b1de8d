// The data folder: what it is called inside, whose it is, and that only one process works in it.
#pragma once

#include "storage/record_store.hpp"

#include <filesystem>
#include <string_view>

namespace leerspoor::storage::engine {

// Holds the folder's lock as long as it lives; the lock goes with the process, however that ends.
class DataFolder {
  public:
    // Makes the folder where there is none. Errors: data_folder_in_use, data_folder_foreign,
    // data_folder_newer, data_folder_unusable.
    static Result<DataFolder> claim(const std::filesystem::path& path);

    DataFolder(DataFolder&& other) noexcept;
    DataFolder& operator=(DataFolder&& other) noexcept;
    ~DataFolder();

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path database() const { return path_ / "db"; }
    // Files on their way into the database; emptied by claim().
    std::filesystem::path sealing() const { return path_ / "sealing"; }
    std::filesystem::path attachments() const { return path_ / "attachments"; }
    // Attachments on their way in; emptied by claim().
    std::filesystem::path incoming_attachments() const { return attachments() / "incoming"; }
    // The folder of the file `sha2`. REQUIRES: hexadecimal digits.
    std::filesystem::path attachments(StoreId store, std::string_view sha2) const;
    // The files of courses, and the folder of the file `sha2` among them. REQUIRES: the same.
    std::filesystem::path content() const { return path_ / "content"; }
    std::filesystem::path content(StoreId store, std::string_view sha2) const;

    // False until the database in it was once complete: then, and only then, may a database be created.
    bool established() const { return established_; }
    Result<void> establish();

  private:
    DataFolder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}

    std::filesystem::path path_;
    int lock_ = -1;
    bool established_ = false;
};

} // namespace leerspoor::storage::engine
