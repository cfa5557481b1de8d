// /healthz, /readyz and /metrics: what operators and their machines ask.
#pragma once

#include "server/app/api.hpp"

namespace leerspoor::server::operations {

// Without a protocol: whoever puts the APIs together gives it one.
Api api();

} // namespace leerspoor::server::operations
