// What an export is of: the filters of GET statements as JSON, and the statements that they find, in the
// order of storing and as of one moment.
#pragma once

#include "storage/statements.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace leerspoor::server {

struct ExportFilter {
    std::vector<std::string> identities; // any of these; none: of everybody
    bool related_agents = false;
    std::vector<spec::Term> terms; // verb, activity, registration
    std::optional<spec::Instant> since;
    std::optional<spec::Instant> until;
    boost::json::object told; // as it was asked for

    // Whether it names one of them.
    bool is_of(const std::vector<std::string>& people) const;
    bool everything() const { return identities.empty() && terms.empty() && !since && !until; }
};

// {"agent": {…} or [{…}, …], "verb": IRI, "activity": IRI, "registration": UUID, "since": …, "until": …,
// "related_agents": true, "related_activities": true}, all optional. Errors: export_invalid, those of an
// Agent; `at` is the pointer of the filter.
Result<ExportFilter> parse_export_filter(const boost::json::value& value, const std::string& at);

// An Agent, or an array of 1 to 100: their spec::identity(). Errors as above.
Result<std::vector<std::string>> parse_identities(const boost::json::value& value, const std::string& at);

// Voided statements too: they were stored. One thread.
class SelectedStatements {
  public:
    SelectedStatements(storage::StatementStore& store, storage::StoreId tenant, const ExportFilter& filter,
                       storage::Sequence snapshot);

    // The next, each once; null at the end. Valid until the next call. Error: the store's.
    Result<const storage::StoredStatement*> next();

  private:
    struct Source {
        storage::Query query;
        std::vector<storage::StoredStatement> page;
        std::size_t at = 0;
        bool ended = false;
    };

    Result<void> fill(Source& source);

    storage::StatementStore& store_;
    const storage::StoreId tenant_;
    std::vector<Source> sources_; // one for each identity
    storage::Sequence last_ = 0;
};

} // namespace leerspoor::server
