// Analytics the slow way: every measure from the statements' JSON alone, one statement after the other,
// knowing nothing of facts, columns and numbers.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace leerspoor::test {

// What the answer's rows come down to: the values of the dimensions as JSON texts, and those of the measures.
using CheckedRows = std::map<std::vector<std::string>, std::vector<std::optional<double>>>;

// REQUIRES: statements that are not voided, as stored; a valid query without order, limit, others and
// comparison.
CheckedRows check_query(const std::vector<boost::json::object>& statements, const boost::json::object& query);

} // namespace leerspoor::test
