#include "server/analytics/vocabulary.hpp"

namespace leerspoor::server::analytics {

const std::vector<MeasureInfo>& measures() {
    using Kind = MeasureKind;
    static const std::vector<MeasureInfo> table = {
        {Kind::statements, "statements", "count", "Statements that are not voided."},
        {Kind::learners, "learners", "count", "Different actors."},
        {Kind::activities, "activities", "count", "Different Activities that are the object of a statement."},
        {Kind::attempts, "attempts", "count", "Different registrations, each learner's own."},
        {Kind::completions, "completions", "count",
         "Pairs of a learner and an Activity with a statement whose result.completion is true or whose verb "
         "completes "
         "(ADL's completed, SCORM's and cmi5's the same): each pair counts once."},
        {Kind::completion_rate, "completion_rate", "rate",
         "Completions, as a share of all pairs of a learner and an Activity that have a statement."},
        {Kind::passes, "passes", "count",
         "Statements whose result.success is true or, when it says nothing, whose verb is ADL's passed."},
        {Kind::pass_rate, "pass_rate", "rate",
         "Passes, as a share of passes and fails: of statements whose result.success is false or, when it "
         "says nothing, "
         "whose verb is ADL's failed."},
        {Kind::mean_score, "mean_score", "score", "The mean of result.score.scaled, where there is one."},
        {Kind::median_score, "median_score", "score",
         "The median of result.score.scaled, where there is one."},
        {Kind::best_score, "best_score", "score", "The greatest result.score.scaled."},
        {Kind::total_duration, "total_seconds", "seconds", "The sum of result.duration."},
        {Kind::median_duration, "median_seconds", "seconds",
         "The median of result.duration, where there is one."},
        {Kind::first_time, "first", "time", "The earliest time of a statement."},
        {Kind::last_time, "last", "time", "The latest time of a statement."},
        {Kind::score_percentile, "score_pN", "score",
         "The value of result.score.scaled below which that share of the values lies, between two values the "
         "one in between."},
        {Kind::duration_percentile, "seconds_pN", "seconds", "The same of result.duration."},
    };
    return table;
}

const std::vector<DimensionInfo>& dimensions() {
    using Kind = DimensionKind;
    static const std::vector<DimensionInfo> table = {
        {Kind::hour, "hour", "time", "The hour, in the zone."},
        {Kind::day, "day", "time", "The day, in the zone."},
        {Kind::week, "week", "time", "The ISO week, in the zone."},
        {Kind::month, "month", "time", "The month, in the zone."},
        {Kind::quarter, "quarter", "time", "The quarter, in the zone."},
        {Kind::year, "year", "time", "The year, in the zone."},
        {Kind::weekday, "weekday", "number", "1 is Monday, 7 is Sunday, in the zone."},
        {Kind::hour_of_day, "hour_of_day", "number", "0 to 23, in the zone."},
        {Kind::verb, "verb", "iri", "The verb."},
        {Kind::activity, "activity", "iri", "The object, where it is an Activity."},
        {Kind::activity_type, "activity_type", "iri", "The type of the object, as the statement tells it."},
        {Kind::parent, "parent", "iri", "Each of context.contextActivities.parent."},
        {Kind::grouping, "grouping", "iri", "Each of context.contextActivities.grouping."},
        {Kind::category, "category", "iri", "Each of context.contextActivities.category."},
        {Kind::course, "course", "iri",
         "The first grouping; without one the first parent; without that the object."},
        {Kind::learner, "learner", "agent", "The actor."},
        {Kind::team, "team", "agent", "context.team."},
        {Kind::instructor, "instructor", "agent", "context.instructor."},
        {Kind::platform, "platform", "text", "context.platform."},
        {Kind::language, "language", "text", "context.language."},
        {Kind::registration, "registration", "text", "context.registration."},
        {Kind::success, "success", "boolean", "result.success."},
        {Kind::completion, "completion", "boolean", "result.completion."},
        {Kind::score_band, "score_band", "score",
         "result.score.scaled in tenths: 0.8 is from 0.8 to below 0.9; 1 by itself."},
        {Kind::extension, "extension", "text",
         "The value of one extension, asked for by its key: of the result, else of the context, else of the "
         "object's definition. What is not a text is its JSON."},
    };
    return table;
}

} // namespace leerspoor::server::analytics
