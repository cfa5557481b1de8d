// Every setting's name, in one place: as --name on the command line, LEERSPOOR_NAME in the environment and
// name in the file. The command line wins over the environment, the environment over the file.
#pragma once

#include "server/app/settings.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace CLI { // NOLINT(readability-identifier-naming): CLI11's
class App;
}

namespace leerspoor::server::cli {

// Adds an option for each setting to `command`; they write to `settings`, which must outlive the parse. Also
// --config, which writes to `config_file`.
void add_settings(CLI::App& command, Settings& settings, std::filesystem::path& config_file);

// After the parse: takes from the file what neither command line nor environment has set. Every error names
// the file and the setting. Errors: config_unreadable, setting_unknown, setting_invalid.
std::vector<Error> apply_config_file(CLI::App& command, const std::filesystem::path& config_file);

// One line a setting, "name = value", as it is in force.
std::string describe(const Settings& settings);

} // namespace leerspoor::server::cli
