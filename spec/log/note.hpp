// Ed25519 keys, signed notes (C2SP signed-note) and checkpoints (C2SP tlog-checkpoint).
#pragma once

#include "spec/log/merkle.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::spec {

// Who signs, and how their signatures are verified. Any thread.
struct VerifierKey {
    std::string name; // without blanks and "+"
    std::array<std::uint8_t, 32> bytes{};

    // "name+hash+key" in one line. Nothing when it is none.
    static std::optional<VerifierKey> parse(std::string_view text);
    std::string text() const;
    // The four bytes that signatures name it by.
    std::array<std::uint8_t, 4> hash() const;
    bool verifies(std::string_view text, std::string_view signature) const;
    bool operator==(const VerifierKey&) const = default;
};

class SigningKey {
  public:
    // From 32 random bytes. REQUIRES: a name without blanks and "+".
    SigningKey(std::string name, const std::array<std::uint8_t, 32>& seed);

    const VerifierKey& verifier() const { return verifier_; }
    // The note: the text, which ends with a line feed, and a line of signature.
    std::string signed_note(const std::string& text) const;

  private:
    std::array<std::uint8_t, 32> seed_;
    VerifierKey verifier_;
};

// The text of a note that one of the keys has signed. Nothing: none has, or it is no note.
std::optional<std::string> verified_text(std::string_view note, std::span<const VerifierKey> keys);

struct Checkpoint {
    std::string origin;
    std::uint64_t size = 0;
    Hash root{};

    // The text of its note.
    std::string text() const;
    // Lines after the root are let pass.
    static std::optional<Checkpoint> parse(std::string_view text);
    bool operator==(const Checkpoint&) const = default;
};

} // namespace leerspoor::spec
