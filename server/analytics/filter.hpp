// Which statements a question of analytics is about.
#pragma once

#include "server/analytics/vocabulary.hpp"
#include "spec/base/error.hpp"

#include <boost/json/value.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace leerspoor::server::analytics {

// Which values of one dimension are wanted, or not.
struct ValueFilter {
    DimensionKind kind = DimensionKind::verb;
    std::string extension;             // DimensionKind::extension: its IRI
    std::vector<std::string> values;   // as facts have them: IRIs, identities, words, UUIDs in lower case
    std::vector<std::int64_t> numbers; // instead of them: weekdays, hours, tenths of scores
    bool wanted = true;
    bool by_name = false; // the values are parts of names, in lower case
};

struct Interval {
    double from = -std::numeric_limits<double>::infinity();
    double to = std::numeric_limits<double>::infinity(); // both inclusive
};

struct Filter {
    std::string zone = "UTC";                                      // of weekdays and hours
    bool by_stored = false;                                        // the time that counts is that of storing
    std::int64_t after = std::numeric_limits<std::int64_t>::min(); // microseconds since 1970, exclusive
    std::int64_t until = std::numeric_limits<std::int64_t>::max(); // inclusive
    std::vector<ValueFilter> values;                               // all of them
    std::optional<bool> success;
    std::optional<bool> completion;
    std::optional<Interval> score;
    std::optional<Interval> seconds;

    bool has_begin() const { return after != std::numeric_limits<std::int64_t>::min(); }
    bool has_end() const { return until != std::numeric_limits<std::int64_t>::max(); }
};

Error invalid_query(std::string pointer, std::string message); // analytics_query_invalid

// `value` as the member `filter` of a question; `at` is its place. Errors: analytics_query_invalid, and those
// of agents and timestamps.
Result<void> parse_filter(const boost::json::value& value, const std::string& at, Filter& filter);
// The member `time`.
Result<void> parse_time(const boost::json::value& value, const std::string& at, Filter& filter);
// The key of an extension.
Result<std::string> parse_extension(const boost::json::value& value, const std::string& at);
// The member `zone`.
Result<void> parse_zone(const boost::json::value& value, const std::string& at, std::string& zone);
Result<void> parse_truth(const boost::json::value& value, const std::string& at, bool& out);

} // namespace leerspoor::server::analytics
