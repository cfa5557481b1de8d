// xAPI as a table of routes. A new resource is a new file and its rows here.
#pragma once

#include "server/app/api.hpp"

namespace leerspoor::server::xapi {

Api api();
// Beside the specification, under /api/v1: statements as they arrive, and attachments by themselves.
Api plain_api();

} // namespace leerspoor::server::xapi
