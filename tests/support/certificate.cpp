#include "tests/support/certificate.hpp"

#include <cstdio>
#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdexcept>
#include <sys/stat.h>

namespace leerspoor::tests {
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
using File = std::unique_ptr<std::FILE, Freed<std::fclose>>;

void require(bool done, const char* step) {
    if (!done) throw std::runtime_error(std::string("cannot make a test certificate: ") + step);
}

void add_extension(X509* certificate, int id, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, &context, id, value));
    require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "extension");
}

Certificate self_signed(EVP_PKEY* key, const std::string& common_name) {
    Certificate certificate(X509_new());
    require(certificate != nullptr, "X509_new");
    X509* raw = certificate.get();
    std::uint32_t serial = 0;
    require(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1, "serial");
    X509_set_version(raw, X509_VERSION_3);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(raw), serial);
    X509_gmtime_adj(X509_getm_notBefore(raw), -3600);
    X509_gmtime_adj(X509_getm_notAfter(raw), 24L * 3600);
    X509_set_pubkey(raw, key);
    X509_NAME* name = X509_get_subject_name(raw);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
    X509_set_issuer_name(raw, name);
    add_extension(raw, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(raw, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    require(X509_sign(raw, key, EVP_sha256()) != 0, "signature");
    return certificate;
}

File create(const std::filesystem::path& path) {
    File file(std::fopen(path.c_str(), "wb"));
    require(file != nullptr, path.c_str());
    return file;
}

} // namespace

CertificateFiles write_test_certificate(const std::filesystem::path& folder, const std::string& common_name) {
    CertificateFiles files{folder / "certificate.pem", folder / "private_key.pem"};
    const Key key(EVP_EC_gen("P-256"));
    require(key != nullptr, "key");
    const Certificate certificate = self_signed(key.get(), common_name);
    const File key_file = create(files.private_key);
    ::chmod(files.private_key.c_str(), S_IRUSR | S_IWUSR);
    require(PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
            "key file");
    const File certificate_file = create(files.certificate);
    require(PEM_write_X509(certificate_file.get(), certificate.get()) == 1, "certificate file");
    return files;
}

} // namespace leerspoor::tests
