// The cookie that a browser recognises a session by: for this host alone, never seen by scripts, never sent
// by other sites (RFC 6265bis: __Host-, Secure, HttpOnly, SameSite=Strict).
#pragma once

#include "server/http/message.hpp"
#include "spec/base/timestamp.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace leerspoor::server {

// The token in a request's cookies. Not longer-lived than the head.
std::optional<std::string_view> session_token(const http::RequestHead& head);

// Values of Set-Cookie.
std::string session_cookie(std::string_view token, spec::Instant expires);
std::string no_session_cookie();

} // namespace leerspoor::server
