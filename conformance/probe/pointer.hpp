// Changing JSON at a pointer (RFC 6901). An index one behind an array's end adds to it.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace leerspoor::conformance {

namespace json = boost::json;

// Null when there is no such place.
const json::value* at_pointer(const json::value& root, std::string_view pointer);

// These throw std::logic_error when the place cannot be: a mistake in a check.
void set_at(json::value& root, std::string_view pointer, json::value value);
void remove_at(json::value& root, std::string_view pointer);

std::string escaped(std::string_view key);

} // namespace leerspoor::conformance
