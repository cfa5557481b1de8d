#include "server/http/local_certificate.hpp"

#include "server/support/files.hpp"
#include "server/support/random.hpp"
#include "spec/base/freed.hpp"

#include <array>
#include <ctime>
#include <memory>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string>

namespace leerspoor::server::http {
namespace {

using spec::Freed;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;

constexpr long day_seconds = 86'400;
constexpr int valid_days = 825;

bool still_valid(const std::filesystem::path& path, const std::string& more_names) {
    const Bio file(BIO_new_file(path.c_str(), "r"));
    if (!file) return false;
    const Certificate certificate(PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
    if (!certificate) return false;
    std::time_t tomorrow = std::time(nullptr) + day_seconds;
    if (X509_cmp_time(X509_get0_notAfter(certificate.get()), &tomorrow) <= 0) return false;
    // One name of those that a wildcard stands for.
    const auto name = more_names.starts_with('*') ? "x" + more_names.substr(1) : more_names;
    return X509_check_host(certificate.get(), name.data(), name.size(), 0, nullptr) == 1;
}

bool add_extension(X509* certificate, int nid, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    X509V3_set_ctx_nodb(&context);
    const std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, &context, nid, value));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

Certificate make_certificate(EVP_PKEY* key, const std::string& more_names) {
    const auto names = "DNS:localhost,IP:127.0.0.1,IP:::1,DNS:" + more_names;
    Certificate certificate(X509_new());
    std::array<std::uint8_t, 16> serial{};
    fill_random(serial);
    serial[0] &= 0x7fu;
    const Number number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
    X509* const x509 = certificate.get();
    X509_NAME* const name = x509 ? X509_get_subject_name(x509) : nullptr;
    const auto* const common_name = reinterpret_cast<const unsigned char*>("Leerspoor on this machine");
    const bool good =
        name && number && X509_set_version(x509, X509_VERSION_3) == 1 &&
        BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x509)) &&
        X509_gmtime_adj(X509_getm_notBefore(x509), -day_seconds) &&
        X509_gmtime_adj(X509_getm_notAfter(x509), valid_days * day_seconds) &&
        X509_set_pubkey(x509, key) == 1 &&
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, common_name, -1, -1, 0) == 1 &&
        X509_set_issuer_name(x509, name) == 1 && add_extension(x509, NID_subject_alt_name, names.c_str()) &&
        add_extension(x509, NID_basic_constraints, "critical,CA:FALSE") &&
        add_extension(x509, NID_key_usage, "critical,digitalSignature") &&
        add_extension(x509, NID_ext_key_usage, "serverAuth") &&
        add_extension(x509, NID_subject_key_identifier, "hash") && X509_sign(x509, key, EVP_sha256()) > 0;
    if (!good) certificate.reset();
    return certificate;
}

std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long length = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(length)};
}

} // namespace

Result<CertificateFiles> local_certificate(const std::filesystem::path& folder,
                                           const std::string& more_names) {
    CertificateFiles files{folder / "cert.pem", folder / "key.pem", false};
    std::error_code ec;
    if (std::filesystem::exists(files.private_key, ec) && still_valid(files.certificate, more_names))
        return files;

    const Error unusable{"tls_unusable", "",
                         "A certificate for localhost could not be made in " + folder.string() + "."};
    if (auto made = make_private_folder(folder); !made) return made.error();
    const Key key(EVP_EC_gen("P-256"));
    if (!key) return unusable;
    const Certificate certificate = make_certificate(key.get(), more_names);
    const Bio key_text(BIO_new(BIO_s_mem()));
    const Bio certificate_text(BIO_new(BIO_s_mem()));
    const bool good =
        certificate && key_text && certificate_text &&
        PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1 &&
        PEM_write_bio_X509(certificate_text.get(), certificate.get()) == 1;
    if (!good) return unusable;
    if (auto r = write_file(files.private_key, text_of(key_text.get()), 0600); !r) return r.error();
    if (auto r = write_file(files.certificate, text_of(certificate_text.get()), 0644); !r) return r.error();
    files.made = true;
    return files;
}

} // namespace leerspoor::server::http
