// The command line.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace leerspoor::server::cli {

// `arguments` without the program's name. Gives the exit status, one of exit_status.hpp.
int run(std::vector<std::string> arguments, std::ostream& out, std::ostream& err);

} // namespace leerspoor::server::cli
