// A certificate for trying Leerspoor out on this machine, made when the operator has given none.
#pragma once

#include "spec/base/error.hpp"

#include <filesystem>

namespace leerspoor::server::http {

struct CertificateFiles {
    std::filesystem::path certificate;
    std::filesystem::path private_key;
    bool made = false; // now, not earlier
};

// FOLDER/cert.pem and FOLDER/key.pem (mode 0600): self-signed, P-256, for localhost, 127.0.0.1 and ::1. Kept
// when they are there and valid for another day, else made. Error: tls_unusable.
Result<CertificateFiles> local_certificate(const std::filesystem::path& folder,
                                           const std::string& more_names);

} // namespace leerspoor::server::http
