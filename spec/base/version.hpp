// The versions of the specification that live side by side: xAPI 1.0.3 (Part Three 3.3) and
// IEEE 9274.1.1, "2.0" (4.1.2.2).
#pragma once

#include "spec/base/error.hpp"

#include <string_view>

namespace leerspoor::spec {

enum class Version { v1_0_3, v2_0_0 };

// The value of a request's X-Experience-API-Version header. 1.0 and all that begins with 1.0.
// mean 1.0.3; 2.0, 2.0.0 ... 2.0.n mean 2.0.0. Error: version_missing (empty text), version_unsupported.
Result<Version> parse_version_header(std::string_view text);

// "1.0.3" or "2.0.0": what a response's X-Experience-API-Version header says.
std::string_view to_string(Version version);

} // namespace leerspoor::spec
