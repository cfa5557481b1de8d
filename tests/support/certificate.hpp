// A self-signed certificate for localhost and 127.0.0.1, made afresh: tests carry no key that could leak or
// expire.
#pragma once

#include <filesystem>
#include <string>

namespace leerspoor::tests {

struct CertificateFiles {
    std::filesystem::path certificate; // PEM
    std::filesystem::path private_key; // PEM, readable by the owner only
};

// Writes certificate.pem and private_key.pem into an existing folder, over older ones; valid from an hour ago
// for a day. Throws std::runtime_error when it cannot.
CertificateFiles write_test_certificate(const std::filesystem::path& folder,
                                        const std::string& common_name = "localhost");

} // namespace leerspoor::tests
