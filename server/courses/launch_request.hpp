// A launch as its maker asks for it, over HTTP or on the command line.
#pragma once

#include "server/app/services.hpp"

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace leerspoor::server::courses {

// {"course": ID, "learner": AGENT, "node": ID, "mode": "normal", "registration": UUID, "expires": TIME,
// "return_url": URL}: the learner is enrolled, and {"url": …, "registration": …, "expires": …} is
// the link, below `origin`. Errors: launch_invalid, course_unknown, course_retired, learner_without_account,
// registration_taken, those of an Agent and of the store.
Result<boost::json::object> make_launch(const Services& services, storage::StoreId tenant, std::string by,
                                        std::string_view origin, const boost::json::object& body);

// launch_invalid, with the member that is wrong.
Error wrong_launch(std::string_view member, std::string sentence);

} // namespace leerspoor::server::courses
