// Keys, notes and checkpoints; the first as the documentation of Go's package for notes has it.
#include "spec/log/note.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace leerspoor;
using namespace leerspoor::spec;

TEST_CASE("A note that another program signed is verified") {
    const auto key = VerifierKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    REQUIRE(key);
    const std::string text = "If you think cryptography is the answer to your problem,\n"
                             "then you don't know what your problem is.\n";
    const std::string note =
        text + "\n\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg"
               "KvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    CHECK(verified_text(note, std::vector{*key}) == text);
    CHECK_FALSE(verified_text(note, {}));
    for (std::size_t at = 0; at < note.size(); ++at) {
        auto changed = note;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        INFO(at);
        CHECK_FALSE(verified_text(changed, std::vector{*key}) == text);
        CHECK_FALSE(verified_text(note.substr(0, at), std::vector{*key}));
    }
}

TEST_CASE("A key in one line names itself") {
    const std::string text = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
    const auto key = VerifierKey::parse(text + "\n");
    REQUIRE(key);
    CHECK(key->text() == text);
    for (const auto* none : {"", "a", "a+b", "a+00000000+AAAA",
                             "sum.golang.org+033de0af+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
                             "other.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"})
        CHECK_FALSE(VerifierKey::parse(none));
}

TEST_CASE("What is signed is verified by the key that signed it and by no other") {
    std::array<std::uint8_t, 32> seed{};
    const SigningKey one("leerspoor/one", seed);
    seed[0] = 1;
    const SigningKey two("leerspoor/one", seed);
    Checkpoint checkpoint{.origin = "leerspoor/one", .size = 20852163, .root = empty_root()};
    const auto note = one.signed_note(checkpoint.text());
    CHECK(Checkpoint::parse(*verified_text(note, std::vector{two.verifier(), one.verifier()})) == checkpoint);
    CHECK_FALSE(verified_text(note, std::vector{two.verifier()}));
    CHECK(VerifierKey::parse(one.verifier().text()) == one.verifier());
}

TEST_CASE("A checkpoint is three lines, and what follows is let pass") {
    const auto text = Checkpoint{.origin = "o", .size = 7, .root = empty_root()}.text();
    CHECK(text == "o\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
    CHECK(Checkpoint::parse(text + "more\n")->size == 7);
    for (const auto* none :
         {"", "o\n", "o\n7\n", "o\n7\nAAAA\n", "o\n07\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
          "\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
          "o\n-7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"})
        CHECK_FALSE(Checkpoint::parse(none));
}
