// The command line. Exit status: 0 done, 1 failed, 2 not understood.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace leerspoor::server::cli {

inline constexpr int done = 0;
inline constexpr int failed = 1;
inline constexpr int not_understood = 2;

// `arguments` without the program's name.
int run(std::vector<std::string> arguments, std::ostream& out, std::ostream& err);

} // namespace leerspoor::server::cli
