// All requirements there are, group by group. A new group is one line in registry.cpp.
#pragma once

#include "conformance/probe/requirement.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::conformance {

// In the order of the groups, and within a group as its file has them.
Requirements all_requirements();

// Those that the version asks for and that match any of the patterns; all of them when there are none. A
// pattern is (part of) an id or a group; * stands for anything, ? for one character; case does not count.
Requirements requirements_of(Version version, const std::vector<std::string>& patterns);

// ADL's numbers that have no check, and why.
const std::vector<Unchecked>& unchecked();

} // namespace leerspoor::conformance
