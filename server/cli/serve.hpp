// leerspoor serve: opens the store, makes what is missing, serves until it is told to stop.
#pragma once

#include "server/app/settings.hpp"

#include <iosfwd>

namespace leerspoor::server::cli {

// Gives the exit status. Prints one line with the URL to `out` when ready. REQUIRES: check(settings) is
// empty.
int serve(Settings settings, std::ostream& out, std::ostream& err);

} // namespace leerspoor::server::cli
