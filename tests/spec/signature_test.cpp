// Signed statements (xAPI 1.0.3 Part Two 2.6): with a key and certificates that are made here.
#include "spec/signature.hpp"

#include "spec/base/base64.hpp"
#include "spec/base/freed.hpp"
#include "spec/base/json.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <vector>

namespace {

namespace json = boost::json;
using namespace leerspoor;
using namespace leerspoor::spec;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

const std::string statement_text =
    R"({"actor":{"mbox":"mailto:a@b.nl"},"verb":{"id":"http://v"},"object":{"id":"http://o"}})";

Key make_key() {
    return Key(EVP_RSA_gen(2048));
}

// The certificate of `key`, signed by `issuer`, as x5c has it.
std::string certificate_of(EVP_PKEY* key, EVP_PKEY* issuer) {
    const std::unique_ptr<X509, Freed<X509_free>> certificate(X509_new());
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key);
    REQUIRE(X509_sign(certificate.get(), issuer, EVP_sha256()) > 0);
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate.get(), &der);
    REQUIRE(size > 0);
    const auto text = base64url_encode({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    std::string padded;
    for (const char c : text) padded += c == '-' ? '+' : c == '_' ? '/' : c;
    while (padded.size() % 4 != 0) padded += '=';
    return padded;
}

std::string sign(EVP_PKEY* key, const EVP_MD* digest, const json::object& header,
                 const std::string& payload) {
    const auto text = base64url_encode(json::serialize(header)) + "." + base64url_encode(payload);
    const std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
    REQUIRE(EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key) == 1);
    std::vector<unsigned char> signature(512);
    std::size_t size = signature.size();
    REQUIRE(EVP_DigestSign(context.get(), signature.data(), &size,
                           reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1);
    return text + "." + base64url_encode({reinterpret_cast<const char*>(signature.data()), size});
}

std::string outcome(const std::string& jws, const std::string& statement = statement_text) {
    const auto checked = check_signature(jws, parse_json(statement)->get_object());
    return checked.has_value() ? "good" : checked.error().code;
}

} // namespace

TEST_CASE("A signature that the certificate's key made is good, with each of the three digests") {
    const auto key = make_key();
    const auto certificate = certificate_of(key.get(), key.get());
    CHECK(outcome(sign(key.get(), EVP_sha256(), {{"alg", "RS256"}, {"x5c", {certificate}}},
                       statement_text)) == "good");
    CHECK(outcome(sign(key.get(), EVP_sha384(), {{"alg", "RS384"}, {"x5c", {certificate}}},
                       statement_text)) == "good");
    CHECK(outcome(sign(key.get(), EVP_sha512(), {{"alg", "RS512"}, {"x5c", {certificate}}},
                       statement_text)) == "good");
    CHECK(outcome(sign(key.get(), EVP_sha256(), {{"alg", "RS256"}}, statement_text)) == "good");
}

TEST_CASE("A false signature is refused: of another key, of another digest, of other words") {
    const auto key = make_key();
    const auto other = make_key();
    const auto certificate = certificate_of(key.get(), key.get());
    const json::object header{{"alg", "RS256"}, {"x5c", {certificate}}};
    CHECK(outcome(sign(other.get(), EVP_sha256(), header, statement_text)) == "signature_invalid");
    CHECK(outcome(sign(key.get(), EVP_sha512(), header, statement_text)) == "signature_invalid");
    const auto good = sign(key.get(), EVP_sha256(), header, statement_text);
    const auto dot = good.rfind('.');
    auto payload = statement_text;
    payload.back() = ' '; // the same statement in other bytes
    payload += '}';
    const auto first = good.substr(0, good.find('.'));
    CHECK(outcome(first + "." + base64url_encode(payload) + good.substr(dot)) == "signature_invalid");
    auto damaged = good;
    damaged[dot + 10] = damaged[dot + 10] == 'A' ? 'B' : 'A';
    CHECK(outcome(damaged) == "signature_invalid");
}

TEST_CASE("A signature is of the statement that it comes with") {
    const auto key = make_key();
    const auto jws = sign(key.get(), EVP_sha256(), {{"alg", "RS256"}}, statement_text);
    CHECK(outcome(
              jws,
              R"({"actor":{"mbox":"mailto:b@b.nl"},"verb":{"id":"http://v"},"object":{"id":"http://o"}})") ==
          "signature_mismatch");
    CHECK(outcome(sign(key.get(), EVP_sha256(), {{"alg", "RS256"}}, R"({"actor":1})")) ==
          "signature_payload");
}

TEST_CASE("What is no signature, or of an algorithm that proves nothing, is refused") {
    const auto key = make_key();
    for (const auto* algorithm : {"none", "HS256", "ES256", "rs256", ""}) {
        INFO(algorithm);
        CHECK(outcome(sign(key.get(), EVP_sha256(), {{"alg", algorithm}}, statement_text)) ==
              "signature_algorithm");
    }
    CHECK(outcome(sign(key.get(), EVP_sha256(), {{"alg", "RS256"}, {"crit", {"b64"}}}, statement_text)) ==
          "signature_malformed");
    for (const auto* text : {"", ".", "..", "a.b", "a.b.c.d", "e30.e30.", "!.!.!"}) {
        INFO(text);
        CHECK(outcome(text) == "signature_malformed");
    }
}

TEST_CASE("Each certificate of a chain has signed the one before it") {
    const auto leaf = make_key();
    const auto issuer = make_key();
    const auto stranger = make_key();
    const auto signed_leaf = certificate_of(leaf.get(), issuer.get());
    const auto root = certificate_of(issuer.get(), issuer.get());
    const auto other_root = certificate_of(stranger.get(), stranger.get());
    const auto with = [&](const json::value& chain) {
        return outcome(sign(leaf.get(), EVP_sha256(), {{"alg", "RS256"}, {"x5c", chain}}, statement_text));
    };
    CHECK(with({signed_leaf, root}) == "good");
    CHECK(with({signed_leaf, other_root}) == "signature_certificate");
    CHECK(with({"AAAA"}) == "signature_certificate");
    CHECK(with(json::array{}) == "signature_certificate");
    CHECK(with("AAAA") == "signature_certificate");
    CHECK(with({root, signed_leaf}) != "good"); // the leaf's key comes first
}
