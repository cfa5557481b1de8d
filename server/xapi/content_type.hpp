// Which bodies a resource reads (xAPI 1.0.3 Part Three 1.5 and 3.2).
#pragma once

#include "server/http/message.hpp"
#include "spec/base/error.hpp"

#include <string>
#include <string_view>

namespace leerspoor::server::xapi {

// type/subtype in lower case, without parameters.
std::string media_type_of(std::string_view content_type);

// Statements that come with their attachments (1.5.2).
bool is_multipart(const http::RequestHead& head);

// Nothing is compressed. Error: content_encoding_unsupported.
Result<void> expect_identity(const http::RequestHead& head);

// Content-Type is application/json and nothing is compressed. Errors: content_type_missing,
// content_type_unsupported, content_encoding_unsupported.
Result<void> expect_json(const http::RequestHead& head);

} // namespace leerspoor::server::xapi
