// The ways in which the stub LRS is broken, one at a time, and who has to notice.
#pragma once

#include "conformance/probe/requirement.hpp"
#include "tests/conformance/stub_lrs.hpp"

#include <string_view>
#include <vector>

namespace leerspoor::tests {

struct Variant {
    std::string_view group; // at least one of this group has to notice
    std::string_view what;  // "an LRS that ..."
    Breaks breaks;
    std::string_view failing; // these and no others, in the order of the registry
    conformance::Version version = conformance::Version::v1_0_3;
};

// At least one for each group of requirements.
std::vector<Variant> variants();

// LRSs that do everything wrong in one way: between them every check has something to find.
std::vector<Breaks> thoroughly_broken();

} // namespace leerspoor::tests
