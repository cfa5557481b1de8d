// Commands on keys and people, as JSON: what `leerspoor key` and `leerspoor person` ask for, whether they
// open the data folder themselves or talk to the server that has it open.
#pragma once

#include "server/auth/key_ring.hpp"
#include "server/auth/people.hpp"
#include "server/support/log.hpp"

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace leerspoor::server::control {

// {"command":"create","key":K,"secret":S,"name":N,"scopes":[...],"store":1}, all but the first optional;
// {"command":"list"}; {"command":"revoke","key":K}. Answers {"result":{...}} or
// {"error":{"code":...,"message":...}}. What was changed goes to the log, without the secret.
// Where there are `people`: {"command":"invite","role":R} or {"command":"invite","reset_of":NAME};
// {"command":"people"}; {"command":"remove","name":NAME}.
boost::json::object run(auth::KeyRing& keys, Log& log, const boost::json::object& request,
                        auth::People* people = nullptr);

// The same as one line of text each way. Bad input gives an error, as a line.
std::string run_line(auth::KeyRing& keys, Log& log, std::string_view line, auth::People* people = nullptr);

} // namespace leerspoor::server::control
