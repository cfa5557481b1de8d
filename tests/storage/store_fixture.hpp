// What tests of a store need: short statements, requests that are waited for, and a store in a folder of its
// own that can be closed and opened again. Another engine runs the tests of the seam by another
// StoreFixture::open.
#pragma once

#include "storage/record_store.hpp"
#include "storage/rocksdb/database/database.hpp"
#include "storage/rocksdb/open.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::tests {

using Batch = std::vector<spec::PreparedStatement>;

// Statement ids that are easy to tell apart.
spec::Uuid id_of(std::uint64_t number);

boost::json::object agent(std::string_view name);
boost::json::object activity(std::string_view name);
std::string verb(std::string_view name);

// "`actor` `verb` `activity`": names, made identifiers by the functions above.
boost::json::object statement(std::string_view actor, std::string_view verb, std::string_view activity);
boost::json::object with_id(boost::json::object statement, std::uint64_t number);
boost::json::object referring(std::string_view actor, std::string_view verb, std::uint64_t target);
boost::json::object voiding(std::uint64_t target);

// As the server prepares them; an id that is missing is made. Fails the test on an invalid statement.
spec::PreparedStatement prepared(const boost::json::object& statement);
Batch batch(const std::vector<boost::json::object>& statements);

// `count` copies of one small statement with ids of their own: id_of(first), id_of(first + 1), ...
Batch many(std::uint64_t first, std::size_t count);

// Waits for the answer.
Result<void> put(storage::RecordStore& store, storage::Submission submission,
                 storage::StoreId tenant = storage::first_store);
Result<void> put(storage::RecordStore& store, Batch batch, storage::StoreId tenant = storage::first_store);
Result<void> put(storage::RecordStore& store, const boost::json::object& statement,
                 storage::StoreId tenant = storage::first_store);

spec::Term by_agent(std::string_view name);
spec::Term by_verb(std::string_view name);
spec::Term by_activity(std::string_view name);
storage::Query query(std::vector<spec::Term> terms = {});

// The ids of all matches, in the query's order. Follows `more` to its end.
std::vector<spec::Uuid> found(storage::RecordStore& store, storage::Query query,
                              storage::StoreId tenant = storage::first_store);
bool is_there(storage::RecordStore& store, std::uint64_t number,
              storage::StoreId tenant = storage::first_store);
bool is_voided(storage::RecordStore& store, std::uint64_t number,
               storage::StoreId tenant = storage::first_store);
std::vector<spec::Uuid> ids(const std::vector<std::uint64_t>& numbers);

// The store's measurement of that name.
double measured(storage::RecordStore& store, std::string_view name);

// What a crash would leave at some moment of the call, while a store may be open in `from`: copied anew until
// nothing changed meanwhile.
void copy_as_crashed(const std::filesystem::path& from, const std::filesystem::path& to);

// Changes what lies in a folder that nobody has open.
void change_database(const std::filesystem::path& folder,
                     const std::function<void(storage::engine::Database&)>& change);
// Takes the JSON of a statement away, so that nobody can read it any more.
void forget_statement(const std::filesystem::path& folder, storage::Sequence sequence,
                      storage::StoreId tenant = storage::first_store);

class StoreFixture {
  public:
    StoreFixture() { open(); }
    // Opened with these options, now and each time.
    explicit StoreFixture(storage::RocksdbOptions options) : options_(std::move(options)) { open(); }

    storage::RecordStore& store() { return *store_; }
    std::filesystem::path data() const { return folder_.path() / "data"; }
    const std::filesystem::path& folder() const { return folder_.path(); }
    void close() { store_.reset(); }
    void open();
    void reopen() {
        close();
        open();
    }

  private:
    TemporaryFolder folder_;
    storage::RocksdbOptions options_;
    std::unique_ptr<storage::RecordStore> store_;
};

} // namespace leerspoor::tests
