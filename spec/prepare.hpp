// From what a client sent to what the store keeps: completes a valid statement with what an LRS sets
// (xAPI 1.0.3 Part Two 2.4: id, timestamp, stored, authority, version) and serialises it once. The resulting
// bytes are what format=exact returns for ever after.
#pragma once

#include "spec/base/error.hpp"
#include "spec/base/timestamp.hpp"
#include "spec/base/uuid.hpp"
#include "spec/base/version.hpp"
#include "spec/description.hpp"
#include "spec/equivalence.hpp"
#include "spec/facts.hpp"
#include "spec/terms.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::spec {

// A statement ready for the store. Owns all it holds; independent of the request's memory.
struct PreparedStatement {
    Uuid id;
    bool id_was_given = false; // by the client; else made here, and known to be new
    bool timestamp_was_given = false;
    std::string bytes;                       // the statement, with blanks where `stored` goes
    std::size_t stored_at = 0;               // offset in bytes of stored's timestamp_length characters
    std::optional<std::size_t> timestamp_at; // offset of timestamp's, when it is to become equal to stored
    std::vector<Term> terms;                 // filter_terms of the completed statement
    std::optional<Uuid> refers_to;           // the object is a StatementRef to this statement
    bool voids = false;                      // and the verb is the voiding verb
    StatementDigest digest;                  // to compare it by
    Version version = Version::v2_0_0;       // whose rules it was validated by
    Facts facts;                             // what is counted of it
    std::vector<Telling> tellings;           // what `bytes` tell; emptied when its sender may not define

    // Writes the instant into `bytes` and where else it counts. Called by the store's committer, once.
    void set_stored(Instant stored);
};

// What a request may ask of the index: terms are what a statement is found by.
struct BatchLimits {
    std::size_t statements = 5000;
    std::size_t statement_terms = 10'000;
    std::size_t terms = 250'000; // of all statements
};

// Validates `statement` (see validate_statement), then completes and serialises it.
// `authority` is the Agent or Group that vouches for the statement; it replaces whatever the client sent.
// `new_id` makes an id for a statement without one. Single values in contextActivities become arrays
// (2.4.6.2). Error besides those of validation: statement_too_many_terms.
Result<PreparedStatement> prepare_statement(const boost::json::value& statement, Version version,
                                            const boost::json::object& authority,
                                            const std::function<Uuid()>& new_id,
                                            std::string_view pointer = "", const BatchLimits& limits = {});

// The body of POST statements: one statement or an array of them. All or nothing. Errors besides those of
// prepare_statement: batch_too_large, batch_too_many_terms, statement_id_repeated (the same id twice in the
// array); batch_empty is not an error: an empty array prepares nothing.
Result<std::vector<PreparedStatement>> prepare_batch(const boost::json::value& body, Version version,
                                                     const boost::json::object& authority,
                                                     const std::function<Uuid()>& new_id,
                                                     const BatchLimits& limits);

} // namespace leerspoor::spec
