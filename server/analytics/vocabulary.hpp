// What can be measured and by what it can be grouped, each with what it means.
#pragma once

#include <cstdint>
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
    best_score,
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
    extension,
};

struct DimensionInfo {
    DimensionKind kind;
    std::string_view name;
    std::string_view value; // the kind of its column: "time", "iri", "agent", "text", "boolean", "number"
    std::string_view definition;
};
const std::vector<DimensionInfo>& dimensions();

// Of instants.
inline bool is_time(DimensionKind kind) {
    return kind <= DimensionKind::hour_of_day;
}
// A part of time that never comes again.
inline bool rises(DimensionKind kind) {
    return kind <= DimensionKind::year;
}

} // namespace leerspoor::server::analytics
