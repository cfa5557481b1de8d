// Statements from and to elsewhere, as routes.
#pragma once

#include "server/app/api.hpp"

namespace leerspoor::server::relay {

Api api();

} // namespace leerspoor::server::relay
