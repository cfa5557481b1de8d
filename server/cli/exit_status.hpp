// How a command ends.
#pragma once

namespace leerspoor::server::cli {

inline constexpr int done = 0;
inline constexpr int failed = 1;
inline constexpr int not_understood = 2;

} // namespace leerspoor::server::cli
