#include "conformance/probe/signing.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdexcept>
#include <vector>

namespace leerspoor::conformance {
namespace {

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;

EVP_PKEY* signing_key() {
    static const Key key(EVP_RSA_gen(2048));
    if (!key) throw std::runtime_error("cannot make an RSA key");
    return key.get();
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string base64(std::string_view bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const auto size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes_of(bytes),
                                      static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::string make_certificate() {
    const Certificate certificate(X509_new());
    auto* raw = certificate.get();
    X509_set_version(raw, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(raw), 1);
    X509_gmtime_adj(X509_getm_notBefore(raw), -3600);
    X509_gmtime_adj(X509_getm_notAfter(raw), 24L * 3600);
    X509_set_pubkey(raw, signing_key());
    auto* name = X509_get_subject_name(raw);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, bytes_of("A signer"), -1, -1, 0);
    X509_set_issuer_name(raw, name);
    X509_sign(raw, signing_key(), EVP_sha256());
    std::string der(static_cast<std::size_t>(i2d_X509(raw, nullptr)), '\0');
    auto* end = reinterpret_cast<unsigned char*>(der.data());
    i2d_X509(raw, &end);
    return der;
}

const EVP_MD* digest_of(std::string_view algorithm) {
    if (algorithm == "RS512") return EVP_sha512();
    return algorithm == "RS384" ? EVP_sha384() : EVP_sha256();
}

} // namespace

std::string base64url(std::string_view bytes) {
    auto text = base64(bytes);
    while (text.ends_with('=')) text.pop_back();
    for (auto& c : text) {
        if (c == '+') c = '-';
        if (c == '/') c = '_';
    }
    return text;
}

std::string Jws::sign() const {
    const auto* algorithm = header.if_contains("alg");
    const auto name =
        algorithm != nullptr && algorithm->is_string() ? std::string(algorithm->get_string().c_str()) : "";
    const auto text = base64url(boost::json::serialize(header)) + "." + base64url(payload);
    const Digest context(EVP_MD_CTX_new());
    std::size_t size = 0;
    std::string signature;
    if (EVP_DigestSignInit(context.get(), nullptr, digest_of(name), nullptr, signing_key()) == 1 &&
        EVP_DigestSign(context.get(), nullptr, &size, bytes_of(text), text.size()) == 1) {
        signature.resize(size);
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       bytes_of(text), text.size());
    }
    return text + "." + base64url(signature);
}

boost::json::object jws_header(std::string_view algorithm, bool with_certificate) {
    boost::json::object header{{"alg", boost::json::string_view(algorithm.data(), algorithm.size())},
                               {"typ", "JWT"}};
    static const std::string certificate = base64(make_certificate());
    if (with_certificate) header["x5c"] = boost::json::array{certificate};
    return header;
}

} // namespace leerspoor::conformance
