// Cells of CSV (RFC 4180) that no spreadsheet takes for a formula.
#pragma once

#include <string>
#include <string_view>

namespace leerspoor::server {

// A text that begins as formulas do gets an apostrophe before it.
inline void append_csv_cell(std::string& csv, std::string_view text) {
    const bool formula =
        !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
    const bool quoted = formula || text.find_first_of(",\"\r\n") != std::string_view::npos;
    if (quoted) csv += '"';
    if (formula) csv += '\'';
    for (const char c : text) {
        if (c == '"') csv += '"';
        csv += c;
    }
    if (quoted) csv += '"';
}

} // namespace leerspoor::server
