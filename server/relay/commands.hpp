// Commands of the command line to the server that has the data folder open: import, and relays.
#pragma once

#include "server/app/services.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace leerspoor::server::relay {

// {"command":"import","store":1,"file":PATH,"from":BYTE,"mapping":{…}};
// {"command":"relay_add","store":1,"relay":{what POST /api/v1/relays takes}};
// {"command":"relay_list","store":1}; {"command":"relay_remove","store":1,"id":ID}. Answers as
// audit::run_line; nothing when the command is another's.
std::optional<std::string> run_line(const Services& services, std::string_view line);

} // namespace leerspoor::server::relay
