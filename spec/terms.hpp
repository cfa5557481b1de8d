// What a statement can be found by: the terms of the filters of GET statements (xAPI 1.0.3 Part Three 2.1.3;
// IEEE 9274.1.1 4.1.6.1).
#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace leerspoor::spec {

// The filters, and what only the store itself looks for. Values are part of the store's format on disk: never
// renumber.
enum class Filter : std::uint8_t {
    verb = 1,
    activity = 2,
    related_activity = 3,
    agent = 4,
    related_agent = 5,
    registration = 6,
    attachment = 7, // not of GET statements: which statements speak of this attachment?
};

// One thing a statement is found by. `text` is an IRI, an identity() of an actor, or a registration or an
// attachment's sha2 in lower case.
struct Term {
    Filter filter{};
    std::string text;

    auto operator<=>(const Term&) const = default;
};

// The statement's own terms, each once, in no particular order; those of a StatementRef's target are not
// among them. `agent` terms are also `related_agent` terms, `activity` terms also `related_activity` terms.
// REQUIRES: a valid statement. `authority` in it counts as a related agent.
std::vector<Term> filter_terms(const boost::json::object& statement);

// The same for a statement that is to get `authority`, whatever authority it has now. Nothing when there are
// more than `limit`.
std::optional<std::vector<Term>> filter_terms(const boost::json::object& statement,
                                              const boost::json::object& authority, std::size_t limit);

} // namespace leerspoor::spec
