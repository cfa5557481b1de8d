// The web application's files.
#pragma once

#include "server/app/api.hpp"

namespace leerspoor::server::web {

// Without a host: whoever asks for a page gets it; what it shows is the other APIs' concern.
Api api();
// The page around SCORM courses, on the origins of content (Settings::content_host).
Api player_api(const std::string& content_host);

} // namespace leerspoor::server::web
