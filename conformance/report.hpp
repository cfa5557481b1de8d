// What a run found, for people, for build servers (JUnit XML) and for programs (JSON).
#pragma once

#include "conformance/runner.hpp"

#include <iosfwd>
#include <string>

namespace leerspoor::conformance {

struct About {
    std::string endpoint;
    Version version = Version::v1_0_3;
};

// Every check that failed with request, expected and got; then the groups; then one line that says it all.
void write_text(std::ostream& out, const Run& run, const About& about, bool color);
void write_junit(std::ostream& out, const Run& run, const About& about);
void write_json(std::ostream& out, const Run& run, const About& about);

// The requirements with their clauses, and those without a check with the reason.
void write_list(std::ostream& out, const Requirements& requirements, Version version);

} // namespace leerspoor::conformance
