// /api/v1: who has signed in, and what administrators do about people and keys.
#pragma once

#include "server/app/api.hpp"

namespace leerspoor::server::api {

Api api();

} // namespace leerspoor::server::api
