#include "spec/log/note.hpp"

#include "spec/base/base64.hpp"
#include "spec/base/sha2.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <openssl/evp.h>
#include <stdexcept>

namespace leerspoor::spec {
namespace {

constexpr char ed25519 = 1;                        // its number among signature types
constexpr std::string_view dash = "\xe2\x80\x94 "; // begins a signature
constexpr std::size_t hash_size = 4;
constexpr std::size_t signature_size = 64;

using Pkey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

std::string_view view(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void expect(bool done) {
    if (!done) throw std::runtime_error("OpenSSL cannot do Ed25519");
}

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= 200 && std::none_of(name.begin(), name.end(), [](char c) {
        return c == '+' || static_cast<unsigned char>(c) <= ' ';
    });
}

std::string_view take_line(std::string_view& text) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    return line;
}

} // namespace

std::array<std::uint8_t, 4> VerifierKey::hash() const {
    std::string named = name + '\n' + ed25519;
    named.append(view(bytes));
    const auto whole = sha256(named);
    return {whole[0], whole[1], whole[2], whole[3]};
}

std::string VerifierKey::text() const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = name + '+';
    for (const auto byte : hash()) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text + '+' + base64_encode(ed25519 + std::string(view(bytes)));
}

std::optional<VerifierKey> VerifierKey::parse(std::string_view text) {
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
    const auto first = text.find('+');
    const auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto key = base64_decode(text.substr(second + 1));
    VerifierKey made;
    made.name = text.substr(0, first);
    if (!is_name(made.name) || !key || key->size() != 1 + made.bytes.size() || key->front() != ed25519)
        return std::nullopt;
    std::copy(key->begin() + 1, key->end(), made.bytes.begin());
    if (made.text() != text) return std::nullopt;
    return made;
}

bool VerifierKey::verifies(std::string_view text, std::string_view signature) const {
    const Pkey key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes.data(), bytes.size()),
                   &EVP_PKEY_free);
    const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    if (!key || signature.size() != signature_size) return false;
    return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                            signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                            text.size()) == 1;
}

SigningKey::SigningKey(std::string name, const std::array<std::uint8_t, 32>& seed) : seed_(seed) {
    const Pkey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()),
                   &EVP_PKEY_free);
    std::size_t size = verifier_.bytes.size();
    expect(key && EVP_PKEY_get_raw_public_key(key.get(), verifier_.bytes.data(), &size) == 1);
    verifier_.name = std::move(name);
}

std::string SigningKey::signed_note(const std::string& text) const {
    const Pkey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed_.data(), seed_.size()),
                   &EVP_PKEY_free);
    const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::array<std::uint8_t, signature_size> signature{};
    std::size_t size = signature.size();
    expect(key && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
           EVP_DigestSign(context.get(), signature.data(), &size,
                          reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1);
    std::string signed_by(view(verifier_.hash()));
    signed_by.append(view(signature));
    return text + '\n' + std::string(dash) + verifier_.name + ' ' + base64_encode(signed_by) + '\n';
}

std::optional<std::string> verified_text(std::string_view note, std::span<const VerifierKey> keys) {
    const auto end = note.rfind("\n\n");
    if (end == std::string_view::npos || !note.ends_with('\n')) return std::nullopt;
    const auto text = note.substr(0, end + 1);
    for (auto rest = note.substr(end + 2); !rest.empty();) {
        auto line = take_line(rest);
        if (!line.starts_with(dash)) return std::nullopt;
        line.remove_prefix(dash.size());
        const auto blank = line.find(' ');
        if (blank == std::string_view::npos) return std::nullopt;
        const auto signature = base64_decode(line.substr(blank + 1));
        if (!signature || signature->size() < hash_size) return std::nullopt;
        for (const auto& key : keys) {
            if (key.name == line.substr(0, blank) && signature->substr(0, hash_size) == view(key.hash()) &&
                key.verifies(text, std::string_view(*signature).substr(hash_size)))
                return std::string(text);
        }
    }
    return std::nullopt;
}

std::string Checkpoint::text() const {
    return origin + '\n' + std::to_string(size) + '\n' + base64_encode(view(root)) + '\n';
}

std::optional<Checkpoint> Checkpoint::parse(std::string_view text) {
    Checkpoint made;
    made.origin = take_line(text);
    const auto size = take_line(text);
    const auto [end, problem] = std::from_chars(size.data(), size.data() + size.size(), made.size);
    const auto root = base64_decode(take_line(text));
    if (made.origin.empty() || size.empty() || problem != std::errc() || end != size.data() + size.size() ||
        !root || root->size() != made.root.size())
        return std::nullopt;
    if (size.size() > 1 && size.front() == '0') return std::nullopt;
    std::copy(root->begin(), root->end(), made.root.begin());
    return made;
}

} // namespace leerspoor::spec
