#include "spec/base/sha2.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace leerspoor::spec;

std::string digest(unsigned bits, std::string_view bytes) {
    Sha2 sha2(bits);
    sha2.update(bytes);
    return sha2.finish();
}

} // namespace

TEST_CASE("The digests are those of FIPS 180's examples") {
    CHECK(digest(224, "abc") == "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7");
    CHECK(digest(256, "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(digest(384, "abc") == "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                                "8086072ba1e7cc2358baeca134c825a7");
    CHECK(digest(512, "abc") == "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                                "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    CHECK(digest(256, "") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("Bytes may come piece by piece") {
    Sha2 sha2(256);
    sha2.update("a");
    sha2.update("");
    sha2.update("bc");
    CHECK(sha2.finish() == digest(256, "abc"));
}

TEST_CASE("The length of a hexadecimal digest tells the kind of SHA-2") {
    for (const std::size_t digits : {56u, 64u, 96u, 128u}) {
        auto sha2 = Sha2::for_hex_length(digits);
        REQUIRE(sha2.has_value());
        CHECK(sha2->finish().size() == digits);
    }
    for (const std::size_t digits : {0u, 40u, 63u, 65u, 256u}) CHECK_FALSE(Sha2::for_hex_length(digits));
}
