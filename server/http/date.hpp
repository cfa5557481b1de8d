// Dates as header fields have them (RFC 9110 5.6.7).
#pragma once

#include "spec/base/timestamp.hpp"

#include <string>

namespace leerspoor::server::http {

// Tue, 24 Nov 2026 09:30:00 GMT
std::string date(spec::Instant instant);

} // namespace leerspoor::server::http
