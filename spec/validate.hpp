// Every rule of the statement data model (xAPI 1.0.3 Part Two 2 and 4; IEEE 9274.1.1 4.2), as one pure walk.
#pragma once

#include "spec/base/error.hpp"
#include "spec/base/version.hpp"

#include <boost/json/value.hpp>
#include <string_view>

namespace leerspoor::spec {

// Checks one statement as a client sends it. `pointer` is put before every error's pointer ("/3" for the
// fourth statement of a batch). The first broken rule is reported. Nothing is changed or completed.
Result<void> validate_statement(const boost::json::value& statement, Version version,
                                std::string_view pointer = "");

// An Agent or Group on its own (query parameters, authorities).
Result<void> validate_actor(const boost::json::value& actor, Version version, std::string_view pointer = "");

} // namespace leerspoor::spec
