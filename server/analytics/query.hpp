// A question of analytics as values: what is measured, by what it is grouped, of which statements.
#pragma once

#include "spec/base/error.hpp"
#include "storage/facts.hpp"

#include <boost/json/value.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server::analytics {

enum class MeasureKind : std::uint8_t {
    statements,
    learners,
    activities,
    attempts,
    completions,
    completion_rate,
    passes,
    pass_rate,
    mean_score,
    median_score,
    score_percentile,
    total_duration,
    median_duration,
    duration_percentile,
    first_time,
    last_time,
};

// One row of the table of measures.
struct MeasureInfo {
    MeasureKind kind;
    std::string_view name;
    std::string_view unit; // "count", "rate", "score", "seconds", "time"
    std::string_view definition;
};
// Percentiles, which are asked for as objects, are the last two.
const std::vector<MeasureInfo>& measures();

struct Measure {
    MeasureKind kind = MeasureKind::statements;
    std::string name; // of its column
    std::string_view unit;
    double at = 0.5; // of percentiles: 0 to 1
};

enum class DimensionKind : std::uint8_t {
    hour,
    day,
    week,
    month,
    quarter,
    year,
    weekday,
    hour_of_day,
    verb,
    activity,
    activity_type,
    parent,
    grouping,
    category,
    course,
    learner,
    team,
    instructor,
    platform,
    language,
    registration,
    success,
    completion,
    score_band,
};

struct DimensionInfo {
    DimensionKind kind;
    std::string_view name;
    std::string_view value; // the kind of its column: "time", "iri", "agent", "text", "boolean", "number"
    std::string_view definition;
};
const std::vector<DimensionInfo>& dimensions();

struct Dimension {
    DimensionKind kind = DimensionKind::verb;
    std::string name;
    std::string_view value;
};

// Which values of one dimension are wanted, or not.
struct ValueFilter {
    DimensionKind kind = DimensionKind::verb;
    std::vector<std::string> values; // as facts have them: IRIs, identities, words, UUIDs in lower case
    bool wanted = true;
};

struct Interval {
    double from = -std::numeric_limits<double>::infinity();
    double to = std::numeric_limits<double>::infinity(); // both inclusive
};

enum class Comparison : std::uint8_t { none, previous_period, year_before };

struct Order {
    std::string by; // a column's name
    bool descending = false;
};

struct Query {
    std::vector<Measure> measures;
    std::vector<Dimension> dimensions;
    std::string zone = "UTC";                                      // of all times
    bool by_stored = false;                                        // the time that counts is that of storing
    std::int64_t after = std::numeric_limits<std::int64_t>::min(); // microseconds since 1970, exclusive
    std::int64_t until = std::numeric_limits<std::int64_t>::max(); // inclusive
    std::vector<ValueFilter> filters;
    std::optional<bool> success;
    std::optional<bool> completion;
    std::optional<Interval> score;
    std::optional<Interval> seconds;
    std::vector<Order> order;
    std::size_t limit = 100;
    bool others = false;
    bool totals = false;
    Comparison compare = Comparison::none;
};

inline constexpr std::size_t most_rows = 10'000;

// Errors, with the place: analytics_query_invalid, and those of agents and timestamps.
Result<Query> parse_query(const boost::json::value& body);

} // namespace leerspoor::server::analytics
