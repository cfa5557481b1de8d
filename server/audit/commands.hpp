// Commands of the command line to the server that has the data folder open.
#pragma once

#include "server/app/services.hpp"

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace leerspoor::server::audit {

// {"command":"export", "store":1, and what POST /api/v1/exports takes}; {"command":"export_status","store":1,
// "id":ID}, whose result has "file" too; {"command":"remove_export",…}; {"command":"log_key"};
// {"command":"backup","to":FOLDER}; {"command":"verify"}; {"command":"rotate_log_key"}. Answers
// {"result":{...}} or {"error":{...}} as a line; nothing when the command is another's.
std::optional<std::string> run_line(const Services& services, std::string_view line);

boost::json::object as_json(const storage::Backup& backup);
boost::json::object as_json(const storage::Verification& verification);

} // namespace leerspoor::server::audit
