// Statements as rows of a table, whichever file it is in.
#pragma once

#include "storage/statements.hpp"

#include <boost/json/object.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server::audit {

// "id", "timestamp", "actor_name", …, in the order that they have when nobody chooses.
std::vector<std::string_view> table_columns();

struct TableCell {
    enum class Kind { none, text, number, truth };
    Kind kind = Kind::none;
    std::string text; // a number as JSON has it; "true" or "false"
};

// Error: store_damaged.
Result<boost::json::object> object_of(const storage::StoredStatement& statement);
// A cell for each column; of none all. REQUIRES: of table_columns().
std::vector<TableCell> table_row(const boost::json::object& statement, std::span<const std::string> columns);

} // namespace leerspoor::server::audit
