// All APIs of the program.
#pragma once

#include "server/app/router.hpp"

namespace leerspoor::server::cli {

Router all_apis();

} // namespace leerspoor::server::cli
