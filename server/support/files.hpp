// Files that others must find whole or not at all, and folders that only their owner may enter.
#pragma once

#include "spec/base/error.hpp"

#include <filesystem>
#include <string_view>

#include <sys/types.h>

namespace leerspoor::server {

// Written beside its place and moved there. Error: file_unusable.
Result<void> write_file(const std::filesystem::path& path, std::string_view content, ::mode_t mode);

// Made with its parents when it is not there, mode 0700. Error: file_unusable.
Result<void> make_private_folder(const std::filesystem::path& folder);

} // namespace leerspoor::server
