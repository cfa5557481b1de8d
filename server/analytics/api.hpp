// /api/v1/analytics: questions over all statements of a store, answered from their facts.
#pragma once

#include "server/app/api.hpp"

namespace leerspoor::server::analytics {

Api api();

} // namespace leerspoor::server::analytics
