// A stored statement as a client wants to see it (xAPI 1.0.3 Part Three 2.1.3, `format`).
#pragma once

#include "spec/format.hpp"

#include <string>
#include <string_view>

namespace leerspoor::server::xapi {

// Appends to `out`. `exact` copies the bytes; the others parse them.
void render(std::string_view stored, spec::Format format, std::string_view accept_language, std::string& out);

} // namespace leerspoor::server::xapi
