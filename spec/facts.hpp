// A statement as a row of columns: what analytics counts and groups by (xAPI 1.0.3 Part Two 2.4).
#pragma once

#include "spec/base/timestamp.hpp"
#include "spec/base/uuid.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace leerspoor::spec {

// Texts are "" where the statement says nothing. Of a SubStatement nothing is told.
struct Facts {
    std::optional<Instant> timestamp; // nothing: it will be that of storing
    std::string actor;                // identity(); "" of an anonymous group
    std::string verb;
    std::string object; // an Activity's id, or the identity() of an Agent or Group
    bool object_is_actor = false;
    std::string activity_type; // as this statement tells it
    std::vector<std::string> parents;
    std::vector<std::string> groupings;
    std::vector<std::string> categories;
    std::optional<Uuid> registration;
    std::string team;       // identity()
    std::string instructor; // identity()
    std::string platform;
    std::string language;
    std::optional<bool> success;
    std::optional<bool> completion;
    std::optional<double> score_scaled;
    std::optional<double> score_raw;
    std::optional<std::int64_t> duration; // in 1/100 s, years of 365 days and months of 30
    std::string response;                 // "" also when it is longer than 1,024 bytes
};

// Of each list of contextActivities the first 64. REQUIRES: a valid statement, as sent or as stored.
Facts facts_of(const boost::json::object& statement);

} // namespace leerspoor::spec
