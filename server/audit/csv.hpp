// Statements as comma-separated values.
#pragma once

#include "storage/statements.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server::audit {

// The row of names; of none all. REQUIRES: of table_columns().
std::string csv_head(std::span<const std::string> columns);
// Error: store_damaged.
Result<void> append_csv_row(const storage::StoredStatement& statement, std::span<const std::string> columns,
                            std::string& csv);

} // namespace leerspoor::server::audit
