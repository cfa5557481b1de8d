// OpenSSL's own socket BIO lets a write to a closed connection raise SIGPIPE, which would end the process of
// whoever embeds the server; this one does not.
#pragma once

#include <openssl/bio.h>

namespace leerspoor::server::http {

// Reads and writes the non-blocking socket, which it does not own. Null when memory is short.
BIO* make_socket_bio(int socket);

} // namespace leerspoor::server::http
