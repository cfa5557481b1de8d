// leerspoor person add|list|reset|remove.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace leerspoor::server::cli {

struct PersonCommand {
    std::string command; // add, list, reset, remove; empty: none was asked for
    std::filesystem::path data;
    std::string role = "analyst";
    std::string name;
    bool json = false;
};

// On the folder itself, or through the server that has it open. Gives the exit status.
int run_person_command(const PersonCommand& asked, std::ostream& out, std::ostream& err);

} // namespace leerspoor::server::cli
