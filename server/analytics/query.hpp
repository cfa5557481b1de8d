// A question of analytics as values: what is measured, by what it is grouped, of which statements.
#pragma once

#include "server/analytics/filter.hpp"
#include "spec/base/error.hpp"

#include <boost/json/value.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server::analytics {

struct Measure {
    MeasureKind kind = MeasureKind::statements;
    std::string name; // of its column
    std::string_view unit;
    double at = 0.5; // of percentiles: 0 to 1
};

struct Dimension {
    DimensionKind kind = DimensionKind::verb;
    std::string name; // of its column; DimensionKind::extension: its IRI
    std::string_view value;
};

enum class Comparison : std::uint8_t { none, previous_period, year_before };

struct Order {
    std::string by; // a column's name
    bool descending = false;
};

struct Query {
    std::vector<Measure> measures;
    std::vector<Dimension> dimensions;
    Filter filter; // whose zone is that of all times
    std::vector<Order> order;
    std::size_t limit = 100;
    bool others = false;
    bool totals = false;
    bool running = false; // also all up to each row's time
    Comparison compare = Comparison::none;
};

inline constexpr std::size_t most_rows = 10'000;

// Errors, with the place: analytics_query_invalid, and those of agents and timestamps.
Result<Query> parse_query(const boost::json::value& body);

} // namespace leerspoor::server::analytics
