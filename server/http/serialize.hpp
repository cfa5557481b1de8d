// Response heads as bytes (RFC 9112 4), into a buffer that the caller keeps.
#pragma once

#include "server/http/message.hpp"

#include <string>
#include <string_view>

namespace leerspoor::server::http {

struct Framing {
    bool http11 = true; // the version the client speaks
    bool keep_alive = true;
    std::string_view date; // as "Tue, 15 Nov 1994 08:12:31 GMT"
};

// Status 1xx, 204 and 304 have no body and no Content-Length, whatever the response holds.
bool has_body(int status);

// Appends the value of a header field; what could end it early (CR, LF, NUL) becomes a blank.
void append_field_value(std::string& out, std::string_view value);

// The body's size is not known before its end, so that it goes in chunks (RFC 9112 7.1). To HTTP/1.0 it ends
// with the connection instead.
bool is_chunked(const Response& response, const Framing& framing);

// Appends the line before a chunk; behind its bytes comes an empty line's end.
void append_chunk_size(std::string& out, std::size_t size);

// Status line and fields up to the empty line. Content-Length is that of the body, also when it will not be
// sent (HEAD). Fields that frame the message are the connection's: those of the response are left out; what
// could end a field early (CR, LF, NUL) becomes a blank.
void append_head(std::string& out, const Response& response, const Framing& framing);

} // namespace leerspoor::server::http
