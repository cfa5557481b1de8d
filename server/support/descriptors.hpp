// File descriptors: how many this process may have, and how many of them connections may take.
#pragma once

#include "spec/base/error.hpp"

#include <cstddef>

namespace leerspoor::server {

// Kept for the store, the log and those who are told that there are too many.
inline constexpr std::size_t reserved_descriptors = 768;

// Raises this process's soft limit to its hard one; what it is then.
std::size_t raise_descriptor_limit();

// How many of `wanted` connections may be open at a time under that limit. Each may hold a socket and a file.
// Error: descriptors_too_few, when there would hardly be one.
Result<std::size_t> connections_within(std::size_t limit, std::size_t wanted);

// How many of its tables the store may keep open beside so many connections: 512 of what is reserved, and all
// that connections leave. A table that has to be opened again costs more than the read it is opened for.
std::size_t tables_within(std::size_t limit, std::size_t connections);

} // namespace leerspoor::server
