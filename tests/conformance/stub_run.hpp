// A run of leerspoor-conformance, in this process, against a stub LRS.
#pragma once

#include "conformance/runner.hpp"
#include "tests/conformance/stub_lrs.hpp"

#include <string>

namespace leerspoor::tests {

inline std::string endpoint_of(const StubLrs& stub) {
    return "http://127.0.0.1:" + std::to_string(stub.port()) + "/xapi";
}

// With one connection what happens, and so what fails, is the same every time.
inline conformance::Run run_against(const StubLrs& stub, const conformance::Requirements& requirements,
                                    conformance::Version version, unsigned jobs = 1) {
    conformance::Settings settings;
    settings.server = *conformance::parse_endpoint(endpoint_of(stub));
    settings.key = stub_key;
    settings.secret = stub_secret;
    settings.version = version;
    settings.patience = std::chrono::milliseconds(0); // the stub stores before it answers
    return conformance::run(requirements, settings, jobs);
}

} // namespace leerspoor::tests
