#include "spec/signature.hpp"

#include "spec/base/base64.hpp"
#include "spec/base/freed.hpp"
#include "spec/base/json.hpp"
#include "spec/equivalence.hpp"
#include "spec/validate.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace leerspoor::spec {

namespace {

namespace json = boost::json;

constexpr std::size_t max_chain = 16;

using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;

// What OpenSSL complains of here is told as an Error: its own queue of errors is left as it was.
class KeepErrorQueue {
  public:
    KeepErrorQueue() { ERR_set_mark(); }
    ~KeepErrorQueue() { ERR_pop_to_mark(); }
    KeepErrorQueue(const KeepErrorQueue&) = delete;
    KeepErrorQueue& operator=(const KeepErrorQueue&) = delete;
};

Error malformed(std::string message) {
    return {"signature_malformed", "", std::move(message)};
}

Error bad_certificate(std::string message) {
    return {"signature_certificate", "", std::move(message)};
}

// The parts of JWS Compact Serialization (RFC 7515 7.1).
struct Parts {
    std::string_view signed_text; // header and payload as they were signed
    json::object header;
    std::string payload;
    std::string signature;
};

Result<Parts> take_apart(std::string_view jws) {
    const Error shape =
        malformed("The signature must be a JSON Web Signature in compact serialization: header, "
                  "payload and signature in base64url, with dots between them.");
    const auto first = jws.find('.');
    const auto second = first == std::string_view::npos ? first : jws.find('.', first + 1);
    if (second == std::string_view::npos || jws.find('.', second + 1) != std::string_view::npos) return shape;
    const auto header = base64url_decode(jws.substr(0, first));
    auto payload = base64url_decode(jws.substr(first + 1, second - first - 1));
    auto signature = base64url_decode(jws.substr(second + 1));
    if (!header || !payload || !signature || signature->empty()) return shape;
    auto fields = parse_json(*header);
    if (!fields.has_value() || !fields->is_object()) {
        return malformed("The header of the signature must be a JSON object.");
    }
    if (fields->get_object().contains("crit")) {
        return malformed("The header of the signature must not have \"crit\": no extension is understood.");
    }
    return Parts{jws.substr(0, second), std::move(fields->get_object()), std::move(*payload),
                 std::move(*signature)};
}

const EVP_MD* digest_of(const json::object& header) {
    const auto* value = header.if_contains("alg");
    const auto* algorithm = value == nullptr ? nullptr : value->if_string();
    if (algorithm == nullptr) return nullptr;
    if (*algorithm == "RS256") return EVP_sha256();
    if (*algorithm == "RS384") return EVP_sha384();
    if (*algorithm == "RS512") return EVP_sha512();
    return nullptr;
}

// x5c (RFC 7515 4.1.6): base64, not base64url, of DER.
Result<std::vector<Certificate>> chain_of(const json::value& x5c) {
    const auto* list = x5c.if_array();
    if (list == nullptr || list->empty() || list->size() > max_chain) {
        return bad_certificate("x5c must be an array of 1 to 16 certificates.");
    }
    std::vector<Certificate> chain;
    for (const auto& entry : *list) {
        const auto* text = entry.if_string();
        const auto der = text == nullptr ? std::nullopt : base64_decode(*text);
        const Error unreadable = bad_certificate("Each certificate in x5c must be DER in base64.");
        if (!der) return unreadable;
        const auto* begin = reinterpret_cast<const unsigned char*>(der->data());
        const auto* at = begin;
        Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der->size())));
        if (!certificate || at != begin + der->size()) return unreadable;
        chain.push_back(std::move(certificate));
    }
    for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
        EVP_PKEY* issuer = X509_get0_pubkey(chain[i + 1].get());
        if (issuer == nullptr || X509_verify(chain[i].get(), issuer) != 1) {
            return bad_certificate("Each certificate in x5c must have signed the one before it.");
        }
    }
    return chain;
}

Result<void> verify(const Parts& parts, const EVP_MD* digest, X509* certificate) {
    EVP_PKEY* key = X509_get0_pubkey(certificate);
    if (key == nullptr || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) {
        return bad_certificate("The first certificate in x5c must hold an RSA key.");
    }
    const DigestContext context(EVP_MD_CTX_new());
    const auto* signature = reinterpret_cast<const unsigned char*>(parts.signature.data());
    const auto* text = reinterpret_cast<const unsigned char*>(parts.signed_text.data());
    if (!context || EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) != 1 ||
        EVP_DigestVerify(context.get(), signature, parts.signature.size(), text, parts.signed_text.size()) !=
            1) {
        return Error{"signature_invalid", "",
                     "The signature was not made with the key of the first certificate in x5c."};
    }
    return {};
}

bool is_signature(const json::value& attachment) {
    const auto* object = attachment.if_object();
    const auto* usage = object == nullptr ? nullptr : object->if_contains("usageType");
    return usage != nullptr && usage->is_string() && std::string_view(usage->get_string()) == signature_usage;
}

// As it was before it was signed: that is what the payload holds.
json::object unsigned_form(json::object statement) {
    auto* value = statement.if_contains("attachments");
    auto* list = value == nullptr ? nullptr : value->if_array();
    if (list == nullptr) return statement;
    for (auto at = list->begin(); at != list->end();) at = is_signature(*at) ? list->erase(at) : at + 1;
    if (list->empty()) statement.erase("attachments");
    return statement;
}

// Who signs need not know what the sender or the LRS adds.
void drop_what_one_lacks(std::string_view key, json::object& one, json::object& other) {
    if (one.contains(key) && other.contains(key)) return;
    one.erase(key);
    other.erase(key);
}

Result<void> compare(const std::string& payload, const json::object& statement) {
    const auto bad_payload = [](const Error& why) {
        return Error{"signature_payload", "",
                     "The payload of the signature must be a valid statement: " + why.message};
    };
    const auto parsed = parse_stored_json(payload);
    if (!parsed.has_value()) return bad_payload(parsed.error());
    const auto valid = validate_statement(*parsed, Version::v2_0_0);
    if (!valid.has_value() && !validate_statement(*parsed, Version::v1_0_3).has_value()) {
        return bad_payload(valid.error());
    }
    auto before = unsigned_form(parsed->get_object());
    auto now = unsigned_form(statement);
    for (const auto key : {"id", "timestamp"}) drop_what_one_lacks(key, before, now);
    if (!equivalent(before, now)) {
        return Error{"signature_mismatch", "", "The payload of the signature is not this statement."};
    }
    return {};
}

} // namespace

Result<void> check_signature(std::string_view jws, const json::object& statement) {
    if (jws.size() > max_signature_bytes) return malformed("The signature is too large.");
    const auto parts = take_apart(jws);
    if (!parts.has_value()) return parts.error();
    const EVP_MD* digest = digest_of(parts->header);
    if (digest == nullptr) {
        return Error{"signature_algorithm", "",
                     "The signature must be made with RS256, RS384 or RS512, as its header's \"alg\" says."};
    }
    auto compared = compare(parts->payload, statement);
    if (!compared.has_value()) return compared;
    const auto* x5c = parts->header.if_contains("x5c");
    if (x5c == nullptr) return {};
    const KeepErrorQueue kept;
    const auto chain = chain_of(*x5c);
    if (!chain.has_value()) return chain.error();
    return verify(*parts, digest, chain->front().get());
}

} // namespace leerspoor::spec
