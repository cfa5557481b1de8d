// leerspoor export, verify-export and import: statements to files, and from files.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace leerspoor::server::cli {

struct ExportCommand {
    bool given = false;
    std::filesystem::path data;
    std::filesystem::path output;
    std::string format = "bundle";
    std::vector<std::string> agents; // JSON
    std::string verb;
    std::string activity;
    std::string registration;
    std::string since;
    std::string until;
    bool related_agents = false;
    bool related_activities = false;
    bool one_identity = false; // not all of a person
    std::vector<std::string> columns;
    std::uint32_t store = 1;
};

struct VerifyCommand {
    bool given = false;
    std::filesystem::path file;
    std::filesystem::path key;
};

struct LogCommand {
    std::string command; // "key", "rotate-key"; "": none
    std::filesystem::path data;
};

struct ImportCommand {
    bool given = false;
    std::filesystem::path data;
    std::vector<std::filesystem::path> files;
    std::filesystem::path mapping; // of CSV
    std::uint32_t store = 1;
};

// On the data folder itself, which is made when it is not there, or by the server that has it open. 0: every
// statement was taken; 1: some were not, and why.
int run_import_command(const ImportCommand& asked, std::ostream& out, std::ostream& err);
// Prints the log's public keys, the one that signs now first. Exit status.
int run_log_command(const LogCommand& asked, std::ostream& out, std::ostream& err);
// On the data folder itself, or by the server that has it open; says on `err` how far it is. Exit status.
int run_export_command(const ExportCommand& asked, std::ostream& out, std::ostream& err);
// 0: it holds; 1: it does not, or cannot be read. Needs no data folder.
int run_verify_command(const VerifyCommand& asked, std::ostream& out, std::ostream& err);

} // namespace leerspoor::server::cli
