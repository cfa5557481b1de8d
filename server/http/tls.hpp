// The server's side of TLS 1.2 and 1.3: certificate, key, cipher suites, session tickets.
#pragma once

#include "spec/base/error.hpp"

#include <filesystem>
#include <memory>
#include <openssl/ssl.h>

namespace leerspoor::server::http {

using TlsContext = std::shared_ptr<SSL_CTX>;

// Reads certificate (with its chain) and private key, both PEM. May be used by any number of threads at once.
// Error: tls_unusable, with a sentence that says which file and what to do.
Result<TlsContext> make_tls_context(const std::filesystem::path& certificate,
                                    const std::filesystem::path& private_key);

} // namespace leerspoor::server::http
