// The results, as a table for people and as JSON for programs.
#pragma once

#include "machine.hpp"
#include "measure.hpp"

#include <boost/json/object.hpp>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace leerspoor::bench {

struct RunSettings {
    std::uint64_t statements = 0;
    std::uint64_t seed = 0;
    double seconds = 0;
    std::size_t threads = 0;
    std::vector<std::string> server_options;
    std::string server; // program or URL
};

struct Report {
    Machine machine;
    RunSettings settings;
    std::optional<LoadingResult> loading;
    std::vector<WorkResult> works;
};

// The lines above the table: machine, settings, loading.
void print_heading(const Report& report, std::ostream& out);
void print_table_head(std::ostream& out);
void print_row(const WorkResult& result, std::ostream& out);
// What each column means, and which targets were met.
void print_end(const Report& report, std::ostream& out);

boost::json::object to_json(const Report& report);

} // namespace leerspoor::bench
