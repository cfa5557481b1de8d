// The web application's files.
#pragma once

#include "server/app/api.hpp"

namespace leerspoor::server::web {

// Without a host: whoever asks for a page gets it; what it shows is the other APIs' concern.
Api api();

} // namespace leerspoor::server::web
