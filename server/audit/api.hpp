// The routes of what auditors rely on, under /api/v1.
#pragma once

#include "server/app/api.hpp"

namespace leerspoor::server::audit {

Api api();

} // namespace leerspoor::server::audit
