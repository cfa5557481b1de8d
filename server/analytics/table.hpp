// What every question of analytics is answered with: rows below columns, as JSON and as CSV.
#pragma once

#include "storage/record_store.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server::analytics {

struct Column {
    std::string name;
    std::string_view kind; // "count", "rate", "score", "seconds", "time", "iri", "agent", "text", …
};

struct Table {
    std::vector<Column> columns;
    std::vector<boost::json::array> rows; // an Agent is the text of its identifier's JSON
    std::optional<boost::json::array> totals;
    storage::Sequence sequence = 0; // that was seen
    std::size_t groups = 0;         // that there are, shown or not
    std::size_t hidden = 0;         // of them, because they are of too few persons
};

// An Agent or Group as it stands in rows. REQUIRES: an identity().
boost::json::string agent_cell(std::string_view identity);

// {"columns", "rows", "totals", "labels", "sequence", "as_of", "took_seconds", "groups", "ready"}. Labels are
// names of Activities in their languages, and of learners. Error: the store's.
Result<boost::json::object> as_json(storage::RecordStore& store, storage::StoreId tenant, Table table,
                                    double took_seconds);

// RFC 4180, with a line of names first. What a spreadsheet would take for a formula begins with an
// apostrophe.
std::string as_csv(const Table& table);

} // namespace leerspoor::server::analytics
