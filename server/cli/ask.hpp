// A command on a data folder: done on the folder itself, or by the server that has it open.
#pragma once

#include "spec/base/error.hpp"

#include <boost/json/object.hpp>
#include <filesystem>
#include <string>
#include <string_view>

namespace leerspoor::server::cli {

// See server/control/commands.hpp; what it gives is the answer's "result". Errors: that of the answer, those
// of opening the folder, data_folder_unusable when there is none and it may not be made.
Result<boost::json::object> ask(const std::filesystem::path& data, const boost::json::object& request,
                                bool may_make);

// The same, of a server that has the folder open, for as long as it takes. Error: control_unusable, when none
// has.
Result<boost::json::object> ask_server(const std::filesystem::path& data, const boost::json::object& request);

// The text of a member; "" when there is none.
std::string text_of(const boost::json::object& object, std::string_view name);

} // namespace leerspoor::server::cli
