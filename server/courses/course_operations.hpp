// /api/v1/courses: packages in, and what became of them.
#pragma once

#include "server/app/request.hpp"
#include "server/courses/library.hpp"

#include <boost/json/object.hpp>

namespace leerspoor::server::courses {

boost::asio::awaitable<Result<http::Response>> post_courses(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> get_courses(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> get_course(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> patch_course(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> delete_course(const Services& services,
                                                             const Request& request);

boost::json::object as_json(const CourseInfo& info);
// With its tree and what was found when it was read.
boost::json::object as_json(const Library& library, const CourseInfo& info, const CourseVersion& version);

// What a package would become.
boost::json::object report_of(const Package& package);

ArchiveLimits archive_limits(const Settings& settings);

} // namespace leerspoor::server::courses
