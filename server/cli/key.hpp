// leerspoor key create|list|revoke.
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace leerspoor::server::cli {

struct KeyCommand {
    std::string command; // create, list, revoke; empty: none was asked for
    std::filesystem::path data;
    std::string key;
    std::string secret;
    std::string name;
    std::vector<std::string> scopes{"all"};
    std::uint32_t store = 1;
    bool json = false;
};

// On the folder itself, or through the server that has it open. Gives the exit status.
int run_key_command(const KeyCommand& asked, std::ostream& out, std::ostream& err);

} // namespace leerspoor::server::cli
