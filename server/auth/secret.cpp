#include "server/auth/secret.hpp"

#include "server/support/random.hpp"

#include <argon2.h>
#include <array>
#include <stdexcept>

namespace leerspoor::server::auth {

std::string hash_secret(std::string_view secret, const HashCost& cost) {
    constexpr std::size_t hash_length = 32;
    constexpr std::uint32_t lanes = 1;
    std::array<std::uint8_t, 16> salt{};
    fill_random(salt);
    std::string encoded(
        argon2_encodedlen(cost.passes, cost.memory_kib, lanes, salt.size(), hash_length, Argon2_id), '\0');
    const int outcome =
        argon2id_hash_encoded(cost.passes, cost.memory_kib, lanes, secret.data(), secret.size(), salt.data(),
                              salt.size(), hash_length, encoded.data(), encoded.size());
    if (outcome != ARGON2_OK) {
        throw std::runtime_error(std::string("hashing a secret failed: ") + argon2_error_message(outcome));
    }
    encoded.resize(encoded.find('\0'));
    return encoded;
}

bool verify_secret(const std::string& encoded, std::string_view secret) {
    return argon2id_verify(encoded.c_str(), secret.data(), secret.size()) == ARGON2_OK;
}

} // namespace leerspoor::server::auth
