#include "server/http/tls.hpp"

#include <array>
#include <fstream>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string>
#include <string_view>

namespace leerspoor::server::http {
namespace {

// Forward secrecy and authenticated encryption only; TLS 1.3 brings its own list.
constexpr const char* cipher_suites_tls12 = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr std::string_view session_context = "leerspoor";

Error unusable(std::string message) {
    return Error{"tls_unusable", "", std::move(message)};
}

std::string openssl_reason() {
    const unsigned long code = ERR_peek_last_error();
    ERR_clear_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    return reason == nullptr ? "unknown reason" : reason;
}

bool readable(const std::filesystem::path& file) {
    std::error_code ignored;
    return !std::filesystem::is_directory(file, ignored) && std::ifstream(file).good();
}

// A server cannot ask a person for the passphrase of an encrypted key.
int refuse_passphrase(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_length,
                    const unsigned char* offered, unsigned int offered_length, void*) {
    static constexpr std::array<unsigned char, 9> http11 = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* found = nullptr;
    if (SSL_select_next_proto(&found, chosen_length, http11.data(), http11.size(), offered, offered_length) !=
        OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

Result<void> load_certificate(SSL_CTX* context, const std::filesystem::path& file) {
    if (!readable(file)) {
        return unusable("The certificate file " + file.string() +
                        " cannot be read. Check the path and that this user may read it.");
    }
    if (SSL_CTX_use_certificate_chain_file(context, file.c_str()) != 1) {
        return unusable("The file " + file.string() + " holds no usable certificate (" + openssl_reason() +
                        "). It must be PEM: the server's certificate first, then the intermediate ones.");
    }
    return {};
}

Result<void> load_private_key(SSL_CTX* context, const std::filesystem::path& file) {
    if (!readable(file)) {
        return unusable("The private key file " + file.string() +
                        " cannot be read. Check the path and that this user may read it.");
    }
    bool asked = false;
    SSL_CTX_set_default_passwd_cb(context, refuse_passphrase);
    SSL_CTX_set_default_passwd_cb_userdata(context, &asked);
    const bool loaded = SSL_CTX_use_PrivateKey_file(context, file.c_str(), SSL_FILETYPE_PEM) == 1;
    SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
    if (loaded && SSL_CTX_check_private_key(context) == 1) return {};
    const unsigned long code = ERR_peek_last_error();
    const bool mismatch =
        ERR_GET_LIB(code) == ERR_LIB_X509 && (ERR_GET_REASON(code) == X509_R_KEY_VALUES_MISMATCH ||
                                              ERR_GET_REASON(code) == X509_R_KEY_TYPE_MISMATCH);
    const std::string reason = openssl_reason();
    if (asked) {
        return unusable("The private key in " + file.string() +
                        " is protected by a passphrase. Write it without one, readable by this user only: "
                        "openssl pkey -in OLD -out NEW.");
    }
    if (mismatch) {
        return unusable("The private key in " + file.string() +
                        " does not belong to the certificate. Give the key the certificate was made with.");
    }
    return unusable("The file " + file.string() + " holds no usable private key (" + reason +
                    "). It must be PEM, with a line -----BEGIN PRIVATE KEY-----.");
}

} // namespace

Result<TlsContext> make_tls_context(const std::filesystem::path& certificate,
                                    const std::filesystem::path& private_key) {
    ERR_clear_error();
    TlsContext context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    if (!context) return unusable("OpenSSL cannot start (" + openssl_reason() + "). Check its installation.");
    SSL_CTX* raw = context.get();
    SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
    if (SSL_CTX_set_cipher_list(raw, cipher_suites_tls12) != 1) {
        return unusable("OpenSSL knows none of the cipher suites for TLS 1.2 (" + openssl_reason() +
                        "). Check the system's OpenSSL configuration.");
    }
    SSL_CTX_set_options(raw, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                 SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                              SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(raw, 1);
    SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF); // tickets only: no state per client here
    SSL_CTX_set_num_tickets(raw, 1);
    SSL_CTX_set_session_id_context(raw, reinterpret_cast<const unsigned char*>(session_context.data()),
                                   session_context.size());
    SSL_CTX_set_alpn_select_cb(raw, choose_protocol, nullptr);
    if (auto loaded = load_certificate(raw, certificate); !loaded) return loaded.error();
    if (auto loaded = load_private_key(raw, private_key); !loaded) return loaded.error();
    return context;
}

} // namespace leerspoor::server::http
