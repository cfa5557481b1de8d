// The demonstration: a store full of an academy's records, and people who learn while one looks.
#pragma once

#include "server/support/log.hpp"
#include "storage/record_store.hpp"

#include <cstddef>
#include <stop_token>

namespace leerspoor::server::demo {

inline constexpr std::size_t usual_statements = 100'000;

// Marks the store as a demonstration. Error: demo_store_in_use, it holds records of its own.
Result<void> claim(storage::RecordStore& store);

// Fills the first store, when it is empty, with so many statements of the three years up to now; then, every
// few seconds, somebody does something. Until it is told to stop. On a thread of its own.
void run(const std::stop_token& stop, storage::RecordStore& store, std::size_t statements, Log& log);

} // namespace leerspoor::server::demo
