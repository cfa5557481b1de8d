// Courses: the table of /api/v1/courses and of what learners are given.
#pragma once

#include "server/app/api.hpp"

namespace leerspoor::server::courses {

Api api();

} // namespace leerspoor::server::courses
