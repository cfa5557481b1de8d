// Commands of the command line: courses in and out, and launch links.
#pragma once

#include "server/app/services.hpp"

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace leerspoor::server::courses {

// {"command":"course_add","store":1,"file":PATH,"course":ID,"dry_run":true}; {"command":"course_list"};
// {"command":"course_retire","id":ID,"retired":true}; {"command":"course_move","id":ID,
// "registration":ID}; {"command":"course_remove","id":ID}. Nothing: the command is another's.
std::optional<Result<boost::json::object>> run_command(storage::RecordStore& store, Library& library,
                                                       const Settings& settings,
                                                       const boost::json::object& request);
// The same of a server that runs, and {"command":"launch","launch":{what POST /api/v1/launches takes}}.
// Answers as audit::run_line.
std::optional<std::string> run_line(const Services& services, std::string_view line);

} // namespace leerspoor::server::courses
