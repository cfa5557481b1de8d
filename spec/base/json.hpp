// JSON in, compact JSON out. Reading refuses what a record store must not guess about: invalid UTF-8, a byte
// order mark, nesting beyond the limit, anything after the document, and, unless its caller says otherwise,
// duplicate keys and numbers that no double or 64-bit integer holds.
#pragma once

#include "spec/base/error.hpp"

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace leerspoor::spec {

inline constexpr std::size_t default_max_json_depth = 64;
// For what was accepted before: the limit of its day may have been higher.
inline constexpr std::size_t stored_json_depth = 1024;

struct JsonRules {
    std::size_t max_depth = default_max_json_depth;
    bool any_number =
        false; // a number that a machine number would not hold without loss is kept: kept_number
    bool repeated_keys = false; // of members with one name the last counts
    std::size_t max_values =
        static_cast<std::size_t>(-1); // objects, arrays, texts, numbers, true, false, null
};

// The whole of `text` as one value, allocated from `memory` (which must outlive the value).
// Errors: json_invalid, json_duplicate_key, json_too_deep, json_too_many_values, json_number_too_large,
// json_invalid_utf8; the
// pointer of json_duplicate_key names the object's repeated member, of json_too_deep and
// json_number_too_large the place where that can be told cheaply, else "". Cost: one pass; a second only to
// name the place of an error.
Result<boost::json::value> parse_json(std::string_view text, const JsonRules& rules,
                                      boost::json::storage_ptr memory = {});
Result<boost::json::value> parse_json(std::string_view text, std::size_t max_depth = default_max_json_depth,
                                      boost::json::storage_ptr memory = {});
// What the store has accepted once: any number, up to stored_json_depth.
Result<boost::json::value> parse_stored_json(std::string_view text, boost::json::storage_ptr memory = {});

// Error: json_invalid or json_invalid_utf8, if no JSON parser could read the text. Neither its numbers nor
// its keys are looked at, nor what is nested deeper than stored_json_depth.
Result<void> check_json(std::string_view text);

// The text of a number that was kept as it came, else nothing. Such a value is a JSON string with a first
// byte that no UTF-8 text has; write_json writes it as the number that it is.
std::optional<std::string_view> kept_number(const boost::json::value& value);
// As a double, the nearest, or an infinity beyond its range. Nothing when the value is no number.
std::optional<double> number_of(const boost::json::value& value);

// Appends `value` to `out` without blanks, members in their order, numbers in their shortest exact form
// (0.1, not 1E-1) or as they were kept, non-ASCII as UTF-8. Reentrant; never fails.
void write_json(const boost::json::value& value, std::string& out);
void write_json(const boost::json::object& object, std::string& out);
void write_json_string(std::string_view text, std::string& out);

// Appends "/" and the escaped key to an RFC 6901 pointer.
std::string child_pointer(std::string_view parent, std::string_view key);
std::string child_pointer(std::string_view parent, std::size_t index);

} // namespace leerspoor::spec
