#include "storage/rocksdb/database/encoding.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace leerspoor::storage::engine {

void append_text(std::string& out, std::string_view text) {
    append_number(out, static_cast<std::uint32_t>(text.size()));
    out += text;
}

// Takes a length and a text from the front of `bytes`.
bool take_text(std::string_view& bytes, std::string& text) {
    if (bytes.size() < 4) return false;
    const auto size = number_at<std::uint32_t>(bytes, 0);
    bytes.remove_prefix(4);
    if (bytes.size() < size) return false;
    text = bytes.substr(0, size);
    bytes.remove_prefix(size);
    return true;
}

std::array<std::uint8_t, 16> digest(std::string_view text) {
    // Both are costly to make, and needed a dozen times a statement.
    static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> sha256(
        EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free);
    thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                                       &EVP_MD_CTX_free);
    std::array<std::uint8_t, 32> whole{};
    if (EVP_DigestInit_ex(context.get(), sha256.get(), nullptr) != 1 ||
        EVP_DigestUpdate(context.get(), text.data(), text.size()) != 1 ||
        EVP_DigestFinal_ex(context.get(), whole.data(), nullptr) != 1) {
        throw std::runtime_error("OpenSSL cannot compute SHA-256");
    }
    std::array<std::uint8_t, 16> half{};
    std::copy_n(whole.begin(), half.size(), half.begin());
    return half;
}

} // namespace leerspoor::storage::engine
