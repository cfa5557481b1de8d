#include "spec/base/sha2.hpp"

#include "spec/base/hex.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <span>
#include <stdexcept>

namespace leerspoor::spec {

namespace {

const EVP_MD* digest_of(unsigned bits) {
    switch (bits) {
    case 224:
        return EVP_sha224();
    case 256:
        return EVP_sha256();
    case 384:
        return EVP_sha384();
    default:
        return EVP_sha512();
    }
}

void expect(int done) {
    if (done != 1) throw std::runtime_error("OpenSSL cannot compute SHA-2");
}

} // namespace

std::array<std::uint8_t, 32> sha256(std::string_view text) {
    // Both are costly to make, and needed a dozen times a statement.
    static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> kind(
        EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free);
    thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                                       &EVP_MD_CTX_free);
    std::array<std::uint8_t, 32> whole{};
    expect(EVP_DigestInit_ex(context.get(), kind.get(), nullptr));
    expect(EVP_DigestUpdate(context.get(), text.data(), text.size()));
    expect(EVP_DigestFinal_ex(context.get(), whole.data(), nullptr));
    return whole;
}

void Sha2::Free::operator()(evp_md_ctx_st* context) const {
    EVP_MD_CTX_free(context);
}

std::string sha1_hex(std::string_view text) {
    std::array<std::uint8_t, 20> digest{};
    expect(EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr));
    return hex(digest);
}

std::string hmac_sha256_hex(std::string_view key, std::string_view text) {
    std::array<std::uint8_t, 32> digest{};
    unsigned length = 0;
    expect(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(),
                &length) != nullptr
               ? 1
               : 0);
    return hex(digest);
}

Sha2::Sha2(unsigned bits) : context_(EVP_MD_CTX_new()) {
    expect(context_ ? 1 : 0);
    expect(EVP_DigestInit_ex(context_.get(), digest_of(bits), nullptr));
}

std::optional<Sha2> Sha2::for_hex_length(std::size_t digits) {
    for (const unsigned bits : {224u, 256u, 384u, 512u}) {
        if (digits == bits / 4) return Sha2(bits);
    }
    return std::nullopt;
}

void Sha2::update(std::string_view bytes) {
    expect(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
}

std::string Sha2::finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    expect(EVP_DigestFinal_ex(context_.get(), digest.data(), &size));
    return hex(std::span(digest.data(), size));
}

} // namespace leerspoor::spec
