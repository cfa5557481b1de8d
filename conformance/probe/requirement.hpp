// One numbered requirement and the function that checks it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::conformance {

class Context;

enum class Version { v1_0_3, v2_0_0 };

// Where each version of the specification asks for it: "Part Two 2.4.2.1" in xAPI 1.0.3, a clause of
// IEEE 9274.1.1 for 2.0. Empty: that version does not ask for it.
struct Clauses {
    std::string in_1_0_3;
    std::string in_2_0;

    const std::string& of(Version version) const { return version == Version::v1_0_3 ? in_1_0_3 : in_2_0; }
};

struct Requirement {
    std::string id; // XAPI-00001 ... as ADL numbers them; IEEE-... for what only 2.0 asks, P2-... and P3-...
                    // for what the parts of 1.0.3 ask without a number
    std::string title;
    Clauses clauses;
    std::function<void(Context&)> check;
    std::string_view group{}; // set by the registry
};
using Requirements = std::vector<Requirement>;

// A number that nobody can check over HTTP with one pair of credentials, or that asks for nothing.
struct Unchecked {
    std::string_view id;
    std::string_view reason;
};

} // namespace leerspoor::conformance
