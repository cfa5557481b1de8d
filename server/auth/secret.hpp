// Secrets at rest: Argon2id (RFC 9106), so that a stolen data folder does not give away the keys.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace leerspoor::server::auth {

struct HashCost {
    std::uint32_t memory_kib = 19u << 10;
    std::uint32_t passes = 2;
};

// The encoded form ($argon2id$v=19$...), with a salt of its own. Takes tens of milliseconds.
// Throws std::runtime_error when the memory cannot be had.
std::string hash_secret(std::string_view secret, const HashCost& cost);

// As slow as hash_secret was; the comparison takes the same time wherever the two differ.
bool verify_secret(const std::string& encoded, std::string_view secret);

} // namespace leerspoor::server::auth
