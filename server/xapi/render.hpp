// A stored statement as a client wants to see it (xAPI 1.0.3 Part Three 2.1.3, `format`). Whatever version
// the client speaks, a statement is that of the version in which it was accepted (Part Two 2.4.10, Part
// Three 3.3).
#pragma once

#include "spec/format.hpp"
#include "storage/record_store.hpp"

#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace leerspoor::server::xapi {

// For the statements of one answer.
class Renderer {
  public:
    Renderer(storage::RecordStore& store, storage::StoreId tenant, spec::Format format,
             std::string_view accept_language);

    // Appends to `out`. What is to be seen as it was stored is copied; all else is parsed.
    // Error: the store's.
    Result<void> render(const storage::StoredStatement& statement, std::string& out);

  private:
    const boost::json::object* definition_of(std::string_view activity_id);

    storage::RecordStore& store_;
    const storage::StoreId tenant_;
    const spec::Format format_;
    const spec::LanguagePreferences languages_;
    std::map<std::string, std::optional<boost::json::object>, std::less<>> definitions_; // asked for already
    Result<void> state_;
};

} // namespace leerspoor::server::xapi
