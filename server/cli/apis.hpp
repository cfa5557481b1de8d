// All APIs of the program.
#pragma once

#include "server/app/router.hpp"

#include <string>

namespace leerspoor::server::cli {

// `content_host`: Settings::content_host.
Router all_apis(const std::string& content_host = Settings().content_host);

} // namespace leerspoor::server::cli
