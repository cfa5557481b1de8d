// Tenants.
#pragma once

#include <cstdint>

namespace leerspoor::storage {

// A store is a tenant: its statements and documents are seen by nobody else.
using StoreId = std::uint32_t;
inline constexpr StoreId first_store = 1;

} // namespace leerspoor::storage
