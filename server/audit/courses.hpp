// What somebody did in each course: for people who read a table, or a transcript.
#pragma once

#include "spec/base/timestamp.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace leerspoor::server::audit {

struct CourseRow {
    std::string course; // IRI
    std::string name;   // as the statements called it last; "" never
    std::uint64_t statements = 0;
    std::uint64_t completions = 0; // completion is true
    std::uint64_t passes = 0;      // success is true
    std::optional<double> best;    // scaled score
    std::int64_t centiseconds = 0; // of all durations
    spec::Instant first;
    spec::Instant last;
};

// One thread.
class Courses {
  public:
    // A statement belongs to its grouping, else its parent, else its own activity; one about no activity to
    // none. After 100,000 courses no new ones are told apart.
    void add(const boost::json::object& statement, spec::Instant stored);
    // By the time of their first statement.
    std::vector<CourseRow> rows() const;

  private:
    std::map<std::string, CourseRow, std::less<>> courses_;
};

} // namespace leerspoor::server::audit
