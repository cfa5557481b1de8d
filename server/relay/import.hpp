// Statements from files: lines of JSON, arrays, pages of another LRS; some at a time, so that it can be gone
// on with.
#pragma once

#include "spec/prepare.hpp"
#include "storage/record_store.hpp"

#include <boost/json/object.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace leerspoor::server::relay {

struct ImportStep {
    std::uint64_t next = 0; // where to go on in the file
    bool ended = false;
    std::uint64_t taken = 0; // stored now, or there already
    std::uint64_t refused = 0;
    std::vector<std::string> reasons; // of the first that were refused, each with its place
};

// Takes up to `most` statements from the byte `from` on: lines or arrays of statements, pages of GET
// statements, and what holds a statement in a member: statement (Learning Locker), payload (lrsql), event and
// _source (Ralph, Elasticsearch), also as a text. With a `mapping`, rows of CSV (csv_rows.hpp). A statement
// keeps its id, its authority (without one it is `authority`) and its timestamp (without one it is when the
// other LRS had stored it); `stored` is now. One that is there already changes nothing, so that a file may
// come again. What is no valid statement, or has the id of another, is refused and the rest goes on. Errors:
// import_unreadable (no such file, or no JSON from some place on), import_mapping_invalid, the store's.
Result<ImportStep> import_some(storage::StatementStore& store, storage::StoreId tenant,
                               const std::filesystem::path& file, std::uint64_t from, std::size_t most,
                               const boost::json::object& authority,
                               const boost::json::object* mapping = nullptr);

// The same with one page, {"statements": […]} as GET statements gives it.
Result<ImportStep> import_page(storage::StatementStore& store, storage::StoreId tenant,
                               const std::string& page, const boost::json::object& authority);

// One statement, as import_some() takes it. Errors: those of a statement.
Result<spec::PreparedStatement> prepare_imported(boost::json::object& statement,
                                                 const boost::json::object& authority);

boost::json::object as_json(const ImportStep& step);
// Who vouches for statements that nobody else does: NAME, "import".
boost::json::object import_authority(std::string_view home_page, std::string_view name = "import");
inline constexpr std::size_t import_at_a_time = 5000;

} // namespace leerspoor::server::relay
