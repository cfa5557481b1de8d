// What the statements of a store have told about activities and agents (xAPI 1.0.3 Part Three 2.4, 2.5). As
// all that is derived it is written without a sync of its own, and made again by a replay.
#pragma once

#include "spec/description.hpp"
#include "storage/rocksdb/catalogue/recently_told.hpp"
#include "storage/rocksdb/database/database.hpp"
#include "storage/rocksdb/database/format.hpp"

#include <boost/json/object.hpp>
#include <rocksdb/write_batch.h>

#include <map>

namespace leerspoor::storage::engine {

struct MarkedTelling {
    spec::Telling telling;
    TellingMark mark;
};

// Adds to it; one thread, the indexer's. What a statement tells can be added again without harm.
class Catalogue {
  public:
    explicit Catalogue(Database& database) : database_(database) {}

    // What `bytes` tell there, in the order of sequences. Error: the database's.
    Result<void> add(StoreId store, Sequence sequence, std::string_view bytes, const MarkedTelling& telling);
    // Moves to `batch` what was added since the last call. Before it is written nobody sees it.
    void write_to(rocksdb::WriteBatch& batch);

  private:
    // An activity that is being added to.
    struct Activity {
        KnownActivity known;
        boost::json::object definition;
        std::size_t bytes = 0;     // of the definition as JSON, at most
        Sequence read_through = 0; // told_through in the database
        bool changed = false;
    };
    Result<Activity*> activity(StoreId store, const std::string& iri);
    Result<void> define(StoreId store, Sequence sequence, const spec::Description& told,
                        const TellingMark& mark);

    Database& database_;
    RecentlyTold recently_told_;
    std::map<std::string, Activity> activities_; // by key
    std::map<std::string, std::string> names_;   // keys and values
};

// As RecordStore says.
Result<std::optional<std::string>> read_definition(Database& database, StoreId store, std::string_view iri);
Result<std::vector<std::string>> read_names(Database& database, StoreId store, std::string_view identity);

} // namespace leerspoor::storage::engine
