// Rows of a CSV file (RFC 4180) as statements, by a mapping: a statement in which {column} stands for a cell.
#pragma once

#include "spec/base/error.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

namespace leerspoor::server::relay {

// One thread. The first row has the names of the columns; cells are parted by commas, semicolons or tabs,
// whichever the first row has most of.
class CsvRows {
  public:
    // Errors: import_unreadable; import_mapping_invalid, when the mapping names a column that is not there.
    static Result<CsvRows> open(const std::filesystem::path& path, std::uint64_t from,
                                const boost::json::object& mapping);

    // Where the next begins.
    std::uint64_t at() const { return at_; }
    std::uint64_t row_begins_at() const { return row_at_; }
    // The next row's statement, nothing at the end. "{column}" alone may say what it is: "{score|number}",
    // "{done|bool}" (true, 1, yes, ja). What has an empty cell is left out, and what is empty then too.
    // Without an id it gets one that is the same for the same row. Error: import_unreadable.
    Result<std::optional<boost::json::object>> next();

  private:
    CsvRows(const std::filesystem::path& path, const boost::json::object& mapping)
        : file_(path, std::ios::binary), mapping_(mapping) {}
    Result<bool> read_row(std::vector<std::string>& cells);
    int get();

    std::ifstream file_;
    const boost::json::object& mapping_;
    std::string piece_;
    std::size_t place_ = 0;
    std::uint64_t at_ = 0;
    std::uint64_t row_at_ = 0;
    char comma_ = ',';
    std::vector<std::string> columns_;
};

} // namespace leerspoor::server::relay
