#include "server/http/local_certificate.hpp"

#include "server/support/files.hpp"
#include "server/support/random.hpp"
#include "spec/base/base64.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <set>
#include <sys/stat.h>

using namespace leerspoor;

namespace {

std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

unsigned mode_of(const std::filesystem::path& path) {
    struct ::stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777u : 0;
}

const std::string content_names = "*.content.localhost";

} // namespace

TEST_CASE("The certificate made for this machine names it, and its key is the owner's alone") {
    const tests::TemporaryFolder folder;
    const auto made = server::http::local_certificate(folder.path() / "tls", content_names);
    REQUIRE(made.has_value());
    CHECK(made->made);
    CHECK(mode_of(made->private_key) == 0600u);
    CHECK(mode_of(folder.path() / "tls") == 0700u);

    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(made->certificate.c_str(), "r"),
                                                         std::fclose);
    REQUIRE(file);
    const std::unique_ptr<X509, void (*)(X509*)> certificate(
        PEM_read_X509(file.get(), nullptr, nullptr, nullptr), X509_free);
    REQUIRE(certificate);
    CHECK(X509_check_host(certificate.get(), "localhost", 0, 0, nullptr) == 1);
    CHECK(X509_check_host(certificate.get(), "abc.content.localhost", 0, 0, nullptr) == 1);
    CHECK(X509_check_ip_asc(certificate.get(), "127.0.0.1", 0) == 1);
    CHECK(X509_check_ip_asc(certificate.get(), "::1", 0) == 1);
    CHECK(X509_check_host(certificate.get(), "example.com", 0, 0, nullptr) == 0);
    CHECK(X509_check_ca(certificate.get()) == 0);
    CHECK(X509_verify(certificate.get(), X509_get0_pubkey(certificate.get())) == 1);
}

TEST_CASE("A certificate that is there is kept, one that cannot be read is made anew") {
    const tests::TemporaryFolder folder;
    const auto made = server::http::local_certificate(folder.path(), content_names);
    REQUIRE(made.has_value());
    const auto before = content_of(made->certificate);
    CHECK_FALSE(server::http::local_certificate(folder.path(), content_names)->made);
    CHECK(content_of(made->certificate) == before);
    CHECK(server::http::local_certificate(folder.path(), "*.other.example")->made); // lacks the names
    std::ofstream(made->certificate) << "nonsense";
    CHECK(server::http::local_certificate(folder.path(), content_names)->made);
    CHECK(content_of(made->certificate).starts_with("-----BEGIN CERTIFICATE-----"));
}

TEST_CASE("A file is written whole with the mode asked for, over an older one") {
    const tests::TemporaryFolder folder;
    const auto path = folder.path() / "port";
    const auto before = ::umask(077);
    CHECK(server::write_file(path, "1\n", 0644).has_value());
    CHECK(server::write_file(path, "23\n", 0644).has_value());
    ::umask(before);
    CHECK(content_of(path) == "23\n");
    CHECK(mode_of(path) == 0644u);
    CHECK(server::write_file(folder.path() / "nowhere" / "port", "1", 0644).error().code == "file_unusable");
}

TEST_CASE("Base64 is read strictly") {
    CHECK(spec::base64_decode("").value().empty());
    CHECK(spec::base64_decode("YTpi").value() == "a:b");
    CHECK(spec::base64_decode("YTo=").value() == "a:");
    CHECK(spec::base64_decode("YTo").value() == "a:");
    for (const std::string wrong : {"Y", "YQ=", "YTpi=", "YT o", "YTpi\n", "Y-_i", "YR==", "====", "YQ==="}) {
        INFO(wrong);
        CHECK_FALSE(spec::base64_decode(wrong).has_value());
    }
    const std::string bytes("\x00\xff\xfe\x01", 4);
    for (std::size_t length = 0; length <= bytes.size(); ++length) {
        const auto part = bytes.substr(0, length);
        CHECK(spec::base64url_decode(spec::base64url_encode(part)).value() == part);
    }
    CHECK_FALSE(spec::base64url_decode("AA==").has_value());
}

TEST_CASE("Random ids are version 4 UUIDs and do not come twice") {
    std::set<spec::Uuid> seen;
    for (int i = 0; i < 1000; ++i) {
        const auto id = server::random_uuid();
        CHECK(seen.insert(id).second);
        CHECK(spec::to_string(id)[14] == '4');
    }
}
