// What this folder keeps as JSON, read back; and the time. Not for other rooms.
#pragma once

#include "spec/base/timestamp.hpp"

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace leerspoor::server::courses {

spec::Instant present();

// Nothing: no object.
std::optional<boost::json::object> parse_kept(std::string_view bytes);
// Members that must be there: what throws means that the whole cannot be read.
std::string kept_text(const boost::json::object& kept, std::string_view name);
spec::Instant kept_instant(const boost::json::object& kept, std::string_view name);
// Members that may be missing, or be something else: "", false, 0 and {} then.
std::string text_in(const boost::json::object& object, std::string_view name);
bool flag_in(const boost::json::object& object, std::string_view name);
std::uint64_t count_in(const boost::json::object& object, std::string_view name);
boost::json::object object_in(const boost::json::object& object, std::string_view name);

} // namespace leerspoor::server::courses
