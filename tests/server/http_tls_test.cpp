// TLS as clients see it, and what an operator is told about certificate files.
#include "tests/server/http_client.hpp"
#include "tests/server/http_running_server.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <memory>
#include <openssl/pem.h>
#include <openssl/x509.h>

using namespace leerspoor;
using namespace leerspoor::tests;

namespace {

std::string common_name(Client& client) {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(client.ssl()),
                                                                  X509_free);
    std::string name(64, '\0');
    const int length = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName,
                                                 name.data(), static_cast<int>(name.size()));
    name.resize(static_cast<std::size_t>(std::max(length, 0)));
    return name;
}

Result<std::unique_ptr<server::http::Server>> listen(const CertificateFiles& files, TestHandler& handler) {
    server::http::Options options;
    options.port = 0;
    options.threads = 1;
    options.certificate = files.certificate;
    options.private_key = files.private_key;
    return server::http::Server::listen(options, handler, handler.log());
}

std::string refusal(const CertificateFiles& files) {
    TestHandler handler;
    const auto listening = listen(files, handler);
    REQUIRE(listening.has_error());
    CHECK(listening.error().code == "tls_unusable");
    return listening.error().message;
}

} // namespace

TEST_CASE("TLS 1.2 and 1.3 are spoken, older versions are refused") {
    RunningServer running(true);
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsChoice choice;
        choice.max_version = version;
        Client client = Client::tls(running.port(), choice);
        REQUIRE(client.connected());
        CHECK(SSL_version(client.ssl()) == version);
        CHECK(client.get("/big").body.size() == 300'000);
        CHECK(client.get("/echo").status == 200);
    }
    for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
        TlsChoice choice;
        choice.max_version = version;
        CHECK_FALSE(Client::tls(running.port(), choice).connected());
    }
    CHECK(Client::tls(running.port()).get("/echo").status == 200);
}

TEST_CASE("large bodies go through TLS in both directions, pipelined too") {
    RunningServer running(true, {}, 2);
    Client client = Client::tls(running.port());
    const std::string body(500'000, 'x');
    const std::string request =
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
        body;
    client.send(request);
    CHECK(client.reply().body == body);
    std::string many;
    for (int number = 0; number < 100; ++number) many += "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n";
    client.send(many);
    for (int number = 0; number < 100; ++number) CHECK(client.reply().status == 200);
}

TEST_CASE("a client that speaks plain HTTP to a TLS port is told so") {
    RunningServer running(true);
    Client client = Client::plain(running.port());
    const Reply reply = client.get("/echo");
    CHECK(reply.status == 400);
    CHECK_THAT(reply.body, Catch::Contains("https://"));
    CHECK(client.closed_by_server());
}

TEST_CASE("http/1.1 is chosen among the protocols offered") {
    RunningServer running(true);
    TlsChoice choice;
    choice.protocols = "\x02h2\x08http/1.1";
    Client client = Client::tls(running.port(), choice);
    REQUIRE(client.connected());
    const unsigned char* chosen = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(client.ssl(), &chosen, &length);
    CHECK(std::string(reinterpret_cast<const char*>(chosen), length) == "http/1.1");
    choice.protocols = "\x02h2";
    CHECK_FALSE(Client::tls(running.port(), choice).connected());
}

TEST_CASE("a session is resumed") {
    RunningServer running(true);
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsChoice choice;
        choice.max_version = version;
        Client first = Client::tls(running.port(), choice);
        CHECK(first.get("/echo").status == 200); // the ticket of TLS 1.3 comes with the first answer
        const std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)> session(SSL_get1_session(first.ssl()),
                                                                                SSL_SESSION_free);
        choice.session = session.get();
        Client second = Client::tls(running.port(), choice);
        CHECK(SSL_session_reused(second.ssl()) == 1);
        CHECK(second.get("/echo").status == 200);
    }
}

TEST_CASE("a reloaded certificate is used for new connections and the old ones go on") {
    RunningServer running(true);
    Client old_one = Client::tls(running.port());
    CHECK(common_name(old_one) == "localhost");
    write_test_certificate(running.folder(), "renewed");
    const auto reloaded = running.server().reload_certificate();
    REQUIRE(reloaded.has_value());
    Client new_one = Client::tls(running.port());
    CHECK(common_name(new_one) == "renewed");
    CHECK(new_one.get("/echo").status == 200);
    CHECK(old_one.get("/echo").status == 200);
}

TEST_CASE("a certificate that cannot be used on reload leaves the old one in place") {
    RunningServer running(true);
    std::ofstream(running.folder() / "certificate.pem") << "broken";
    const auto reloaded = running.server().reload_certificate();
    REQUIRE(reloaded.has_error());
    CHECK(reloaded.error().code == "tls_unusable");
    Client client = Client::tls(running.port());
    CHECK(common_name(client) == "localhost");
    CHECK(client.get("/echo").status == 200);
}

TEST_CASE("what is wrong with certificate or key is said with the file's name and what to do") {
    const TestFolder folder;
    const CertificateFiles files = write_test_certificate(folder.path());
    SECTION("missing certificate") {
        std::filesystem::remove(files.certificate);
        CHECK_THAT(refusal(files), Catch::Contains("certificate.pem") && Catch::Contains("cannot be read"));
    }
    SECTION("a folder for a certificate") {
        CHECK_THAT(refusal({folder.path(), files.private_key}), Catch::Contains("cannot be read"));
    }
    SECTION("missing key") {
        std::filesystem::remove(files.private_key);
        CHECK_THAT(refusal(files), Catch::Contains("private_key.pem"));
    }
    SECTION("no certificate in the file") {
        CHECK_THAT(refusal({files.private_key, files.private_key}), Catch::Contains("no usable certificate"));
    }
    SECTION("no key in the file") {
        CHECK_THAT(refusal({files.certificate, files.certificate}), Catch::Contains("no usable private key"));
    }
    SECTION("another certificate's key") {
        const TestFolder other;
        const CertificateFiles others = write_test_certificate(other.path());
        CHECK_THAT(refusal({files.certificate, others.private_key}), Catch::Contains("does not belong"));
    }
    SECTION("a key with a passphrase") {
        const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
        const std::unique_ptr<std::FILE, decltype(&std::fclose)> file(
            std::fopen(files.private_key.c_str(), "wb"), std::fclose);
        PEM_write_PrivateKey(file.get(), key.get(), EVP_aes_128_cbc(), nullptr, 0, nullptr,
                             const_cast<char*>("secret"));
        std::fflush(file.get());
        CHECK_THAT(refusal(files), Catch::Contains("passphrase"));
    }
}

TEST_CASE("an address that cannot be used is refused with a sentence that says what to do") {
    TestHandler handler;
    server::http::Options options;
    options.tls = false;
    options.threads = 1;
    SECTION("no address") {
        options.address = "localhost";
        const auto listening = server::http::Server::listen(options, handler, handler.log());
        REQUIRE(listening.has_error());
        CHECK(listening.error().code == "address_unusable");
        CHECK_THAT(listening.error().message, Catch::Contains("127.0.0.1"));
    }
    SECTION("taken") {
        RunningServer running(false);
        options.port = running.port();
        const auto listening = server::http::Server::listen(options, handler, handler.log());
        REQUIRE(listening.has_error());
        CHECK(listening.error().code == "address_unusable");
        CHECK_THAT(listening.error().message, Catch::Contains("Another program"));
    }
}
