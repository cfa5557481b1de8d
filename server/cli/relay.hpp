// `leerspoor relay`: statements from and to other servers.
#pragma once

#include "storage/store_id.hpp"

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>

namespace leerspoor::server::cli {

struct RelayCommand {
    std::string command; // "add", "list", "remove"; "" when it was not given
    std::filesystem::path data;
    storage::StoreId store = storage::first_store;
    std::string kind;
    std::string url;
    std::string key;
    std::filesystem::path secret_file;
    std::filesystem::path certificate;
    std::string filter = "{}";
    std::uint32_t rate = 0;
    std::string id;
};

// Gives the exit status.
int run_relay_command(const RelayCommand& asked, std::ostream& out, std::ostream& err);

} // namespace leerspoor::server::cli
