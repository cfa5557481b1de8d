// Courses: the table of /api/v1/courses and of what learners are given.
#pragma once

#include "server/app/api.hpp"

#include <string>

namespace leerspoor::server::courses {

Api api();
// What content may ask of this server from its own origin: the fetch URL of cmi5.
Api content_side_api();
// The origins of content (Settings::content_host).
Api content_api(const std::string& content_host);

} // namespace leerspoor::server::courses
