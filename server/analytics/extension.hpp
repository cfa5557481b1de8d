// Extensions, which no column holds: read from the statement itself.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace leerspoor::server::analytics {

// A value as it is counted: a text as it is, anything else as its JSON.
std::string extension_text(const boost::json::value& value);

// The value of the extension `iri` of a statement's result, else of its context, else of its object's
// definition (xAPI 1.0.3 Part Two 4.1.11). REQUIRES: a statement as stored.
std::optional<std::string> find_extension(std::string_view statement, std::string_view iri);

} // namespace leerspoor::server::analytics
