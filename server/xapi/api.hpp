// xAPI as a table of routes. A new resource is a new file and its rows here.
#pragma once

#include "server/app/api.hpp"

namespace leerspoor::server::xapi {

Api api();
// Beside the specification: what its filters find, as it arrives.
Api live_api();

} // namespace leerspoor::server::xapi
