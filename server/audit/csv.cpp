#include "server/audit/csv.hpp"

#include "server/audit/table.hpp"
#include "server/support/csv.hpp"

#include <utility>

namespace leerspoor::server::audit {

std::string csv_head(std::span<const std::string> columns) {
    std::string head;
    const auto add = [&](std::string_view name) {
        if (!head.empty()) head += ',';
        head += name;
    };
    if (columns.empty()) {
        for (const auto name : table_columns()) add(name);
    } else {
        for (const auto& name : columns) add(name);
    }
    return head + "\r\n";
}

Result<void> append_csv_row(const storage::StoredStatement& statement, std::span<const std::string> columns,
                            std::string& csv) {
    const auto object = object_of(statement);
    if (!object) return object.error();
    bool first = true;
    for (const auto& cell : table_row(*object, columns)) {
        if (!std::exchange(first, false)) csv += ',';
        // Numbers are no formula, though some begin with a minus.
        if (cell.kind == TableCell::Kind::number) {
            csv += cell.text;
        } else if (cell.kind != TableCell::Kind::none) {
            append_csv_cell(csv, cell.text);
        }
    }
    csv += "\r\n";
    return {};
}

} // namespace leerspoor::server::audit
