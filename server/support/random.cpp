#include "server/support/random.hpp"

#include "spec/base/base64.hpp"

#include <algorithm>
#include <array>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace leerspoor::server {
namespace {

// What was handed out is wiped, so that no dump of memory tells earlier values.
struct Pool {
    std::array<std::uint8_t, 4096> bytes{};
    std::size_t used = bytes.size();
};

} // namespace

void fill_random(std::span<std::uint8_t> out) {
    thread_local Pool pool;
    while (!out.empty()) {
        if (pool.used == pool.bytes.size()) {
            if (RAND_bytes(pool.bytes.data(), static_cast<int>(pool.bytes.size())) != 1) {
                throw std::runtime_error("the system gave no randomness");
            }
            pool.used = 0;
        }
        const std::size_t count = std::min(out.size(), pool.bytes.size() - pool.used);
        auto* const from = pool.bytes.data() + pool.used;
        std::copy_n(from, count, out.begin());
        OPENSSL_cleanse(from, count);
        pool.used += count;
        out = out.subspan(count);
    }
}

spec::Uuid random_uuid() {
    std::array<std::uint8_t, 16> bytes{};
    fill_random(bytes);
    return spec::uuid_from_random(bytes);
}

std::string random_token(std::size_t bytes) {
    std::vector<std::uint8_t> random(bytes);
    fill_random(random);
    std::string text(random.begin(), random.end());
    return spec::base64url_encode(text);
}

} // namespace leerspoor::server
