// Computes a query: reads the facts, groups, measures.
#pragma once

#include "server/analytics/query.hpp"
#include "server/analytics/scan.hpp"

#include <memory>
#include <string>
#include <vector>

namespace leerspoor::server::analytics {

// A value of a dimension. `missing`: the statements say nothing, or it is the row of all others.
struct Key {
    bool missing = true;
    bool others = false;
    std::int64_t number = 0; // rises with time
    std::string text;        // as it is shown: an IRI, an identity, a label, "0.8", "true"
};

struct ResultRow {
    std::vector<Key> keys;
    std::vector<std::optional<double>> values;
    std::vector<std::optional<double>> before; // with a comparison
    // All up to its time, where that is asked; of others and totals nothing.
    std::vector<std::optional<double>> running;
    std::vector<std::optional<double>> running_before;
};

struct Answer {
    std::vector<ResultRow> rows;
    std::optional<ResultRow> totals;
    storage::Sequence sequence = 0; // that was seen
    std::size_t groups = 0;         // that there are, shown or not
    std::size_t hidden = 0;         // of them, because they are of too few persons
};

// Errors: analytics_query_too_large, analytics_query_too_long, client_left, those of the store. Not for an
// event loop.
Result<Answer> compute(const std::shared_ptr<Lookups>& lookups, const Query& query, const Budget& budget);

} // namespace leerspoor::server::analytics
