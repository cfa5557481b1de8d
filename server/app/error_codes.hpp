// Every code that an error of the program can have: one table. Codes are part of the product's interface and
// do not change.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace leerspoor::server {

struct ErrorCode {
    std::string_view code;
    int status = 400; // of an answer; 0: of commands and starts only
    std::string_view meaning;
};

// Grouped by what they are about; `meaning` of a row without a code is the group's heading.
std::span<const ErrorCode> error_codes();

// 500 for a code that is not in the table: somebody forgot it.
int status_of(std::string_view code);

// The table as a page, server/app/ERRORS.md.
std::string error_codes_page();

} // namespace leerspoor::server
