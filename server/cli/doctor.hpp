// `leerspoor doctor`: what is wrong with an installation, in plain words, and what to do.
#pragma once

#include "server/relay/relays.hpp"
#include "storage/record_store.hpp"

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace leerspoor::server::cli {

struct DoctorCommand {
    bool given = false;
    std::filesystem::path data;
};

// Gives the exit status: 1 when something needs attention.
int run_doctor_command(const DoctorCommand& asked, std::ostream& out, std::ostream& err);

// {"command":"doctor"}, of a server that runs: answers {"result":{"findings":[…]}}; nothing when the command
// is another's.
std::optional<std::string> answer_doctor(storage::RecordStore& store, const relay::Relays& relays,
                                         std::string_view line);

} // namespace leerspoor::server::cli
