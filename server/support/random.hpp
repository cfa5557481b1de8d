// Randomness that nobody can guess, cheap enough for every statement.
#pragma once

#include "spec/base/uuid.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace leerspoor::server {

// From OpenSSL's generator, through a buffer of the calling thread. Throws std::runtime_error when the system
// has no randomness to give.
void fill_random(std::span<std::uint8_t> out);

spec::Uuid random_uuid();

// `bytes` random bytes as base64url without padding.
std::string random_token(std::size_t bytes);

} // namespace leerspoor::server
