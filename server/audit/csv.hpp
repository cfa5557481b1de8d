// Statements as rows of a table.
#pragma once

#include "storage/statements.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server::audit {

// "id", "timestamp", "actor_name", …, in the order that they have when nobody chooses.
std::vector<std::string_view> csv_columns();

// The row of names. REQUIRES: of csv_columns().
std::string csv_head(std::span<const std::string> columns);
// Error: store_damaged.
Result<void> append_csv_row(const storage::StoredStatement& statement, std::span<const std::string> columns,
                            std::string& csv);

} // namespace leerspoor::server::audit
