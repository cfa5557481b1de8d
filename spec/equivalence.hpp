// Is a resent statement the one the store has? (xAPI 1.0.3 Part Two 2.3.1, "Statement Immutability" and
// "Statement Comparison Requirements"; IEEE 9274.1.1 4.2.4.2.)
#pragma once

#include "spec/base/timestamp.hpp"
#include "spec/base/version.hpp"

#include <array>
#include <boost/json/object.hpp>
#include <cstdint>

namespace leerspoor::spec {

// What is known of a statement that was sent again.
struct Resent {
    bool timestamp_was_given = true;   // else its timestamp was made by the LRS, and is not compared
    Version version = Version::v1_0_3; // by whose rules it came
};

// True when the two differ only in what does not count: authority, stored, version, id's case, an absent id
// or timestamp in `resent`, the order of members of unordered collections, the precision of durations, the
// zone in which a timestamp is written, the metadata of activity definitions and verb displays, single
// contextActivities or arrays of one; in 2.0 also timestamp and attachments (4.2). REQUIRES: both valid;
// `kept` as the store has it, `resent` as the client sent it.
bool equivalent(const boost::json::object& kept, const boost::json::object& resent, Resent how = {});

// What of a statement is compared, hashed (SHA-256), so that a store can answer without reading the statement
// it has. The id is left out: it is what both were found by.
struct StatementDigest {
    std::array<std::uint8_t, 16> content{};    // all but what follows
    std::array<std::uint8_t, 8> timestamp{};   // the instant, in microseconds
    std::array<std::uint8_t, 8> attachments{}; // zeros without

    void set_timestamp(Instant instant);
    bool operator==(const StatementDigest&) const = default;
};

// REQUIRES: a valid statement, from a client or from the store.
StatementDigest statement_digest(const boost::json::object& statement);

// As the function above says of the two statements, if they have one id.
bool equivalent(const StatementDigest& kept, const StatementDigest& resent, Resent how);

} // namespace leerspoor::spec
